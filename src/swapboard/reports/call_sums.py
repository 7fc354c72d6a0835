"""Which weeks of calls have changed since they were counted.

A call's `changes` grows with each change of it or of its candidates (`storage/tables/calls.py`), and no call is
ever deleted. So a week whose calls are as many, as often changed, and began at the same instants, was counted.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from swapboard.clock import DAY, Millis
from swapboard.reports.dimension import Dimension
from swapboard.reports.weekly import Part, parts_of

_STAMP = f"""
SELECT {{place}}, count(*), coalesce(sum(changes), 0), coalesce(sum(started_at % {DAY}), 0) FROM calls
WHERE company_id = :company AND started_at >= :from_{{place}} AND started_at < :until_{{place}}
"""  # noqa: S608 our own names
_ELSEWHERE = frozenset({Dimension.PLACEMENT, Dimension.POOL})
"""What does not stand at the call: it may be something else though no call was changed."""


def call_parts(
    connection: Connection, company_id: str, from_at: Millis, until_at: Millis, asked: Collection[Dimension]
) -> Sequence[Part]:
    """The time's weeks in which there are calls, of which this is asked."""
    if not _ELSEWHERE.isdisjoint(asked):
        return [Part(from_at, until_at, None)]
    return parts_of(connection, _STAMP, company_id, from_at, until_at)
