"""What a company's last ninety days have to say: its calls, and the time that sessions spent with a number."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row

from swapboard.attribution.ending import Ending, ending
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.heard import Heard
from swapboard.attribution.holders import ON_PHONE
from swapboard.attribution.hours import time_by_hour
from swapboard.attribution.night_store import (
    callers_since,
    heard_since,
    leases_since,
    number_time,
    taps_since,
    visits_by_hour,
)
from swapboard.attribution.store import learned as learned_last
from swapboard.attribution.watch import Watch, Watched
from swapboard.clock import DAY, Millis

LOOK_BACK: Millis = 90 * DAY


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
    heard = tuple(heard_since(connection, company_id, since))
    watch = _watched(connection, company_id, since, now)
    came, first_at = visits_by_hour(connection, company_id, since)
    exposures = Exposures(
        places=watch.exposures(now),
        ready=number_time(connection, company_id, since, now),
        away=watch.ended.up_to(now),
        came=came,
        counted=time_by_hour(now if first_at is None else first_at, now),
    )
    return Past(learned_last(connection, company_id).version, now, heard, exposures)


def _watched(connection: Connection, company_id: str, since: Millis, now: Millis) -> Watch:
    """What all visits did, as far as learning needs it."""
    taps = taps_since(connection, company_id, since)
    called = callers_since(connection, company_id, since)
    watch = Watch()
    ended = array("q")
    for row, until in _with_the_next(leases_since(connection, company_id, since), now):
        end = ending(row.from_at, row.until_at, row.expires_at, now)
        count_lease(watch, row, end, taps.get(row.session_id, ()), called.get(row.session_id), until)
        if end.away_at is not None:
            ended.append(end.away_at)
    for at in np.sort(np.frombuffer(ended, np.int64)).tolist():
        watch.ended.leave(at)
    return watch


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
) -> None:
    """A lease's time: on the page, after each tap, and away until then; less of it once the session has called."""
    session = Watched(
        session_id=row.session_id,
        visitor_id=row.visitor_id,
        came_at=min(row.started_at, row.from_at),
        heard_at=end.heard_at,
        on_phone=row.device in ON_PHONE,
        returning=row.is_returning,
        counted_to=row.from_at,
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
