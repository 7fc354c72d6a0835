"""What a company's last ninety days have to say: its calls, and the time that sessions spent with a number."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row

from swapboard.attribution.away_by_hour import AwayByHour
from swapboard.attribution.ending import Ending, ending
from swapboard.attribution.evidence import who_of
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hazard import LONGEST_AGE
from swapboard.attribution.heard import Heard
from swapboard.attribution.holders import ON_PHONE
from swapboard.attribution.hours import time_by_hour
from swapboard.attribution.night_store import (
    callers_since,
    heard_since,
    how_many_callers,
    latest_since,
    leases_since,
    number_time,
    taps_since,
    visits_by_hour,
)
from swapboard.attribution.store import learned as learned_last
from swapboard.attribution.watch import Watch, Watched
from swapboard.clock import DAY, Millis

LOOK_BACK: Millis = 90 * DAY
MOST_CALLS = 10_000
"""Of the latest so many is learned, as a replay shares out five blocks of 2,048 anew. With a hundred candidates, a
call takes 6 kB when it was read, and 12 more while it is learned from.
"""


@dataclass(frozen=True, slots=True)
class Past:
    """What a company's last ninety days have to say."""

    version: int
    until: Millis
    heard: tuple[Heard, ...]
    exposures: Exposures
    known_callers: int = 0
    """How many called with their numbers in all of the ninety days."""


def past_of(connection: Connection, company_id: str, now: Millis) -> Past:
    """Read a company's calls and the time behind them."""
    earliest = now - LOOK_BACK
    since = latest_since(connection, company_id, earliest, MOST_CALLS)
    heard = tuple(heard_since(connection, company_id, since))
    watch, away = _watched(connection, company_id, since, now)
    came, first_at = visits_by_hour(connection, company_id, since)
    exposures = Exposures(
        places=watch.exposures(now),
        ready=number_time(connection, company_id, since, now),
        away=away,
        came=came,
        counted=time_by_hour(now if first_at is None else first_at, now),
    )
    version = learned_last(connection, company_id).version
    return Past(version, now, heard, exposures, how_many_callers(connection, company_id, earliest))


def _watched(connection: Connection, company_id: str, since: Millis, now: Millis) -> tuple[Watch, list[float]]:
    """What all visits did since then, as far as learning needs it, and how many were away at which hour.

    Who calls may have come long before: so the time of earlier visits counts as well, from then on.
    """
    came_since = since - LONGEST_AGE
    taps = taps_since(connection, company_id, came_since)
    called = callers_since(connection, company_id, came_since)
    watch = Watch()
    ended = array("q")
    for row, until in _with_the_next(leases_since(connection, company_id, came_since), now):
        end = ending(row.from_at, row.until_at, row.expires_at, now)
        count_lease(watch, row, end, taps.get(row.session_id, ()), called.get(row.session_id), until, since)
        if end.away_at is not None:
            ended.append(end.away_at)
    return watch, _away(np.sort(np.frombuffer(ended, np.int64)), since, now)


def _away(ended: NDArray[np.int64], since: Millis, now: Millis) -> list[float]:
    """By hour of the day and span, how many of them were away, in the hours since then."""
    away = AwayByHour()
    first = int(ended.searchsorted(since))
    for at in ended[:first].tolist():
        away.leave(at)
    before = away.up_to(since)
    for at in ended[first:].tolist():
        away.leave(at)
    return [all_ - earlier for all_, earlier in zip(away.up_to(now), before, strict=True)]


def _with_the_next(
    rows: Iterable[Row[*tuple[Any, ...]]], now: Millis
) -> Iterator[tuple[Row[*tuple[Any, ...]], Millis]]:
    """Each lease, and until when its time is counted: who turns a page, or comes back, is away no longer."""
    before: Row[*tuple[Any, ...]] | None = None
    for row in rows:
        if before is not None:
            goes_on = (row.session_id, row.target_id) == (before.session_id, before.target_id)
            yield before, row.from_at if goes_on else now
        before = row
    if before is not None:
        yield before, now


def count_lease(
    watch: Watch,
    row: Row[*tuple[Any, ...]],
    end: Ending,
    taps: Iterable[Millis],
    called: tuple[Millis, float] | None,
    until: Millis,
    since: Millis = 0,
) -> None:
    """A lease's time between two moments: on the page, after a tap, and away; less once the session has called."""
    session = Watched(
        session_id=row.session_id,
        visitor_id=row.visitor_id,
        came_at=min(row.started_at, row.from_at),
        heard_at=end.heard_at,
        who=who_of(row.device in ON_PHONE, row.is_returning),
        counted_to=max(row.from_at, since),
    )
    deeds = [(at, "tap") for at in taps if row.from_at <= at < (end.away_at or until)]
    if called is not None:
        deeds.append((called[0], "call"))
    if end.left_at is not None:
        deeds.append((end.left_at, "leave"))
    for at, deed in sorted(deeds):
        watch.count(session, min(at, until))
        if deed == "tap":
            session.tapped_at = at
        elif deed == "leave":
            session.left_at = at
        elif called is not None:
            session.believe(called[1], at, withheld=False)
    watch.count(session, until)
