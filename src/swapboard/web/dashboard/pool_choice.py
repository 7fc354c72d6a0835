"""Which pool a page is about: the one asked for, or else the first."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from swapboard.numbers.listing import PoolRecord, list_pools

MOST_POOLS = 100


class PoolChoice(NamedTuple):
    """The company's pools, and the chosen one; None where there are none."""

    pools: Sequence[PoolRecord]
    pool: PoolRecord | None


def choose_pool(connection: Connection, company_id: str, pool_id: str | None) -> PoolChoice:
    """Another company's pool is none of these."""
    pools = list_pools(connection, company_id, MOST_POOLS).rows
    return PoolChoice(pools, next((each for each in pools if each.pool_id == pool_id), next(iter(pools), None)))
