"""How a lease ended, as it was known at a moment: with a good-bye, in silence, or not yet."""

from typing import NamedTuple

from swapboard.attribution.hazard import RUNS_OUT_AFTER
from swapboard.clock import Millis


class Ending(NamedTuple):
    """When the page was heard of last; when it said good-bye; since when the number is no longer its own."""

    heard_at: Millis
    left_at: Millis | None = None
    away_at: Millis | None = None


def ending(from_at: Millis, until_at: Millis | None, expires_at: Millis, at: Millis) -> Ending:
    """A lease as its row says it, seen from a moment that is not before it began.

    `expires_at` moves on with each beat, so that it tells when the last one came. A lease that ran out ended then,
    whether or not somebody has written it down yet.
    """
    last_beat_at = min(at, max(from_at, expires_at - RUNS_OUT_AFTER))
    ended_at = expires_at if until_at is None else until_at
    if ended_at >= expires_at:
        return Ending(last_beat_at, away_at=expires_at if expires_at <= at else None)
    if ended_at > at:
        # It said good-bye later, so it was there.
        return Ending(at)
    return Ending(ended_at, ended_at, ended_at)
