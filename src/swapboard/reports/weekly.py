"""Sums of what happened, week by week, of which those stay warm in which nothing has changed."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, TextClause, text

from swapboard.clock import DAY, Millis
from swapboard.reports import warm
from swapboard.reports.sums import Sums, together
from swapboard.storage.engine import only_reads

_WEEK: Millis = 7 * DAY
_MOST_WEEKS = 200
"""More than the longest report has; SQLite takes no statement of thousands."""
_ENDS = "from", "until"


class Part(NamedTuple):
    """A week, or a part of one, and how it stands with it."""

    from_at: Millis
    until_at: Millis
    stamp: tuple[int, ...] | None
    """None where one cannot say whether anything was changed."""


def parts_of(
    connection: Connection, stamp: str, company_id: str, from_at: Millis, until_at: Millis
) -> Sequence[Part]:
    """The time's weeks in which anything happened.

    The statement `stamp` says of the time from `:from_{place}` until `:until_{place}` of `:company` its `{place}`,
    how many rows there are, and numbers that are others once a row is.
    """
    weeks = list(islice(_weeks(from_at, until_at), _MOST_WEEKS + 1))
    if not only_reads(connection) or len(weeks) > _MOST_WEEKS:
        return [Part(from_at, until_at, None)]
    ends = {
        f"{name}_{place}": at for place, week in enumerate(weeks) for name, at in zip(_ENDS, week, strict=True)
    }
    query = _stamps(stamp, len(weeks))
    stamps = connection.execute(query, {"company": company_id, **ends}).all() if weeks else ()
    told = {place: tuple(map(int, numbers)) for place, *numbers in stamps}
    return [Part(first, end, told[place]) for place, (first, end) in enumerate(weeks) if told[place][0]]


def sums_of(
    connection: Connection,
    parts: Sequence[Part],
    key: Hashable,
    read: Callable[[Part], Sums],
    size: tuple[int, int],
) -> Sums:
    """What is read of each part, together; it has so many values, then so many amounts."""

    def sums(part: Part) -> Sums:
        return read(part) if part.stamp is None else warm.sums(connection, (key, part), lambda: read(part))

    return together([sums(part) for part in parts], *size)


def _weeks(from_at: Millis, until_at: Millis) -> Iterator[tuple[Millis, Millis]]:
    while from_at < until_at:
        end = min(until_at, (from_at // _WEEK + 1) * _WEEK)
        yield from_at, end
        from_at = end


@cache
def _stamps(stamp: str, weeks: int) -> TextClause:
    """As text: a hundred columns take Core longer than the database."""
    return text(" UNION ALL ".join(stamp.format(place=place) for place in range(weeks)))
