"""Calls counted by probability: each is shared out over the visits that may have made it.

A share is a whole number of millionths, and what is left over of a call is nobody's from the site, so that the
shares of a call always sum to one exactly (`attribution/call_shares.py`). They are counted part by part, for each
needs less of the database than all together.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from sqlalchemy import ColumnElement, FromClause, Text, and_, cast, literal_column

from swapboard.attribution.candidate_joins import IS_ITS_CALL
from swapboard.reports.columns import OF_CALLS, OF_CANDIDATES, calls_with
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import OF_VISITS, Dimension
from swapboard.storage.number_parts import millionths
from swapboard.storage.schema import call_candidates, calls

WHOLE = 1_000_000
_NOTHING: ColumnElement[str] = cast(literal_column("''"), Text)
_OF_NOBODY: Mapping[Dimension, ColumnElement[str]] = {
    each: _NOTHING if each in OF_VISITS else column for each, column in OF_CALLS.items()
}


@dataclass(frozen=True, slots=True)
class Counted:
    """Where calls, or shares of them, are counted: a whole one weighs `scale`."""

    source: FromClause
    columns: Mapping[Dimension, ColumnElement[str]]
    weight: ColumnElement[int]
    scale: int
    only: tuple[ColumnElement[bool], ...] = ()

    def may_be(self, by: Sequence[Dimension], cells: Collection[Sequence[str]]) -> bool:
        """Whether any of these cells may be one of its own: what is nobody's has no words of visits."""
        empty = [place for place, each in enumerate(by) if self.columns[each] is _NOTHING]
        if not empty:
            return bool(cells)
        words = itemgetter(*empty)
        return words([""] * len(by)) in map(words, cells)


def counted_calls(dimensions: Collection[Dimension], counted_by: CountedBy) -> Iterator[Counted]:
    """Together they are each call once; a call has one row of each part, but one for each of the other visits."""
    if counted_by is CountedBy.BEST_MATCH or OF_VISITS.isdisjoint(dimensions):
        # Where nothing is asked that depends on the visit, all shares of a call count for the same.
        yield Counted(calls_with(dimensions), OF_CALLS, literal_column("1"), 1)
        return
    own, nobodys = calls.c.own_millionths, calls.c.nobodys_millionths
    yield Counted(calls_with(dimensions), OF_CALLS, own, WHOLE, (own > 0,))
    yield Counted(calls_with(dimensions), _OF_NOBODY, nobodys, WHOLE, (nobodys > 0,))
    other = and_(IS_ITS_CALL, call_candidates.c.session_id.is_distinct_from(calls.c.session_id))
    source = calls_with(dimensions, calls.join(call_candidates, other))
    others = millionths(call_candidates.c.probability)
    yield Counted(source, {**OF_CALLS, **OF_CANDIDATES}, others, WHOLE, (others > 0,))
