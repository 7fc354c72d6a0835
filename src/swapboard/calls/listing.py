"""Calls as people look at them: the list with its filters, and one call with its legs and candidates."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select

from swapboard.calls.call import GOES_ON, Leg, LegStatus, Status
from swapboard.calls.search import mentions
from swapboard.calls.spam_store import SpamState, state_from
from swapboard.clock import Millis
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import call_candidates, call_legs, calls, sessions, transcript_words


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which calls to list; a call must meet everything that is not None. `channel` and such are matched whole."""

    from_at: Millis | None = None
    """The first instant of the period."""
    until_at: Millis | None = None
    """The first instant after the period."""
    status: Status | None = None
    channel: str | None = None
    campaign: str | None = None
    tracking_number: str | None = None
    """E.164."""
    caller: str | None = None
    """E.164."""
    session_id: str | None = None
    spam: bool | None = None
    text: str | None = None
    """Free words, all of which must occur; a phone number may be written in any way (`calls/search.py`)."""
    said: tuple[tuple[int, ...], ...] = ()
    """For each word that was said in the call, the hashes of its forms (`recordings/sealing.py`)."""
    country: str | None = None
    """ISO 3166; reads phone numbers in `text` that are written without a country code."""


EVERY_CALL = CallFilter()


@dataclass(frozen=True, slots=True)
class CandidateRecord:
    """A session that may have made the call; what its visit was is None where the session was forgotten."""

    session_id: str
    rank: int
    probability: float
    because: str
    started_at: Millis | None
    channel: str | None
    source: str | None
    medium: str | None
    campaign: str | None
    keyword: str | None


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call with all that is known of it; numbers are E.164."""

    call_id: str
    company_id: str
    carrier_id: str
    call_ref: str
    """The carrier's own name for the call."""
    number_id: str | None
    tracking_number: str | None
    destination: str | None
    caller_number: str | None
    """None when withheld."""
    caller_withheld: bool
    caller_name: str | None
    caller_place: str | None
    status: Status
    started_at: Millis
    answered_at: Millis | None
    ended_at: Millis | None
    """None while it goes on, and when it is over but we never heard its end."""
    ring_seconds: int | None
    talk_seconds: int | None
    greeting_seconds: int | None
    voicemail_seconds: int | None
    recording_ref: str | None
    """The carrier's own name for the recording of the talk or the message."""
    path: tuple[str, ...]
    """The steps of the flow that the call went through."""
    first_time_caller: bool
    spam: SpamState
    tags: tuple[str, ...]
    value_cents: int | None
    qualified: bool | None
    attribution_kind: str
    """`session`, `static` or `unknown`."""
    confidence: float | None
    session_id: str | None
    visitor_id: str | None
    channel: str | None
    source: str | None
    medium: str | None
    campaign: str | None
    keyword: str | None
    landing_page: str | None
    referrer: str | None
    click_ids: Mapping[str, str]
    legs: tuple[Leg, ...]
    candidates: tuple[CandidateRecord, ...]
    """Most probable first."""

    @property
    def is_spam(self) -> bool:
        return self.spam.is_spam

    @property
    def end_unheard(self) -> bool:
        """True when it is over, but nobody told us how and when it ended."""
        return self.ended_at is None and self.is_over

    @property
    def is_over(self) -> bool:
        """True also where nobody told us of its end."""
        return self.status not in GOES_ON


def list_calls(
    connection: Connection,
    company_id: str,
    wanted: CallFilter = EVERY_CALL,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[CallRecord]:
    """A page of the company's calls, newest first. Raises BadCursor."""
    query = select(calls).where(calls.c.company_id == company_id, *_conditions(company_id, wanted))
    ordered = after(query, calls.c.started_at, calls.c.call_id, limit, cursor, newest_first=True)
    page = page_of(connection.execute(ordered).all(), limit, _key)
    return Page(_records(connection, company_id, page.rows), page.next_cursor)


def call_by_id(connection: Connection, company_id: str, call_id: str) -> CallRecord | None:
    """The call, or None."""
    query = select(calls).where(calls.c.company_id == company_id, calls.c.call_id == call_id)
    found = _records(connection, company_id, connection.execute(query).all())
    return found[0] if found else None


def calls_by_id(connection: Connection, company_id: str, call_ids: Sequence[str]) -> tuple[CallRecord, ...]:
    """Those of the calls that are the company's, newest first."""
    query = select(calls).where(calls.c.company_id == company_id, calls.c.call_id.in_(call_ids))
    rows = connection.execute(query.order_by(calls.c.started_at.desc(), calls.c.call_id.desc())).all()
    return _records(connection, company_id, rows)


def call_by_ref(connection: Connection, company_id: str, call_ref: str) -> CallRecord | None:
    """The latest call that a carrier calls so, or None."""
    query = select(calls).where(calls.c.company_id == company_id, calls.c.call_ref == call_ref)
    rows = connection.execute(query.order_by(calls.c.started_at.desc()).limit(1)).all()
    found = _records(connection, company_id, rows)
    return found[0] if found else None


def _conditions(company_id: str, wanted: CallFilter) -> list[ColumnElement[bool]]:
    exact = {
        calls.c.status: wanted.status,
        calls.c.channel: wanted.channel,
        calls.c.campaign: wanted.campaign,
        calls.c.tracking_number: wanted.tracking_number,
        calls.c.caller_number: wanted.caller,
        calls.c.session_id: wanted.session_id,
        calls.c.is_spam: wanted.spam,
    }
    conditions = [column == value for column, value in exact.items() if value is not None]
    if wanted.from_at is not None:
        conditions.append(calls.c.started_at >= wanted.from_at)
    if wanted.until_at is not None:
        conditions.append(calls.c.started_at < wanted.until_at)
    conditions += [calls.c.call_id.in_(_said(company_id, tokens)) for tokens in wanted.said]
    return [*conditions, *mentions(calls.c.search_text, wanted.text or "", wanted.country)]


def _said(company_id: str, tokens: Sequence[int]) -> Select[tuple[str]]:
    return select(transcript_words.c.call_id).where(
        transcript_words.c.company_id == company_id, transcript_words.c.token.in_(tokens)
    )


def _key(row: Row[*tuple[Any, ...]]) -> Key:
    return Key(row.started_at, row.call_id)


def _records(
    connection: Connection, company_id: str, rows: Sequence[Row[*tuple[Any, ...]]]
) -> tuple[CallRecord, ...]:
    call_ids = [row.call_id for row in rows]
    legs = _legs(connection, company_id, call_ids)
    candidates = _candidates(connection, company_id, call_ids)
    return tuple(_record(row, legs.get(row.call_id, ()), candidates.get(row.call_id, ())) for row in rows)


def _legs(connection: Connection, company_id: str, call_ids: Sequence[str]) -> Mapping[str, Sequence[Leg]]:
    found: dict[str, list[Leg]] = defaultdict(list)
    query = select(call_legs).where(call_legs.c.company_id == company_id, call_legs.c.call_id.in_(call_ids))
    for row in connection.execute(query.order_by(call_legs.c.started_at, call_legs.c.leg_ref)):
        status = LegStatus(row.status)
        found[row.call_id].append(
            Leg(row.leg_ref, row.number, status, row.started_at, row.answered_at, row.ended_at)
        )
    return found


def _candidates(
    connection: Connection, company_id: str, call_ids: Sequence[str]
) -> Mapping[str, Sequence[CandidateRecord]]:
    found: dict[str, list[CandidateRecord]] = defaultdict(list)
    table = call_candidates
    query = (
        select(
            table.c.call_id,
            table.c.session_id,
            table.c.rank,
            table.c.probability,
            table.c.because,
            sessions.c.started_at,
            sessions.c.channel,
            sessions.c.source,
            sessions.c.medium,
            sessions.c.campaign,
            sessions.c.term,
        )
        .join_from(
            table,
            sessions,
            and_(sessions.c.company_id == table.c.company_id, sessions.c.session_id == table.c.session_id),
            isouter=True,
        )
        .where(table.c.company_id == company_id, table.c.call_id.in_(call_ids))
        .order_by(table.c.rank)
    )
    for call_id, *facts in connection.execute(query):
        found[call_id].append(CandidateRecord(*facts))
    return found


def _record(row: Row[*tuple[Any, ...]], legs: Sequence[Leg], candidates: Sequence[CandidateRecord]) -> CallRecord:
    return CallRecord(
        call_id=row.call_id,
        company_id=row.company_id,
        carrier_id=row.carrier_id,
        call_ref=row.call_ref,
        number_id=row.number_id,
        tracking_number=row.tracking_number,
        destination=row.destination,
        caller_number=row.caller_number,
        caller_withheld=row.caller_withheld,
        caller_name=row.caller_name,
        caller_place=row.caller_place,
        status=Status(row.status),
        started_at=row.started_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        ring_seconds=row.ring_seconds,
        talk_seconds=row.talk_seconds,
        greeting_seconds=row.greeting_seconds,
        voicemail_seconds=row.voicemail_seconds,
        recording_ref=row.recording_ref,
        path=tuple(row.flow_path or ()),
        first_time_caller=row.first_time_caller,
        spam=state_from(row),
        tags=tuple(row.tags),
        value_cents=row.value_cents,
        qualified=row.qualified,
        attribution_kind=row.attribution_kind,
        confidence=row.confidence,
        session_id=row.session_id,
        visitor_id=row.visitor_id,
        channel=row.channel,
        source=row.source,
        medium=row.medium,
        campaign=row.campaign,
        keyword=row.keyword,
        landing_page=row.landing_page,
        referrer=row.referrer,
        click_ids=row.click_ids,
        legs=tuple(legs),
        candidates=tuple(candidates),
    )
