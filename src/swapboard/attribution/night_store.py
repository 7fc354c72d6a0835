"""What is read of a company's last ninety days to learn from, and the version of the curve that is written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import add
from sys import intern
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, exists, func, select, union_all

from swapboard.attribution.heard import Heard, heard_of
from swapboard.attribution.holder import CALLED
from swapboard.attribution.hours import HOURS, time_by_hour
from swapboard.attribution.known_callers import may_have_called
from swapboard.attribution.learned import Evidence, evidence_from_json
from swapboard.clock import DAY, HOUR, Millis
from swapboard.storage.insert import insert_into
from swapboard.storage.schema import (
    call_evidence,
    calls,
    curves,
    exhaustions,
    leases,
    numbers,
    sessions,
    visit_events,
)

_AT_ONCE = 5_000
_CALLS_AT_ONCE = 500
_OF_CALL = and_(calls.c.company_id == call_evidence.c.company_id, calls.c.call_id == call_evidence.c.call_id)


class Last(NamedTuple):
    """When a version was learned, and from how many calls."""

    learned_at: Millis = 0
    calls: int = 0


def last_learned(connection: Connection, company_id: str) -> Last:
    """Of the latest version."""
    query = (
        select(curves.c.learned_at, curves.c.calls)
        .where(curves.c.company_id == company_id)
        .order_by(curves.c.version.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return Last(row.learned_at, row.calls) if row else Last()


def has_new_calls(connection: Connection, company_id: str, after: Millis, many: int) -> bool:
    """Whether so many calls that can be learned from came later than that."""
    query = (
        select(call_evidence.c.call_id)
        .join_from(call_evidence, calls, _OF_CALL)
        .where(call_evidence.c.company_id == company_id, call_evidence.c.happened_at > after)
        .where(calls.c.is_spam.is_(False))
        .order_by(call_evidence.c.happened_at)
        .offset(many - 1)
        .limit(1)
    )
    return connection.execute(query).one_or_none() is not None


def latest_since(connection: Connection, company_id: str, since: Millis, most: int) -> Millis:
    """Since when there were so many calls at most."""
    query = (
        select(call_evidence.c.happened_at)
        .where(call_evidence.c.company_id == company_id, call_evidence.c.happened_at >= since)
        .order_by(call_evidence.c.happened_at.desc())
        .offset(most)
        .limit(1)
    )
    too_early = connection.execute(query).scalar_one_or_none()
    return since if too_early is None else too_early + 1


def how_many_callers(connection: Connection, company_id: str, since: Millis) -> int:
    """How many called with their numbers since then, each counted once."""
    query = select(func.count(calls.c.caller_number.distinct())).where(
        calls.c.company_id == company_id, calls.c.started_at >= since, calls.c.is_spam.is_(False)
    )
    return connection.execute(query).scalar_one()


def heard_since(connection: Connection, company_id: str, since: Millis) -> Iterator[Heard]:
    """The calls with the evidence that was kept when they ended, in their order."""
    query = (
        select(calls.c.caller_number, call_evidence.c.happened_at, call_evidence.c.evidence)
        .join_from(call_evidence, calls, _OF_CALL)
        .where(call_evidence.c.company_id == company_id, call_evidence.c.happened_at >= since)
        .where(calls.c.is_spam.is_(False))
        .order_by(call_evidence.c.happened_at, call_evidence.c.call_id)
        .execution_options(yield_per=_CALLS_AT_ONCE)
    )
    for rows in connection.execute(query).partitions():
        evidence = [evidence_from_json(row.evidence, row.happened_at) for row in rows]
        visits = _visits(connection, company_id, {name for each in evidence for name, *_ in each.candidates})
        regions = {session_id: intern(visit.time_zone) for session_id, visit in visits.items()}
        callers = may_have_called(connection, company_id, {row.caller_number for row in rows if row.caller_number})
        for row, each in zip(rows, evidence, strict=True):
            yield heard_of(
                row.caller_number, each, regions, _acquainted(each, visits, callers.get(row.caller_number))
            )


def _acquainted(
    evidence: Evidence, visits: Mapping[str, Row[*tuple[Any, ...]]], first_calls: Mapping[str, Millis] | None
) -> set[str]:
    """The candidates whose visitor may have called from this number before."""
    if not first_calls:
        return set()
    named = [session_id for session_id, *_ in evidence.candidates if session_id in visits]
    return {each for each in named if first_calls.get(visits[each].visitor_id, evidence.at) < evidence.at}


def _visits(connection: Connection, company_id: str, session_ids: set[str]) -> dict[str, Row[*tuple[Any, ...]]]:
    found: dict[str, Row[*tuple[Any, ...]]] = {}
    ids = sorted(session_ids)
    for begin in range(0, len(ids), _AT_ONCE):
        query = select(sessions.c.session_id, sessions.c.visitor_id, sessions.c.time_zone).where(
            sessions.c.company_id == company_id, sessions.c.session_id.in_(ids[begin : begin + _AT_ONCE])
        )
        found.update((row.session_id, row) for row in connection.execute(query))
    return found


def taps_since(connection: Connection, company_id: str, since: Millis) -> Mapping[str, Sequence[Millis]]:
    """When the number was tapped or copied, by session."""
    taps = defaultdict(list)
    for row in connection.execute(
        select(visit_events.c.session_id, visit_events.c.happened_at)
        .where(
            visit_events.c.company_id == company_id,
            visit_events.c.kind.in_(("tap", "copy")),
            visit_events.c.happened_at >= since,
        )
        .order_by(visit_events.c.happened_at)
    ):
        taps[row.session_id].append(row.happened_at)
    return taps


def callers_since(connection: Connection, company_id: str, since: Millis) -> dict[str, tuple[Millis, float]]:
    """By session that probably called: when it did first, and how far that is believed."""
    rows = connection.execute(
        select(calls.c.session_id, calls.c.started_at, calls.c.confidence)
        .where(
            calls.c.company_id == company_id,
            calls.c.started_at >= since,
            calls.c.confidence > CALLED,
            calls.c.is_spam.is_(False),
        )
        .order_by(calls.c.started_at.desc(), calls.c.call_id.desc())
    )
    # The first of each is kept, since it comes last.
    return {row.session_id: (row.started_at, row.confidence) for row in rows}


def leases_since(connection: Connection, company_id: str, since: Millis) -> Iterable[Row[*tuple[Any, ...]]]:
    """Each lease with what is counted of its session; a session's own of one target follow each other."""
    theirs = leases.c.session_id, leases.c.target_id, leases.c.from_at
    of_session = sessions.c.visitor_id, sessions.c.started_at, sessions.c.device, sessions.c.is_returning
    return connection.execute(
        select(*theirs, leases.c.until_at, leases.c.expires_at, *of_session)
        .join_from(
            leases,
            sessions,
            and_(sessions.c.company_id == leases.c.company_id, sessions.c.session_id == leases.c.session_id),
        )
        .where(leases.c.company_id == company_id, leases.c.from_at >= since)
        # As the primary key has them: nothing is sorted.
        .order_by(*theirs)
        .execution_options(yield_per=_AT_ONCE)
    )


def visits_by_hour(connection: Connection, company_id: str, since: Millis) -> tuple[list[float], Millis | None]:
    """How many visits wanted a number, by the hour of the day at which they did first; and when the first did.

    Each counts once, as in a replay: it may have several targets, come back, or find a number after none was free.
    """
    wanted = union_all(_shown(company_id, since), _numberless(company_id, since)).subquery()
    hour = (wanted.c.came_at % DAY - wanted.c.came_at % HOUR).label("hour")
    query = select(hour, func.count().label("visits"), func.min(wanted.c.came_at).label("first_at"))
    came, first_at = [0.0] * HOURS, None
    for row in connection.execute(query.group_by(hour)):
        came[row.hour // HOUR] = float(row.visits)
        first_at = row.first_at if first_at is None else min(first_at, row.first_at)
    return came, first_at


def _shown(company_id: str, since: Millis) -> Select[tuple[Millis]]:
    return (
        select(func.min(leases.c.from_at).label("came_at"))
        .where(leases.c.company_id == company_id, leases.c.from_at >= since)
        .group_by(leases.c.session_id)
    )


def _numberless(company_id: str, since: Millis) -> Select[tuple[Millis]]:
    shown = exists().where(leases.c.company_id == company_id, leases.c.session_id == exhaustions.c.session_id)
    return (
        select(func.min(exhaustions.c.happened_at).label("came_at"))
        .where(exhaustions.c.company_id == company_id, exhaustions.c.happened_at >= since, ~shown)
        .group_by(exhaustions.c.session_id)
    )


def number_time(connection: Connection, company_id: str, since: Millis, now: Millis) -> list[float]:
    """How many pool numbers there were, multiplied by how long, by hour of the day.

    A past that was brought in is older than its numbers' rows: then the first lease tells since when they rang.
    Calls against too little time would make nobody the likeliest caller of all.
    """
    first_shown = (
        select(func.min(leases.c.from_at))
        .where(leases.c.company_id == numbers.c.company_id, leases.c.number_id == numbers.c.number_id)
        .scalar_subquery()
    )
    query = select(
        numbers.c.created_at,
        func.coalesce(first_shown, numbers.c.created_at).label("first_shown_at"),
        func.coalesce(numbers.c.released_at, now).label("until_at"),
    ).where(numbers.c.company_id == company_id, numbers.c.kind == "pool")
    ready = [0.0] * HOURS
    for row in connection.execute(query):
        begin = max(since, min(row.created_at, row.first_shown_at))
        ready = list(map(add, ready, time_by_hour(begin, max(begin, row.until_at))))
    return ready


def add_version(
    connection: Connection, company_id: str, version: int, kept: Mapping[str, Any], count: int, now: Millis
) -> bool:
    """Calls from now on are weighed by it; it was learned from so many.

    False where there is such a version already: whoever wrote it was quicker, and learned from the same calls.
    """
    row = {"company_id": company_id, "version": version, "learned_at": now, "calls": count, "learned": kept}
    written = insert_into(connection, curves).values(row).on_conflict_do_nothing().returning(curves.c.version)
    return connection.execute(written).one_or_none() is not None
