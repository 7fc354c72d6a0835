"""Which weeks and days of calls have changed since they were counted.

A call's `changes` grows with each change of it or of its candidates (`storage/tables/calls.py`), and no call is
ever deleted. So a week whose calls are as many, as often changed, and began at the same instants, was counted.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, and_, select

from swapboard.clock import DAY, Millis
from swapboard.reports.dimension import Dimension
from swapboard.reports.weekly import Part, parts_of
from swapboard.storage.schema import numbers, pools

_STAMP = f"""
SELECT {{place}}, count(*), coalesce(sum(changes), 0), coalesce(sum(CAST(started_at % {DAY} AS integer)), 0)
FROM calls WHERE company_id = :company AND started_at >= :from_{{place}} AND started_at < :until_{{place}}
"""  # noqa: S608 our own names
_ELSEWHERE = frozenset({Dimension.PLACEMENT, Dimension.POOL})
"""What does not stand at the call, but at its number."""


def call_parts(
    connection: Connection, company_id: str, from_at: Millis, until_at: Millis, asked: Collection[Dimension]
) -> Sequence[Part]:
    """The time's weeks in which there are calls, of which this is asked."""
    parts = parts_of(connection, _STAMP, company_id, from_at, until_at)
    if _ELSEWHERE.isdisjoint(asked):
        return parts
    stands = _numbers(connection, company_id)
    return [each._replace(stamp=(*each.stamp, stands)) if each.stamp else each for each in parts]


def _numbers(connection: Connection, company_id: str) -> int:
    """Another one as soon as a number has another placement or pool, or a pool another name."""
    same = and_(pools.c.company_id == numbers.c.company_id, pools.c.pool_id == numbers.c.pool_id)
    query = (
        select(numbers.c.number_id, numbers.c.placement, pools.c.name)
        .select_from(numbers.outerjoin(pools, same))
        .where(numbers.c.company_id == company_id)
    )
    return hash(frozenset(tuple(row) for row in connection.execute(query)))
