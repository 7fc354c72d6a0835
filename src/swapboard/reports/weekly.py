"""Sums of what happened, part by part, of which those stay warm in which nothing has changed.

A part is a week, and a day in the last week: most of what changes has just happened, and then only that day is
counted anew.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Connection, TextClause, bindparam, case, literal_column, text

from swapboard.clock import DAY, Millis
from swapboard.reports import warm
from swapboard.reports.one_state import once
from swapboard.reports.sums import Sums, read_sums, together
from swapboard.storage.engine import only_reads

_WEEK: Millis = 7 * DAY
_FOREVER: Millis = 1 << 62
_MOST_PARTS = 200
"""More than the longest report has; SQLite takes no statement of thousands."""
_ENDS = "from", "until"


class Part(NamedTuple):
    """A week or a day, or what the time has of it, and how it stands with it."""

    from_at: Millis
    until_at: Millis
    stamp: tuple[int, ...] | None
    """None where one cannot say whether anything was changed."""


def parts_of(
    connection: Connection, stamp: str, company_id: str, from_at: Millis, until_at: Millis, **more: int
) -> Sequence[Part]:
    """The time's parts in which anything happened.

    The statement `stamp` says of the time from `:from_{place}` until `:until_{place}` of `:company` its `{place}`,
    how many rows there are, and numbers that are others once a row is. It may ask for `more`, too.
    """
    parts = list(islice(_parts(from_at, until_at), _MOST_PARTS + 1))
    if not only_reads(connection) or len(parts) > _MOST_PARTS:
        return [Part(from_at, until_at, None)]
    values: Mapping[str, str | int] = {"company": company_id, **more}
    asked = "parts", stamp, from_at, until_at, *values.values()
    return once(connection, asked, lambda: _stamped(connection, stamp, parts, values)) if parts else ()


def _stamped(
    connection: Connection, stamp: str, parts: Sequence[tuple[Millis, Millis]], values: Mapping[str, str | int]
) -> Sequence[Part]:
    ends = {
        f"{name}_{place}": at for place, part in enumerate(parts) for name, at in zip(_ENDS, part, strict=True)
    }
    stamps = connection.execute(_stamps(stamp, len(parts)), {**values, **ends}).all()
    told = {place: tuple(map(int, numbers)) for place, *numbers in stamps}
    return [Part(first, end, told[place]) for place, (first, end) in enumerate(parts) if told[place][0]]


def sums_of(
    connection: Connection,
    parts: Sequence[Part],
    key: Hashable,
    read: Callable[[Sequence[Part]], Sequence[Sums]],
    size: tuple[int, int],
) -> Sums:
    """What is read of each part, together; it has so many values, then so many amounts."""

    def added(some: Sequence[Part]) -> Sums:
        # All that nobody has counted at once: a database may look through everything for each statement.
        unknown = [part for part in some if not warm.has_sums(connection, _key(key, part), part.stamp)]
        found = dict(zip(unknown, read(unknown), strict=True)) if unknown else {}

        def sums(part: Part) -> Sums:
            return found[part] if part in found else read([part])[0]

        return together(
            [warm.sums(connection, _key(key, part), part.stamp, partial(sums, part)) for part in some], *size
        )

    before, latest = parts[:-1], parts[-1:]
    if not before:
        return added(latest)
    # All but the latest, in which something changes all the time, are added up once.
    time = before[0].from_at, before[-1].until_at
    settled = warm.sums(connection, (key, "until", time), tuple(before), lambda: added(before))
    return together([settled, added(latest)], *size)


def _key(key: Hashable, part: Part) -> Hashable:
    return key, (part.from_at, part.until_at)


class Run(NamedTuple):
    """Parts that are read at once: weeks, and days from an instant on. What is one part has one number in it."""

    from_at: Millis
    until_at: Millis
    days_from: Millis
    week: Millis

    def number(self, part: Part) -> int:
        """What `number_at` says of the part's instants."""
        return part.from_at // (self.week if part.from_at < self.days_from else DAY)

    def told(self) -> Mapping[str, Millis]:
        """What a statement with `number_at` is to be told."""
        return {"days_from": self.days_from, "week": self.week}


def number_at(at: ColumnElement[int]) -> ColumnElement[int]:
    """Another one in each part of a run, of which the statement is told; named `part`."""
    days_from, week = (bindparam(name, type_=BigInteger()) for name in ("days_from", "week"))
    number: ColumnElement[int] = case(
        (at < days_from, at // week), else_=at // literal_column(str(DAY), BigInteger())
    )
    return number.label("part")


def read_at_once(
    parts: Sequence[Part], rows: Callable[[Run], Iterable[Sequence[Any]]], size: tuple[int, int]
) -> Sequence[Sums]:
    """What is read of each part, from rows with so many values and amounts, and then the number of their part."""
    run, found = _run(parts), defaultdict[int, list[Sequence[Any]]](list)
    for row in rows(run):
        found[row[-1]].append(row)
    return [read_sums(found[run.number(part)], *size) for part in parts]


def _run(parts: Sequence[Part]) -> Run:
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return Run(first.from_at, last.until_at, _FOREVER, _FOREVER)
    # The last week's days, unless nothing happened on them.
    is_day = last.until_at - last.from_at <= DAY
    return Run(first.from_at, last.until_at, last.from_at // _WEEK * _WEEK if is_day else _FOREVER, _WEEK)


def _parts(from_at: Millis, until_at: Millis) -> Iterator[tuple[Millis, Millis]]:
    last_week = (until_at - 1) // _WEEK * _WEEK
    while from_at < until_at:
        length = _WEEK if from_at < last_week else DAY
        end = min(until_at, (from_at // length + 1) * length)
        yield from_at, end
        from_at = end


@cache
def _stamps(stamp: str, parts: int) -> TextClause:
    """As text: a hundred columns take Core longer than the database."""
    return text(" UNION ALL ".join(stamp.format(place=place) for place in range(parts)))
