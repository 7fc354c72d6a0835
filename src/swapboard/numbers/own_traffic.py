"""What a pool's own visits say of its size: how full it was, what they advise, and what the coming week brings."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.clock import DAY, HOUR, Millis
from swapboard.numbers.advice import Advice, Peak, Wishes, advise_by_replay, peaks
from swapboard.numbers.arrivals import rhythm_now
from swapboard.numbers.rhythm import ComingDay, week_ahead
from swapboard.numbers.stays import exhausted_at, stays_of

REPLAYED_DAYS = 28
SHOWN_DAYS = 7
MOST_STAYS = 20_000
FEWEST_STAYS = 100
"""With fewer visits the replay would say little."""


@dataclass(frozen=True, slots=True)
class OwnTraffic:
    """What the pool's own visits tell."""

    advice: Advice | None
    """None while there are too few visits."""
    peaks: Sequence[Peak]
    exhausted: int
    """How many visits found no number in the hours of the peaks."""
    ahead: Sequence[ComingDay]
    """The coming week, day by day; empty while too little is known."""

    @property
    def busiest(self) -> Peak:
        return max(self.peaks, key=lambda peak: peak.live)


def own_traffic(
    connection: Connection, company_id: str, pool_id: str, time_zone: str, wishes: Wishes, now: Millis
) -> OwnTraffic:
    """The last weeks of the pool, and the next."""
    stays = stays_of(connection, company_id, pool_id, now - REPLAYED_DAYS * DAY, now, MOST_STAYS)
    shown_from = now - now % HOUR - SHOWN_DAYS * DAY + HOUR
    if len(stays) >= MOST_STAYS:
        # So busy that what was read does not reach back a week: an hour of which nothing is known is not shown.
        shown_from = min(max(shown_from, stays[0].from_at - stays[0].from_at % HOUR + HOUR), now - now % HOUR)
    found = rhythm_now(connection, company_id, pool_id, now)
    return OwnTraffic(
        advice=advise_by_replay(stays, wishes) if len(stays) >= FEWEST_STAYS else None,
        peaks=peaks(stays, shown_from, now),
        exhausted=len(exhausted_at(connection, company_id, pool_id, shown_from)),
        ahead=week_ahead(found, now, time_zone) if found else [],
    )
