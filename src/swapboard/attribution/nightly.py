"""Learns a company's curve from its own last ninety days, and keeps each night's as a version of its own.

Calls are read with the evidence that was kept when they ended; the time that sessions spent with a number is
read from their leases.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import add
from sys import intern
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select

from swapboard.attribution.curve import AGAIN_EDGES, Curve
from swapboard.attribution.ending import Ending, ending
from swapboard.attribution.evidence import Areas, area_of
from swapboard.attribution.guesses import Guesses
from swapboard.attribution.heard import Heard, heard_of
from swapboard.attribution.holder import CALLED
from swapboard.attribution.holders import ON_PHONE
from swapboard.attribution.home import time_zone_of
from swapboard.attribution.hours import HOURS, time_by_hour
from swapboard.attribution.late_clock import with_clock
from swapboard.attribution.late_peak import with_peak
from swapboard.attribution.learned import Learned, evidence_from_json
from swapboard.attribution.learning import Exposures, scaled_prior
from swapboard.attribution.lessons import Lessons, look_back
from swapboard.attribution.online import add_waits
from swapboard.attribution.store import learned as learned_last
from swapboard.attribution.watch import Watch, Watched
from swapboard.clock import DAY, Millis
from swapboard.storage.schema import call_evidence, calls, curves, leases, numbers, sessions, visit_events

log = logging.getLogger(__name__)

LOOK_BACK: Millis = 90 * DAY
LEAST_CALLS = 4
ROUNDS = (12, 72)
"""Of each guess, and of all."""
PEAK_STEPS = 40
PASSES = 2
"""Whose calls were nobody's, so that it is told how often nobody calls again, is weighed anew in each."""
_AT_ONCE = 5_000
_CALLS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Past:
    """What a company's last ninety days have to say."""

    version: int
    until: Millis
    heard: tuple[Heard, ...]
    exposures: Exposures


def past_of(connection: Connection, company_id: str, now: Millis) -> Past:
    """Read a company's calls and the time behind them."""
    since = now - LOOK_BACK
    heard = tuple(_heard(connection, company_id, since))
    places, away = _exposures(connection, company_id, since, now)
    exposures = Exposures(
        places=places,
        ready=_number_time(connection, company_id, since, now),
        away=away,
    )
    return Past(learned_last(connection, company_id).version, now, heard, exposures)


def learn_from(past: Past) -> tuple[Learned, int] | None:
    """The curve of these days, and from how many calls; None when they are too few to learn from."""
    if len(past.heard) < LEAST_CALLS:
        return None
    curve = _curve(past)
    areas = Areas()
    callers: set[str] = set()
    homes: dict[str, str | None] = {}
    for each in past.heard:
        if each.caller is None:
            continue
        area = area_of(each.caller)
        homes[area] = time_zone_of(each.caller)
        areas.homes = homes
        if each.caller in callers:
            continue
        callers.add(each.caller)
        areas.heard(area)
        for region, probability in each.by_region(curve).items():
            areas.credit(area, region, probability)
    return Learned(past.version + 1, curve, areas, len(callers)), len(past.heard)


def _curve(past: Past) -> Curve:
    lessons = [each.lesson for each in past.heard]
    last_calls = {each.caller: each.at for each in past.heard if each.caller}
    look_back(lessons, last_calls.get, past.until)
    together = Lessons(lessons)
    curve, guesses = scaled_prior(len(lessons), past.exposures), Guesses()
    for _ in range(PASSES):
        beliefs = [each.nobody(curve) for each in past.heard]
        exposures = _with_time_again(past.exposures, past.heard, beliefs, past.until)
        curve = guesses.learn(curve, together, exposures, *ROUNDS)
    curve, kinds = with_peak(curve, together, exposures, steps=PEAK_STEPS)
    return with_clock(curve, together, exposures, kinds, steps=PEAK_STEPS)[0]


def keep_learned(connection: Connection, company_id: str, learned: tuple[Learned, int], now: Millis) -> bool:
    """Write a new version; calls from now on are weighed by it. One that is not finite is not kept: False."""
    value, count = learned
    kept = value.as_json()
    if not _is_finite(kept):
        log.error("The curve learned of company %s is not finite; version %d stays", company_id, value.version - 1)
        return False
    connection.execute(
        insert(curves).values(
            company_id=company_id,
            version=value.version,
            learned_at=now,
            calls=count,
            learned=kept,
        )
    )
    return True


def _is_finite(kept: Mapping[str, Any]) -> bool:
    try:
        json.dumps(kept, allow_nan=False)
    except ValueError:
        return False
    return True


def _heard(connection: Connection, company_id: str, since: Millis) -> Iterable[Heard]:
    query = (
        select(calls.c.caller_number, call_evidence.c.happened_at, call_evidence.c.evidence)
        .join_from(
            call_evidence,
            calls,
            and_(calls.c.company_id == call_evidence.c.company_id, calls.c.call_id == call_evidence.c.call_id),
        )
        .where(call_evidence.c.company_id == company_id, call_evidence.c.happened_at >= since)
        .where(calls.c.is_spam.is_(False))
        .order_by(call_evidence.c.happened_at, call_evidence.c.call_id)
        .execution_options(yield_per=_CALLS_AT_ONCE)
    )
    for rows in connection.execute(query).partitions():
        evidence = [evidence_from_json(row.evidence, row.happened_at) for row in rows]
        regions = _regions(connection, company_id, {name for each in evidence for name, *_ in each.candidates})
        for row, each in zip(rows, evidence, strict=True):
            yield heard_of(row.caller_number, each, regions)


def _regions(connection: Connection, company_id: str, session_ids: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    ids = sorted(session_ids)
    for begin in range(0, len(ids), _AT_ONCE):
        query = select(sessions.c.session_id, sessions.c.time_zone).where(
            sessions.c.company_id == company_id, sessions.c.session_id.in_(ids[begin : begin + _AT_ONCE])
        )
        found.update((row.session_id, intern(row.time_zone)) for row in connection.execute(query))
    return found


def _exposures(
    connection: Connection, company_id: str, since: Millis, now: Millis
) -> tuple[list[float], list[float]]:
    """By place of the curve, and by hour of the day and time away (see `Exposures`)."""
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
    # The first of each is kept, since it comes last.
    called = {
        row.session_id: (row.started_at, row.confidence)
        for row in connection.execute(
            select(calls.c.session_id, calls.c.started_at, calls.c.confidence)
            .where(
                calls.c.company_id == company_id,
                calls.c.started_at >= since,
                calls.c.confidence > CALLED,
                calls.c.is_spam.is_(False),
            )
            .order_by(calls.c.started_at.desc(), calls.c.call_id.desc())
        )
    }
    watch = Watch()
    rows = connection.execute(
        select(leases.c.from_at, leases.c.until_at, leases.c.expires_at, sessions)
        .join_from(
            leases,
            sessions,
            and_(sessions.c.company_id == leases.c.company_id, sessions.c.session_id == leases.c.session_id),
        )
        .where(leases.c.company_id == company_id, leases.c.from_at >= since)
        .execution_options(yield_per=_AT_ONCE)
    )
    ended = []
    for row in rows:
        end = ending(row.from_at, row.until_at, row.expires_at, now)
        _count(watch, row, end, taps.get(row.session_id, ()), called.get(row.session_id), now)
        if end.away_at is not None:
            ended.append(end.away_at)
    for at in sorted(ended):
        watch.ended.leave(at)
    return watch.exposures(now), watch.ended.up_to(now)


def _count(
    watch: Watch,
    row: Row[*tuple[Any, ...]],
    end: Ending,
    taps: Iterable[Millis],
    called: tuple[Millis, float] | None,
    now: Millis,
) -> None:
    """A lease's time: on the page, after each tap, and away until now; less of it once the session has called."""
    session = Watched(
        session_id=row.session_id,
        visitor_id=row.visitor_id,
        came_at=min(row.started_at, row.from_at),
        heard_at=end.heard_at,
        on_phone=row.device in ON_PHONE,
        returning=row.is_returning,
        counted_to=row.from_at,
    )
    deeds = [(at, "tap") for at in taps if row.from_at <= at < (end.away_at or now)]
    if called is not None:
        deeds.append((called[0], "call"))
    if end.left_at is not None:
        deeds.append((end.left_at, "leave"))
    for at, deed in sorted(deeds):
        watch.count(session, min(at, now))
        if deed == "tap":
            session.tapped_at = at
        elif deed == "leave":
            session.left_at = at
        elif called is not None:
            session.believe(called[1], at, withheld=False)
    watch.count(session, now)


def _with_time_again(
    exposures: Exposures, heard: Sequence[Heard], nobody: Sequence[float], until: Millis
) -> Exposures:
    """With the time after calls, as far as each was nobody's; of a withheld number only visitors call again."""
    named = [1.0 if each.caller else 1.0 - belief for each, belief in zip(heard, nobody, strict=True)]
    of_nobody = [belief if each.caller else 0.0 for each, belief in zip(heard, nobody, strict=True)]
    return replace(exposures, again=_waits(heard, named, until), nobody_again=_waits(heard, of_nobody, until))


def _waits(heard: Iterable[Heard], weights: Iterable[float], now: Millis) -> list[float]:
    """The time after calls, each with its weight, to the caller's next one or until now."""
    again = [0.0] * (len(AGAIN_EDGES) - 1)
    last: dict[str, tuple[Millis, float]] = {}
    waits = []
    for each, weight in zip(heard, weights, strict=True):
        if each.caller is None:
            waits.append((now - each.at, weight))
        else:
            if each.caller in last:
                at, before = last[each.caller]
                waits.append((each.at - at, before))
            last[each.caller] = each.at, weight
    waits += [(now - at, before) for at, before in last.values()]
    add_waits(again, waits)
    return again


def _number_time(connection: Connection, company_id: str, since: Millis, now: Millis) -> list[float]:
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
