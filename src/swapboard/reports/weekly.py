"""Sums of what happened, part by part, of which those stay warm in which nothing has changed.

A part is a week, and a day in the last week: most of what changes has just happened, and then only that day is
counted anew.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby, islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, TextClause, text

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

    def sums(part: Part, find: Callable[[Part], Sums]) -> Sums:
        time = part.from_at, part.until_at
        return warm.sums(connection, (key, time), part.stamp, lambda: find(part))

    def added(some: Sequence[Part]) -> Sums:
        find = _Uncounted(some, read)
        return together([sums(part, find) for part in some], *size)

    before, latest = parts[:-1], parts[-1:]
    if not before:
        return added(latest)
    # All but the latest, in which something changes all the time, are added up once.
    time = before[0].from_at, before[-1].until_at
    settled = warm.sums(connection, (key, "until", time), tuple(before), lambda: added(before))
    return together([settled, added(latest)], *size)


class _Uncounted:
    """Reads parts that are not warm: the first by itself, for mostly it is all; then all behind it at once."""

    def __init__(self, parts: Sequence[Part], read: Callable[[Sequence[Part]], Sequence[Sums]]) -> None:
        self._parts, self._read = parts, read
        self._found: dict[Part, Sums] | None = None

    def __call__(self, part: Part) -> Sums:
        if self._found is None:
            self._found = {}
            return self._read([part])[0]
        if part not in self._found:
            behind = self._parts[self._parts.index(part) :]
            self._found = dict(zip(behind, self._read(behind), strict=True))
        return self._found[part]


class Run(NamedTuple):
    """A time in which parts are read at once: an instant divided by the length is another number in each."""

    from_at: Millis
    until_at: Millis
    length: Millis


def read_at_once(
    parts: Sequence[Part], rows: Callable[[Run], Iterable[Sequence[Any]]], size: tuple[int, int]
) -> Sequence[Sums]:
    """What is read of each part, from rows with so many values and amounts, and then the number of their part."""
    found: dict[tuple[Millis, int], list[Sequence[Any]]] = defaultdict(list)
    numbers = []
    for run, some in _runs(parts):
        for row in rows(run):
            found[run.length, row[-1]].append(row)
        numbers += [(run.length, part.from_at // run.length) for part in some]
    return [read_sums(found[number], *size) for number in numbers]


def _runs(parts: Sequence[Part]) -> Iterator[tuple[Run, Sequence[Part]]]:
    weeks = Counter(part.from_at // _WEEK for part in parts)
    for is_days, several in groupby(parts, lambda part: weeks[part.from_at // _WEEK] > 1):
        some = list(several)
        length = _FOREVER if len(some) == 1 else DAY if is_days else _WEEK
        yield Run(some[0].from_at, some[-1].until_at, length), some


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
