"""The rule of a destination, as a form says it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from swapboard.calls.verdict import tidy_tags
from swapboard.clock import SECOND, Millis
from swapboard.conversions.conversion import MOST_SECONDS, Rule
from swapboard.conversions.destinations.base import SettingField
from swapboard.conversions.event import Event
from swapboard.web.dashboard.amount import cents_of
from swapboard.web.dashboard.forms import Form
from swapboard.web.dashboard.translation import _


class FormFault(ValueError):
    """What was typed in cannot be; the words are for people."""


def read_rule(form: Form) -> Rule:
    """The rule. Raises FormFault."""
    try:
        return Rule(
            calls=form.one("calls") == "yes",
            forms=form.one("forms") == "yes",
            answered=form.one("answered") == "yes",
            least_talk_seconds=_whole(form.one("talk"), MOST_SECONDS, _("Write the least talk time in seconds.")),
            first_time_only=form.one("first") == "yes",
            qualified_only=form.one("qualified") == "yes",
            tags=tidy_tags(form.one("tags").split(",")),
            least_confidence=_percent(form.one("sure")),
            value_cents=_cents(form.one("value")),
            tag_cents=_tag_cents(form.one("tag_values")),
            events=tuple(event for event in Event if event in form.every("event")),
        )
    except ValueError as error:
        raise FormFault(str(error)) from None


def read_settings(form: Form, fields: Sequence[SettingField]) -> dict[str, str]:
    """What was filled in; an empty secret is left out: it is not shown to be typed again, and stays as it is."""
    given: dict[str, str] = {}
    for field in fields:
        name = f"setting-{field.name}"
        value = ", ".join(form.every(name)) if field.many else form.one(name)
        if value or not field.secret:
            given[field.name] = value
    return given


def read_span(form: Form, time_zone: str) -> tuple[Millis, Millis]:
    """A span of whole days, both in it, by the company's clock. Raises FormFault."""
    zone = ZoneInfo(time_zone)
    try:
        first, last = (date.fromisoformat(form.one(name)) for name in ("since", "until"))
    except ValueError:
        raise FormFault(_("Write both days as 2026-11-30.")) from None
    if last < first:
        raise FormFault(_("The last day is before the first."))
    since, until = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    return round(since.timestamp() * SECOND), round(until.timestamp() * SECOND)


def tag_lines(tag_cents: Mapping[str, int]) -> str:
    """The values of tags as the form shows them: `sale = 50.00`, a line each."""
    return "\n".join(f"{tag} = {cents // 100}.{cents % 100:02}" for tag, cents in tag_cents.items())


def _whole(text: str, most: int, words: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
        raise FormFault(words)
    return int(text)


def _percent(text: str) -> float:
    words = _("Write how sure the match must be as a whole number from 0 to 100.")
    return _whole(text.removesuffix("%").strip(), 100, words) / 100


def _cents(text: str) -> int | None:
    cents = cents_of(text)
    if text and cents is None:
        raise FormFault(_("Write an amount like 40 or 40.50."))
    return cents


def _tag_cents(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in filter(str.strip, text.splitlines()):
        tag, _sign, amount = line.rpartition("=")
        cents = cents_of(amount.strip())
        if not tag.strip() or cents is None:
            raise FormFault(_("Write each tag's value on a line of its own, like: sale = 50"))
        (name,) = tidy_tags([tag])
        found[name] = cents
    return found
