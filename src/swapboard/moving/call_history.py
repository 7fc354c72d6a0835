"""Calls that another service took, kept beside ours: what they have in common, and how they are written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, insert, select, update

from swapboard.amount import cents_of as amount_of
from swapboard.calls.call import Status
from swapboard.clock import DAY, SECOND, Millis
from swapboard.leads.lead import ContactKind
from swapboard.leads.past import Rung, join_calls
from swapboard.numbers.e164 import NotANumber, national, parse_number, place
from swapboard.storage.ids import new_id
from swapboard.storage.schema import calls, lead_contacts, numbers
from swapboard.visits.source import classify

IMPORTED = "imported"
_AT_ONCE = 500
_LONGEST_DURATION = 20
_LONGEST_SECONDS = 7 * DAY // SECOND
_CLICK_IDS = ("gclid", "gbraid", "wbraid", "msclkid", "fbclid")


class BadCall(ValueError):
    """A line that is no call; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call as another service told it. Numbers are E.164; what it did not tell is None or empty."""

    ref: str
    started_at: Millis
    tracking_number: str | None
    destination: str | None
    caller: str | None
    withheld: bool
    status: Status
    duration_seconds: int
    caller_name: str | None = None
    caller_place: str | None = None
    first_time_caller: bool = False
    channel: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    keyword: str | None = None
    landing_page: str | None = None
    referrer: str | None = None
    click_ids: Mapping[str, str] = field(default_factory=dict)
    tags: Sequence[str] = ()
    value_cents: int | None = None
    qualified: bool | None = None


def number_of(text: object, country: str) -> str | None:
    """The E.164 form; None for withheld numbers and what is none."""
    try:
        return parse_number(str(text), country) if text else None
    except NotANumber:
        return None


def seconds_of(text: object) -> int:
    """A duration: seconds, `1:03`, `1:02:09` or `1m 3s`; 0 for none. Raises BadCall."""
    cleaned = str(text if text is not None else "").strip()
    seconds = _seconds(cleaned) if len(cleaned) <= _LONGEST_DURATION else None
    if seconds is None or seconds > _LONGEST_SECONDS:
        raise BadCall(f"{cleaned[:_LONGEST_DURATION]!r} is no duration of a call")
    return seconds


def _seconds(cleaned: str) -> int:
    if not cleaned:
        return 0
    if ":" in cleaned and re.fullmatch(r"\d+(:\d+){1,2}", cleaned):
        total = 0
        for part in cleaned.split(":"):
            total = total * 60 + int(part)
        return total
    if found := re.fullmatch(r"(?:(\d+)h\s*)?(?:(\d+)m\s*)?(?:(\d+)s)?", cleaned):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return (hours * 60 + minutes) * 60 + seconds
    try:
        return max(0, round(float(cleaned)))
    except (ValueError, OverflowError):
        raise BadCall(f"{cleaned!r} is no duration") from None


def cents_of(text: object) -> int | None:
    """An amount of money: `120`, `120.50`, `$1,200.00`, `1.200,00 €`; None for none, or for too much."""
    return amount_of(re.sub(r"^[^\d-]+|\D+$", "", str(text if text is not None else "")))


def true_of(value: object) -> bool:
    """A yes as exports write it."""
    return str(value).strip().casefold() in {"true", "yes", "1", "y", "t"}


def click_ids_of(row: Mapping[str, Any]) -> dict[str, str]:
    """The click ids that a row names."""
    return {name: str(row[name]) for name in _CLICK_IDS if row.get(name)}


def channel_of(row: Mapping[str, Any], landing_page: str, referrer: str) -> str | None:
    """GA4's channel of a visit with this landing page and referrer; None when neither is known."""
    tags = {name: str(row[name]) for name in row if name.startswith("utm_") and row[name]}
    if not (landing_page or referrer or tags):
        return None
    url = landing_page if "//" in landing_page else f"https://{landing_page or 'unknown.invalid'}"
    missing = [f"{name}={value}" for name, value in tags.items() if name not in url]
    query = "&".join(missing)
    joined = f"{url}{'&' if urlsplit(url).query else '?'}{query}" if query else url
    return classify(joined, referrer).channel


def write_history(
    connection: Connection, company_id: str, origin: str, history: Iterable[PastCall], now: Millis
) -> int:
    """Write the calls that are not there yet, under the origin's name; tells how many.

    Their callers are people from then on, as those of our own calls are.
    """
    known = _known(connection, company_id, origin)
    owned = _owned(connection, company_id)
    rows = []
    for call in sorted(history, key=lambda each: each.started_at):
        if call.ref not in known:
            known.add(call.ref)
            rows.append(_row(company_id, origin, call, owned.get(call.tracking_number or ""), now))
    for start in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(calls), rows[start : start + _AT_ONCE])
    if rows:
        _forget_firsts(connection, company_id)
    join_calls(connection, company_id, _nobodys(connection, company_id, origin), now)
    return len(rows)


def not_here(connection: Connection, company_id: str, history: Sequence[PastCall]) -> Sequence[PastCall]:
    """Those that are not the company's own calls under the same name: what it exported itself is no past."""
    own = set(connection.scalars(select(calls.c.call_id).where(calls.c.company_id == company_id)))
    return [call for call in history if call.ref not in own]


def _forget_firsts(connection: Connection, company_id: str) -> None:
    """A call before which its caller is known to have called now, here or there, is no first one."""
    earlier = calls.alias("earlier")
    before = select(earlier.c.call_id).where(
        earlier.c.company_id == company_id,
        earlier.c.caller_number == calls.c.caller_number,
        earlier.c.started_at < calls.c.started_at,
        earlier.c.is_spam.is_(False),
    )
    later = calls.c.company_id == company_id, calls.c.first_time_caller, before.exists()
    connection.execute(update(calls).where(*later).values(first_time_caller=False))


def _nobodys(connection: Connection, company_id: str, origin: str) -> list[Rung]:
    """Also those that came in before callers of the past were people."""
    whose = select(lead_contacts.c.contact_id).where(
        lead_contacts.c.company_id == company_id,
        lead_contacts.c.kind == ContactKind.CALL,
        lead_contacts.c.contact_id == calls.c.call_id,
    )
    query = select(calls.c.call_id, calls.c.started_at, calls.c.caller_number).where(
        calls.c.company_id == company_id,
        calls.c.carrier_id == origin,
        calls.c.is_spam.is_(False),
        ~whose.exists(),
    )
    return [Rung(row.call_id, row.started_at, row.caller_number) for row in connection.execute(query)]


def _known(connection: Connection, company_id: str, origin: str) -> set[str]:
    query = select(calls.c.call_ref).where(calls.c.company_id == company_id, calls.c.carrier_id == origin)
    return set(connection.execute(query).scalars())


def _owned(connection: Connection, company_id: str) -> dict[str, str]:
    query = select(numbers.c.number, numbers.c.number_id).where(
        numbers.c.company_id == company_id, numbers.c.released_at.is_(None)
    )
    return {row.number: row.number_id for row in connection.execute(query)}


def _row(company_id: str, origin: str, call: PastCall, number_id: str | None, now: Millis) -> dict[str, object]:
    talked = call.duration_seconds if call.status is Status.ANSWERED else 0
    return {
        "company_id": company_id,
        # Ids sort by age: a call of the past has its place before ours.
        "call_id": new_id(min(call.started_at, now)),
        "carrier_id": origin,
        "call_ref": call.ref,
        "number_id": number_id,
        "tracking_number": call.tracking_number,
        "destination": call.destination,
        "caller_number": call.caller,
        "caller_withheld": call.withheld,
        "caller_name": call.caller_name,
        "caller_place": call.caller_place or (place(call.caller) if call.caller else None),
        "status": call.status.value,
        "started_at": call.started_at,
        "answered_at": call.started_at if talked else None,
        "ended_at": call.started_at + call.duration_seconds * SECOND,
        "ring_seconds": None,
        "talk_seconds": talked,
        "first_time_caller": call.first_time_caller,
        "tags": [*dict.fromkeys((*call.tags, IMPORTED))],
        "attribution_kind": "unknown",
        "confidence": None,
        "channel": call.channel,
        "source": call.source,
        "medium": call.medium,
        "campaign": call.campaign,
        "keyword": call.keyword,
        "landing_page": call.landing_page,
        "referrer": call.referrer,
        "click_ids": dict(call.click_ids),
        "search_text": _search_text(call),
        "value_cents": call.value_cents,
        "qualified": call.qualified,
    }


def _search_text(call: PastCall) -> str:
    told = [each for each in (call.caller, call.tracking_number, call.destination) if each]
    words = (
        *told,
        *(national(number) for number in told),
        call.caller_name,
        call.caller_place,
        call.channel,
        call.source,
        call.medium,
        call.campaign,
        call.keyword,
        call.landing_page,
        *call.click_ids.values(),
    )
    return " ".join(word for word in words if word).lower()
