"""Which pool a page is about: the one asked for, or else the first."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from swapboard.numbers.listing import PoolRecord, list_pools, pool_by_id

MOST_POOLS = 100
"""To choose from; another one is there by its address."""


class PoolChoice(NamedTuple):
    """The company's pools, and the chosen one; None where there are none."""

    pools: Sequence[PoolRecord]
    pool: PoolRecord | None


def choose_pool(connection: Connection, company_id: str, pool_id: str | None) -> PoolChoice:
    """Another company's pool is none of these."""
    pools: Sequence[PoolRecord] = list_pools(connection, company_id, MOST_POOLS).rows
    pool = pool_by_id(connection, company_id, pool_id) if pool_id else None
    if pool and pool.pool_id not in {each.pool_id for each in pools}:
        pools = [*pools, pool]
    return PoolChoice(pools, pool or next(iter(pools), None))
