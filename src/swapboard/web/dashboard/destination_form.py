"""A destination as its form says it: settings, access, and the rule of what counts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request

from swapboard.access.grant import Grant
from swapboard.amount import cents_of, how_to_write, places_of, typed_amount, whole_of
from swapboard.calls.verdict import tidy_tags
from swapboard.clock import SECOND, Millis
from swapboard.conversions.conversion import MOST_SECONDS, Rule
from swapboard.conversions.destinations.base import DestinationKind
from swapboard.conversions.destinations.fields import SettingField
from swapboard.conversions.event import Event
from swapboard.conversions.store import DestinationRecord
from swapboard.switchboard.destination_access import NoAccess, chosen_grant
from swapboard.switchboard.destination_settings import check_events, made_for, sealed, to_show
from swapboard.switchboard.platform_sign_in import lent, without_access
from swapboard.switchboard.renewing import REFRESH
from swapboard.web.dashboard.forms import Form
from swapboard.web.dashboard.guard import exchange_of
from swapboard.web.dashboard.translation import _


class FormFault(ValueError):
    """What was typed in cannot be; the words are for people."""


def read_rule(form: Form, currency: str) -> Rule:
    """The rule. Raises FormFault."""
    places = places_of(currency)
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
            value_cents=_cents(form.one("value"), places),
            tag_cents=_tag_cents(form.one("tag_values"), places),
            events=tuple(event for event in Event if event in form.every("event")),
            is_dry_run=form.one("dry") == "yes",
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
        end = last + timedelta(days=1)
    except (ValueError, OverflowError):
        raise FormFault(_("Write both days as 2026-11-30.")) from None
    if last < first:
        raise FormFault(_("The last day is before the first."))
    since, until = (datetime.combine(day, time(), zone) for day in (first, end))
    return round(since.timestamp() * SECOND), round(until.timestamp() * SECOND)


def tag_lines(tag_cents: Mapping[str, int], currency: str) -> str:
    """The values of tags as the form shows them: `sale = 50.00`, a line each."""
    return "\n".join(f"{tag} = {typed_amount(cents, currency)}" for tag, cents in tag_cents.items())


def _whole(text: str, most: int, words: str) -> int:
    number = whole_of(text or "0", most)
    if number is None:
        raise FormFault(words)
    return number


def _percent(text: str) -> float:
    words = _("Write how sure the match must be as a whole number from 0 to 100.")
    return _whole(text.removesuffix("%").strip(), 100, words) / 100


def _cents(text: str, places: int) -> int | None:
    cents = cents_of(text, places)
    if text and cents is None:
        raise FormFault(how_to_write())
    return cents


def _tag_cents(text: str, places: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in filter(str.strip, text.splitlines()):
        tag, _sign, amount = line.rpartition("=")
        cents = cents_of(amount.strip(), places)
        if not tag.strip() or cents is None:
            raise FormFault(_("Write each tag's value on a line of its own, like: sale = 50"))
        (name,) = tidy_tags([tag])
        found[name] = cents
    return found


def filled(
    request: Request,
    record: DestinationRecord,
    kind: DestinationKind,
    form: Form,
    grants: Sequence[Grant],
    currency: str,
) -> tuple[DestinationRecord, Mapping[str, str]]:
    """The record as the form says, and the secrets that were made. Raises FormFault and SettingFault."""
    given, vault = read_settings(form, kind.fields), exchange_of(request).vault
    grant = _chosen(form, kind, grants)
    if grant:
        given |= lent(grant, kind, vault)
    made = made_for(kind, given, vault, record)
    settings, credentials = sealed(kind, {**given, **made}, vault, record)
    name, rule = form.one("name")[:200], read_rule(form, currency)
    if not name:
        raise FormFault(_("Give it a name."))
    check_events(kind, rule)
    has_left = record.grant_id is not None and grant is None and not given.get(REFRESH)
    whole = replace(
        record,
        name=name,
        settings=settings,
        credentials=credentials,
        rule=rule,
        is_on=form.one("on") == "yes",
        grant_id=grant.grant_id if grant else None,
    )
    return without_access(whole, vault) if has_left else whole, to_show(kind, made)


def _chosen(form: Form, kind: DestinationKind, grants: Sequence[Grant]) -> Grant | None:
    """The access that was chosen, if any. Raises FormFault."""
    try:
        return chosen_grant(grants, kind, form.one("grant")) if form.one("grant") else None
    except NoAccess as error:
        raise FormFault(str(error)) from None
