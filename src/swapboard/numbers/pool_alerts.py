"""Pools that are too small, or that auto-scale cannot help, in the database: what every page's warning says."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.clock import DAY, Millis
from swapboard.numbers.advice import Alert, alert
from swapboard.numbers.arrivals import kept_rhythms, visits_since
from swapboard.numbers.exhaustions import exhausted_since
from swapboard.numbers.listing import PoolRecord, list_pools
from swapboard.numbers.rhythm import week_ahead
from swapboard.numbers.scaling_store import Scaling, scalings

DAYS = 7
_MOST_POOLS = 100


@dataclass(frozen=True, slots=True)
class PoolAlert:
    """What is wrong with a pool: it is too small, or auto-scale failed."""

    pool: PoolRecord
    alert: Alert | None
    scaling: Scaling | None
    """Its auto-scale, where that is on."""

    @property
    def trouble(self) -> str | None:
        return self.scaling.trouble if self.scaling else None


def pool_alerts(connection: Connection, company_id: str, time_zone: str, now: Millis) -> Sequence[PoolAlert]:
    """The pools of which something is to be told. Quick, for every page asks: it goes by the kept rhythms."""
    pools = list_pools(connection, company_id, _MOST_POOLS).rows
    exhausted = exhausted_since(connection, company_id, now - DAYS * DAY)
    rhythms = kept_rhythms(connection, company_id)
    scaled = scalings(connection, company_id)
    found = []
    for pool in pools:
        missed, known = exhausted.get(pool.pool_id, 0), rhythms.get(pool.pool_id)
        if known:
            visits, ahead = math.fsum(known.visits), week_ahead(known, now, time_zone)
        else:
            served = visits_since(connection, company_id, pool.pool_id, now - DAYS * DAY) if missed else 0
            visits, ahead = served + missed, []
        scaling = scaled.get(pool.pool_id)
        told = alert(pool.active, missed, visits, ahead, known.live_minutes if known else 0.0)
        found.append(PoolAlert(pool, told, scaling if scaling and scaling.is_on else None))
    return [each for each in found if each.alert or each.trouble]
