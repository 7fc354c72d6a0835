"""A company's own past as traffic, so that it can be replayed with pools of other sizes.

Who really called is not known: a call counts as dialled by the visit that it was credited to, and as a stranger's
where it was credited to none. Beats are not kept; a page beat while its lease lasted.
"""

import heapq
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, select, union

from swapboard.attribution.ending import ending
from swapboard.attribution.hazard import BEAT
from swapboard.attribution.traffic import BeatLine, CallLine, CopyLine, Line, TapLine, VisitLine
from swapboard.clock import SECOND, Millis
from swapboard.storage.schema import calls, exhaustions, leases, numbers, sessions, visit_events

_AT_ONCE = 5_000


def own_traffic(
    connection: Connection, company_id: str, pool_id: str, since: Millis, now: Millis
) -> Iterator[Line]:
    """The visits that wanted a number of the pool, what their pages told, and its calls, ordered by time."""
    told = (
        _visits(connection, company_id, pool_id, since),
        _beats(connection, company_id, pool_id, since, now),
        _taps(connection, company_id, since),
        _calls(connection, company_id, pool_id, since),
    )
    return heapq.merge(*told, key=_time)


def _time(line: Line) -> float:
    return line.t


def _rows(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    return iter(connection.execute(query.execution_options(yield_per=_AT_ONCE)))


def _visits(connection: Connection, company_id: str, pool_id: str, since: Millis) -> Iterator[Line]:
    wanted = union(
        select(leases.c.session_id).where(leases.c.company_id == company_id, leases.c.pool_id == pool_id),
        select(exhaustions.c.session_id).where(
            exhaustions.c.company_id == company_id, exhaustions.c.pool_id == pool_id
        ),
    )
    query = (
        select(
            sessions.c.started_at,
            sessions.c.visitor_id,
            sessions.c.session_id,
            sessions.c.user_agent,
            sessions.c.time_zone,
        )
        .where(
            sessions.c.company_id == company_id,
            sessions.c.started_at >= since,
            sessions.c.session_id.in_(wanted),
        )
        .order_by(sessions.c.started_at, sessions.c.session_id)
    )
    for row in _rows(connection, query):
        yield VisitLine(
            row.started_at / SECOND,
            row.visitor_id,
            row.session_id,
            user_agent=row.user_agent,
            region=row.time_zone,
        )


class _Stay(NamedTuple):
    """A page that beats next at a moment, up to its last; then it leaves, or nothing more is heard of it."""

    at: Millis
    session_id: str
    last_at: Millis
    leaves: bool


def _beats(connection: Connection, company_id: str, pool_id: str, since: Millis, now: Millis) -> Iterator[Line]:
    query = (
        select(leases.c.session_id, leases.c.from_at, leases.c.until_at, leases.c.expires_at)
        .where(leases.c.company_id == company_id, leases.c.pool_id == pool_id, leases.c.from_at >= since)
        .order_by(leases.c.from_at, leases.c.session_id)
    )
    due: list[_Stay] = []
    for row in _rows(connection, query):
        yield from _until(due, row.from_at)
        end = ending(row.from_at, row.until_at, row.expires_at, now)
        leaves = end.left_at is not None
        if leaves or end.heard_at > row.from_at:
            first_at = min(row.from_at + BEAT, end.heard_at)
            heapq.heappush(due, _Stay(first_at, row.session_id, end.heard_at, leaves))
    yield from _until(due, None)


def _until(due: list[_Stay], until: Millis | None) -> Iterator[Line]:
    """The beats up to a moment; all of them for None."""
    while due and (until is None or due[0].at <= until):
        stay = heapq.heappop(due)
        is_last = stay.at >= stay.last_at
        yield BeatLine(stay.at / SECOND, stay.session_id, "gone" if is_last and stay.leaves else "visible")
        if not is_last:
            heapq.heappush(due, stay._replace(at=min(stay.at + BEAT, stay.last_at)))


def _taps(connection: Connection, company_id: str, since: Millis) -> Iterator[Line]:
    query = (
        select(visit_events.c.happened_at, visit_events.c.session_id, visit_events.c.kind)
        .where(
            visit_events.c.company_id == company_id,
            visit_events.c.kind.in_(("tap", "copy")),
            visit_events.c.happened_at >= since,
        )
        .order_by(visit_events.c.happened_at, visit_events.c.event_id)
    )
    for row in _rows(connection, query):
        kind = TapLine if row.kind == "tap" else CopyLine
        yield kind(row.happened_at / SECOND, row.session_id)


def _calls(connection: Connection, company_id: str, pool_id: str, since: Millis) -> Iterator[Line]:
    query = (
        select(calls.c.started_at, calls.c.call_id, calls.c.session_id, calls.c.caller_number)
        .join_from(
            calls,
            numbers,
            and_(numbers.c.company_id == calls.c.company_id, numbers.c.number_id == calls.c.number_id),
        )
        .where(calls.c.company_id == company_id, numbers.c.pool_id == pool_id, calls.c.started_at >= since)
        .where(calls.c.is_spam.is_(False))
        .order_by(calls.c.started_at, calls.c.call_id)
    )
    for row in _rows(connection, query):
        yield CallLine(row.started_at / SECOND, row.call_id, row.session_id, row.caller_number)
