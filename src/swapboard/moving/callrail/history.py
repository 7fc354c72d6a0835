"""CallRail's calls, from its API or a CSV of its dashboard, as calls of the past."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from swapboard.calls.call import Status
from swapboard.clock import Millis
from swapboard.moving.call_history import (
    BadCall,
    PastCall,
    cents_of,
    channel_of,
    click_ids_of,
    number_of,
    seconds_of,
    true_of,
)
from swapboard.moving.call_times import day_order, moment_of

_NAMES: Mapping[str, Sequence[str]] = {
    "id": ("id", "call_id", "resource_id"),
    "start_time": ("start_time", "datetime", "date", "called_at", "created_at"),
    "tracking": ("tracking_phone_number", "tracking_number", "trackingnum", "called_number"),
    "destination": ("business_phone_number", "destination_number", "destinationnum", "business_number"),
    "caller": ("customer_phone_number", "phone_number", "callernum", "caller_number", "number"),
    "name": ("customer_name", "name", "callername", "caller_name"),
    "city": ("customer_city", "city", "callercity"),
    "state": ("customer_state", "state", "callerstate"),
    "duration": ("duration", "duration_seconds", "duration_in_seconds", "call_duration", "call_duration_seconds"),
    "status": ("call_status", "status", "call_type", "formatted_call_type"),
    "source": ("source", "source_name", "callsource", "formatted_tracking_source", "utm_source"),
    "medium": ("medium", "referrermedium", "utm_medium"),
    "campaign": ("campaign", "utm_campaign"),
    "keywords": ("keywords", "utm_term"),
    "landing_page": ("landing_page_url", "landing_page", "landingpage"),
    "referrer": ("referring_url", "referrer", "referrer_domain"),
    "value": ("value", "formatted_value"),
    "lead_status": ("lead_status", "qualified", "score", "lead_qualification"),
    "first": ("first_call", "first_time_caller"),
    "tags": ("tags", "tag"),
}
"""What people and their exports call a fact: the API's own name first, then its older one, then the CSV's."""

_WITHOUT: Mapping[str, str] = {
    "caller": "who called: every call is taken as one with a withheld number",
    "tracking": "which number was called: no call stands beside a number",
    "status": "whether a call was answered: every call is taken as missed",
    "duration": "how long a call took: every call is taken as one of no time",
}
"""What is not told where none of a fact's columns is there, and what comes of it."""
_STATUS_FLAGS = ("answered", "voicemail")

_GOOD = {"good_lead", "qualified", "good lead", "lead", "previously_marked_good_lead"}
_BAD = {"not_a_lead", "not qualified", "not a lead", "not_qualified"}


def past_calls(
    rows: Iterable[Mapping[str, Any]], country: str, zone: tzinfo, now: Millis
) -> tuple[list[PastCall], list[str]]:
    """The inbound calls among the rows; a note for each that cannot be read, and for what none of them tells."""
    found: list[PastCall] = []
    all_rows = list(rows)
    notes = _untold(all_rows)
    order = day_order((_told(row, "start_time") for row in all_rows), country)
    notes += order.notes
    for place, row in enumerate(all_rows, 1):
        if str(row.get("direction", "inbound")).casefold() not in {"inbound", ""}:
            continue
        try:
            found.append(_call(row, country, zone, now, order.month_first))
        except BadCall as error:
            notes.append(f"Call {place} ({_told(row, 'id') or 'without id'}) stays behind: {error}.")
    return found, notes


def _untold(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A note for each thing that no row can tell: a column that is missing, or has a name that nobody knows."""
    named = {name for row in rows for name in row}
    if not named:
        return []
    flags = {"status": _STATUS_FLAGS}
    return [
        f"No column tells {what}."
        for fact, what in _WITHOUT.items()
        if named.isdisjoint((*_NAMES[fact], *flags.get(fact, ())))
    ]


def _call(row: Mapping[str, Any], country: str, zone: tzinfo, now: Millis, month_first: bool) -> PastCall:
    started_at = moment_of(_told(row, "start_time"), zone, now, month_first)
    caller = number_of(_told(row, "caller"), country)
    tracking = number_of(_told(row, "tracking"), country)
    landing_page, referrer = _told(row, "landing_page"), _told(row, "referrer")
    return PastCall(
        # A CSV may have no ids: then who called where when is one.
        ref=_told(row, "id") or f"{started_at}-{caller or 'withheld'}-{tracking or ''}",
        started_at=started_at,
        tracking_number=tracking,
        destination=number_of(_told(row, "destination"), country),
        caller=caller,
        withheld=caller is None,
        status=_status(row),
        duration_seconds=seconds_of(_told(row, "duration")),
        caller_name=_told(row, "name") or None,
        caller_place=", ".join(filter(None, (_told(row, "city"), _told(row, "state")))) or None,
        first_time_caller=true_of(_told(row, "first")),
        channel=channel_of(row, landing_page, referrer),
        source=_told(row, "source") or None,
        medium=_told(row, "medium") or None,
        campaign=_told(row, "campaign") or None,
        keyword=_told(row, "keywords") or None,
        landing_page=landing_page or None,
        referrer=referrer or None,
        click_ids=click_ids_of(row),
        tags=_tags(row),
        value_cents=cents_of(_told(row, "value")),
        qualified=_qualified(_told(row, "lead_status")),
    )


def _told(row: Mapping[str, Any], fact: str) -> str:
    """The fact's text, under whichever of its names; empty for null, and for what is no single value."""
    for name in _NAMES[fact]:
        told = row.get(name)
        if told not in (None, "") and not isinstance(told, list | Mapping):
            return str(told).strip()
    return ""


def _status(row: Mapping[str, Any]) -> Status:
    """`answered` and `voicemail` are the API's; a CSV has a word, such as "Answered Call" or "Abandoned Call"."""
    if true_of(row.get("voicemail")):
        return Status.VOICEMAIL
    if "answered" in row and row["answered"] not in (None, ""):
        return Status.ANSWERED if true_of(row["answered"]) else Status.MISSED
    word = _told(row, "status").casefold()
    if "voicemail" in word:
        return Status.VOICEMAIL
    is_answered = "answered" in word and "unanswered" not in word and "not answered" not in word
    return Status.ANSWERED if is_answered else Status.MISSED


def _tags(row: Mapping[str, Any]) -> list[str]:
    """A list of names, of objects with a name, or one text with commas."""
    told: object = next((row[name] for name in _NAMES["tags"] if row.get(name)), "")
    each = told if isinstance(told, list) else str(told).split(",")
    names = [str((tag.get("name") if isinstance(tag, Mapping) else tag) or "") for tag in each]
    return [name.strip() for name in names if name.strip()]


def _qualified(word: str) -> bool | None:
    if word.casefold() in _GOOD:
        return True
    return False if word.casefold() in _BAD else None
