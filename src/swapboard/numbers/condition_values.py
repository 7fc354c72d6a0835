"""Which values of a condition no visit could ever have, and what to write instead."""

import re
from collections.abc import Callable, Mapping, Sequence

from swapboard.language import _
from swapboard.numbers.conditions import ANY, DEVICES, NEW, NOT, RETURNING, Field, condition, glob
from swapboard.numbers.rule_hours import hours_in
from swapboard.visits.channel import CHANNELS
from swapboard.visits.place import is_country, some_zone

_LONGEST_PART = 3
"""Of a region's code behind its country's."""
_OF_ADDRESSES = re.compile(r"[/.:*]")


def fault_of(asked: Field, value: str) -> str | None:
    """What to write instead of a value that no visit could ever have; None when it may stand."""
    check = _CHECKS.get(asked)
    return check(value.removeprefix(NOT).casefold()) if check else None


def contradiction_of(asked: Field, values: Sequence[str]) -> str | None:
    """What to say of good values that exclude all that they ask for; None where something is left."""
    wanted = [value.casefold() for value in values if not value.startswith(NOT)]
    if asked is Field.HOUR:
        wanted = [str(hour) for value in wanted for hour in hours_in(value) or ()]
    read = condition(asked, values)
    if not wanted or not all(read.excludes([value]) for value in wanted):
        return None
    return _("This asks for something and excludes it, too: no visit fits.")


def _one_of(words: Sequence[str]) -> Callable[[str], str | None]:
    known = [word.casefold() for word in words]

    def check(value: str) -> str | None:
        fits = glob(value) if ANY in value else value.__eq__
        return None if any(map(fits, known)) else _("Write one of: %(all)s.") % {"all": ", ".join(words)}

    return check


def _check_hour(value: str) -> str | None:
    if hours_in(value) is not None:
        return None
    return _("Write an hour from 0 to 23, or from when until when: 8-18, or 22-6 over midnight.")


def _check_country(value: str) -> str | None:
    if value == ANY or is_country(value):
        return None
    return _("Write a country's two letters (ISO 3166), such as US or GB.")


def _check_region(value: str) -> str | None:
    country, dash, part = value.partition("-")
    is_code = bool(dash) and is_country(country) and 0 < len(part) <= _LONGEST_PART and part.isalnum()
    if is_code or some_zone(glob(value) if ANY in value else value.__eq__) or (ANY in value and "/" not in value):
        return None
    return _("Write a time zone (America/Chicago, Europe/*), or a region's code (ISO 3166-2), such as US-NY.")


def _may_be_address(value: str) -> bool:
    """A bare word never is, and a rule that asks for one fits no visit."""
    return value == "" or _OF_ADDRESSES.search(value) is not None


def _check_page(value: str) -> str | None:
    if _may_be_address(value):
        return None
    return _("Write a page like /drains or www.example.com/drains, or *drains* for any with it.")


def _check_referrer(value: str) -> str | None:
    return None if _may_be_address(value) else _("Write a website like google.com, or *google* for any with it.")


def _check_click_id(value: str) -> str | None:
    return _("Write the click id's name alone, such as gclid.") if "=" in value else None


_CHECKS: Mapping[Field, Callable[[str], str | None]] = {
    Field.CHANNEL: _one_of(CHANNELS),
    Field.DEVICE: _one_of(DEVICES),
    Field.VISITOR: _one_of((NEW, RETURNING)),
    Field.HOUR: _check_hour,
    Field.COUNTRY: _check_country,
    Field.REGION: _check_region,
    Field.LANDING_PAGE: _check_page,
    Field.REFERRER: _check_referrer,
    Field.CLICK_ID: _check_click_id,
}
