"""Numbers of the same kind as the one they stand for: toll-free for toll-free, else as near as can be had."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType, timezone

from swapboard.language import _
from swapboard.numbers.e164 import place

TOLL_FREE_CODES = {
    "US": ("800", "888", "877", "866", "855", "844", "833"),
    "CA": ("800", "888", "877", "866", "855", "844", "833"),
    "GB": ("800", "808"),
}
"""https://www.nanpa.com and Ofcom's numbering plan."""


class Kind(StrEnum):
    """What a number is to who dials it."""

    LOCAL = "local"
    TOLL_FREE = "toll_free"
    MOBILE = "mobile"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask a carrier for: the country (ISO 3166) and the area codes, best first; None for any area."""

    country: str
    area_codes: tuple[str | None, ...]


@lru_cache(maxsize=4096)
def kind_of(number: str) -> Kind:
    """The kind of a number (E.164), by Google's numbering plans; for +1, local is what could be mobile too."""
    return _KINDS.get(phonenumbers.number_type(phonenumbers.parse(number)), _by_code(number))


@lru_cache(maxsize=4096)
def country_of(number: str) -> str | None:
    """The country (ISO 3166) of a number; the main one for codes that several share and do not divide."""
    parsed = phonenumbers.parse(number)
    return phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(
        parsed.country_code or 0
    )


@lru_cache(maxsize=4096)
def area_code(number: str) -> str | None:
    """The area code without a leading nought, or a toll-free number's code; None where numbers have none."""
    parsed = phonenumbers.parse(number)
    digits = phonenumbers.national_significant_number(parsed)
    length = phonenumbers.length_of_geographical_area_code(parsed)
    if not length:
        length = 3 if number.startswith("+1") or kind_of(number) is Kind.TOLL_FREE else 0
    return digits[:length] or None


def in_e164(country: str, code: str | None) -> str | None:
    """An area code as people write it in their country (ISO 3166), as it stands in numbers.

    London's `020` is `20` there; Rome's `06` keeps its nought, which is no trunk prefix.
    """
    trunk = phonenumbers.ndd_prefix_for_region(country, True) or ""
    return code.removeprefix(trunk) if code and trunk.startswith("0") else code


def wanted_for(target: str) -> Wanted:
    """What to buy for a pool that stands in place of `target`."""
    country = country_of(target) or "US"
    own = area_code(target)
    if kind_of(target) is Kind.TOLL_FREE:
        codes = dict.fromkeys((own, *TOLL_FREE_CODES.get(country, ())))
        return Wanted(country, tuple(code for code in codes if code))
    return Wanted(country, (own, None) if own else (None,))


def nearest_first(target: str, offered: Iterable[str]) -> list[str]:
    """The numbers in the order in which they would do for the target."""
    return sorted(offered, key=lambda number: (distance(target, number), number))


def distance(target: str, number: str) -> tuple[int, ...]:
    """How far from the target a number is, by kind, country, area code, place, state, time zone; noughts are near.

    Areas beyond that are as far apart as their codes, which in many countries follow the map.
    """
    return (
        kind_of(target) is not kind_of(number),
        country_of(target) != country_of(number),
        _calling_code(target) != _calling_code(number),
        area_code(target) != area_code(number),
        place(target) != place(number),
        _state(target) != _state(number),
        not _zones(target) & _zones(number),
        abs(int(area_code(target) or 0) - int(area_code(number) or 0)),
    )


# Translated where they are shown.
NOT_TOLL_FREE, TOLL_FREE = _("not toll-free"), _("toll-free")
OTHER_COUNTRY, OTHER_AREA_CODE = _("another country"), _("another area code")


def mismatch(target: str, number: str) -> str | None:
    """What a caller would find odd about seeing the number in place of the target; None for a good match."""
    if kind_of(target) is Kind.TOLL_FREE and kind_of(number) is not Kind.TOLL_FREE:
        return NOT_TOLL_FREE
    if kind_of(number) is Kind.TOLL_FREE and kind_of(target) is not Kind.TOLL_FREE:
        return TOLL_FREE
    if country_of(target) != country_of(number):
        return OTHER_COUNTRY
    if kind_of(target) is Kind.LOCAL and area_code(target) != area_code(number):
        return OTHER_AREA_CODE
    return None


_KINDS = {
    PhoneNumberType.TOLL_FREE: Kind.TOLL_FREE,
    PhoneNumberType.FIXED_LINE: Kind.LOCAL,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: Kind.LOCAL,
    PhoneNumberType.MOBILE: Kind.MOBILE,
}


def _by_code(number: str) -> Kind:
    """Numbers that are in no plan, such as those set aside for examples, are known by their code."""
    if number.startswith("+1"):
        return Kind.TOLL_FREE if number[2:5] in TOLL_FREE_CODES["US"] else Kind.LOCAL
    return Kind.OTHER


@lru_cache(maxsize=4096)
def _calling_code(number: str) -> int | None:
    return phonenumbers.parse(number).country_code


def _state(number: str) -> str:
    """The last part of `New York, NY`, or the whole where there is but one."""
    return (place(number) or "").rpartition(", ")[2]


@lru_cache(maxsize=4096)
def _zones(number: str) -> frozenset[str]:
    return frozenset(timezone.time_zones_for_number(phonenumbers.parse(number)))
