"""Sums of calls, week by week, of which those stay warm in which no call has changed.

A call's `changes` grows with each change of it or of its candidates (`storage/tables/calls.py`), and no call is
ever deleted. So a week whose calls are as many, as often changed, and began at the same instants, was counted.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, TextClause, text

from swapboard.clock import DAY, Millis
from swapboard.reports import warm
from swapboard.reports.dimension import Dimension
from swapboard.reports.sums import Sums, read_sums, together
from swapboard.storage.engine import only_reads

_WEEK: Millis = 7 * DAY
_MOST_WEEKS = 200
"""More than the longest report has; SQLite takes no statement of thousands."""
_ENDS = "from", "until"
_STAMP = f"""
SELECT {{place}}, count(*), coalesce(sum(changes), 0), coalesce(sum(started_at % {DAY}), 0) FROM calls
WHERE company_id = :company AND started_at >= :from_{{place}} AND started_at < :until_{{place}}
"""  # noqa: S608 our own names
_ELSEWHERE = frozenset({Dimension.PLACEMENT, Dimension.POOL})
"""What does not stand at the call: it may be something else though no call was changed."""


class Part(NamedTuple):
    """A week of calls, or a part of one, and how it stands with them."""

    from_at: Millis
    until_at: Millis
    stamp: tuple[int, ...] | None
    """None where one cannot say whether anything was changed."""


def parts_of(
    connection: Connection, company_id: str, time: tuple[Millis, Millis], asked: Collection[Dimension]
) -> Sequence[Part]:
    """The time's weeks in which there are calls."""
    weeks = list(islice(_weeks(*time), _MOST_WEEKS + 1))
    if not only_reads(connection) or not _ELSEWHERE.isdisjoint(asked) or len(weeks) > _MOST_WEEKS:
        return [Part(*time, None)]
    ends = {
        f"{name}_{place}": at for place, week in enumerate(weeks) for name, at in zip(_ENDS, week, strict=True)
    }
    stamps = connection.execute(_stamps(len(weeks)), {"company": company_id, **ends}).all() if weeks else ()
    return [Part(*weeks[place], tuple(map(int, stamp))) for place, *stamp in stamps if stamp[0]]


def sums_of(
    connection: Connection,
    parts: Sequence[Part],
    key: Hashable,
    query: Callable[[Part], Select[*tuple[Any, ...]]],
    size: tuple[int, int],
) -> Sums:
    """What the query says of each part, together; it has so many values, then so many amounts."""

    def sums(part: Part) -> Sums:
        def read() -> Sums:
            return read_sums(connection.execute(query(part)).all(), *size)

        return read() if part.stamp is None else warm.sums(connection, (key, part), read)

    return together([sums(part) for part in parts], *size)


def _weeks(from_at: Millis, until_at: Millis) -> Iterator[tuple[Millis, Millis]]:
    while from_at < until_at:
        end = min(until_at, (from_at // _WEEK + 1) * _WEEK)
        yield from_at, end
        from_at = end


@cache
def _stamps(weeks: int) -> TextClause:
    """Of so many weeks, each from one index. As text: a hundred columns take Core longer than the database."""
    return text(" UNION ALL ".join(_STAMP.format(place=place) for place in range(weeks)))
