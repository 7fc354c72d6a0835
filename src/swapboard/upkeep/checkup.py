"""`swapboard doctor`: looks at everything that an installation needs, one thing after the other."""

from collections.abc import Iterator

import httpx
from sqlalchemy.exc import OperationalError

from swapboard.clock import Clock, Millis
from swapboard.settings import Settings
from swapboard.storage.engine import open_engine, reading
from swapboard.upkeep.house import look_at_house
from swapboard.upkeep.outside import Ours, look_outside, ours
from swapboard.upkeep.verdict import State, Verdict, skipped

_NEEDED = {"data folder", "secret key", "database", "schema"}


def check_up(settings: Settings, http: httpx.Client | None, clock: Clock) -> Iterator[Verdict]:
    """Every verdict as soon as it is there; without a client, nobody is asked."""
    missing = False
    for verdict in look_at_house(settings, clock()):
        missing |= verdict.check in _NEEDED and verdict.state is State.PROBLEM
        yield verdict
    if missing:
        yield skipped("the rest", "what is above is needed for it")
    elif http:
        yield from look_outside(settings, _ours(settings, clock()), http, clock)


def _ours(settings: Settings, now: Millis) -> Ours:
    engine = open_engine(settings.database_url)
    try:
        with reading(engine) as connection:
            return ours(connection, now)
    except OperationalError:
        return Ours((), ())
    finally:
        engine.dispose()
