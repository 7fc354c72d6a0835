"""The calls behind what was counted, newest first."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, union_all

from swapboard.clock import Millis
from swapboard.reports.asked_calls import calls_of, counted_of, values_of
from swapboard.reports.figures import Count
from swapboard.reports.ledger import amount_of
from swapboard.reports.question import Question
from swapboard.reports.sums import Cell
from swapboard.storage.schema import calls

_AT_A_TIME = 1_000


@dataclass(frozen=True, slots=True)
class Behind:
    """A call that is counted, and how much of it: less than one where it is counted by probability."""

    call_id: str
    started_at: Millis
    share: Count


def calls_behind(
    connection: Connection,
    asked: Question,
    most: int | None,
    only: ColumnElement[bool] | None = None,
    cells: Collection[Cell] | None = None,
) -> Sequence[Behind]:
    """The calls that are counted and are so, newest first, of all cells or these; all of them for None."""
    counted = counted_of(asked)
    if cells is not None:
        return _calls_in(connection, asked, most, only, cells) if cells else ()
    columns = calls.c.call_id, calls.c.started_at
    shares = [calls_of(asked, each, *columns, each.weight.label("weight")) for each in counted]
    if only is not None:
        shares = [each.where(only) for each in shares]
    found = union_all(*shares).subquery("shares")
    share = func.sum(found.c.weight)
    query = (
        select(found.c.call_id, found.c.started_at, share.label("share"))
        .group_by(found.c.call_id, found.c.started_at)
        .having(share > 0)
        .order_by(found.c.started_at.desc(), found.c.call_id.desc())
    )
    rows = connection.execute(query.limit(most))
    return [Behind(row.call_id, row.started_at, amount_of(int(row.share), counted[0].scale)) for row in rows]


def _calls_in(
    connection: Connection,
    asked: Question,
    most: int | None,
    only: ColumnElement[bool] | None,
    cells: Collection[Cell],
) -> Sequence[Behind]:
    """Told apart here: a filter has not as many conditions as there may be cells."""
    counted = counted_of(asked)
    shares: Counter[tuple[Millis, str]] = Counter()
    for each in counted:
        if not each.may_be(asked.by, cells):
            continue
        columns = calls.c.started_at, calls.c.call_id, each.weight.label("weight")
        query = calls_of(asked, each, *columns, *values_of(asked, each.columns))
        newest_first = query.order_by(calls.c.started_at.desc(), calls.c.call_id.desc())
        wanted = newest_first if only is None else newest_first.where(only)
        # Piece by piece: PostgreSQL would find and send all, though the newest are mostly enough.
        with connection.execute(wanted.execution_options(yield_per=_AT_A_TIME)) as rows:
            shares.update(_newest(rows, cells, most))
    newest = sorted(shares.items(), reverse=True)[:most]
    return [Behind(call_id, at, amount_of(share, counted[0].scale)) for (at, call_id), share in newest]


def _newest(
    rows: Iterable[Sequence[Any]], cells: Collection[Cell], most: int | None
) -> Mapping[tuple[Millis, str], int]:
    """The weights of so many calls: whichever are the newest of all are among the newest of each part."""
    found: Counter[tuple[Millis, str]] = Counter()
    for at, call_id, weight, *values in rows:
        if tuple(values) in cells:
            if len(found) == most and (at, call_id) not in found:
                break
            found[at, call_id] += weight
    return found
