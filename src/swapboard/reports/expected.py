"""Calls counted by probability: each is shared out over the visits that may have made it.

A share is a whole number of millionths, and what is left over of a call is nobody's from the site, so that the
shares of a call always sum to one exactly.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Subquery,
    and_,
    case,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)

from swapboard.reports.columns import OF_CALLS, OF_THE_VISIT, OF_VISITS, with_numbers
from swapboard.reports.dimension import Dimension
from swapboard.storage.number_parts import millionths
from swapboard.storage.schema import call_candidates, calls, sessions

WHOLE = 1_000_000


@dataclass(frozen=True, slots=True)
class Shared:
    """Where shares of calls are found, what is known of each, and how large it is (millionths)."""

    source: FromClause
    columns: Mapping[Dimension, ColumnElement[str]]
    weight: ColumnElement[int]


def shared(dimensions: Collection[Dimension], which: Sequence[ColumnElement[bool]]) -> Shared:
    """The shares of the calls that meet the conditions."""
    shares = _shares(which)
    of_call = calls.c.call_id == shares.c.call_id
    # A visit is looked up only where something is asked that does not stand at the call.
    own = calls.c.session_id if OF_THE_VISIT.intersection(dimensions) else null()
    visit = case((shares.c.is_own, own), else_=shares.c.session_id)
    of_visit = and_(sessions.c.company_id == calls.c.company_id, sessions.c.session_id == visit)
    source = with_numbers(calls.join(shares, of_call).outerjoin(sessions, of_visit), dimensions)
    columns = {
        each: case((shares.c.is_own, column), else_=OF_VISITS[each]) if each in OF_VISITS else column
        for each, column in OF_CALLS.items()
    }
    return Shared(source, columns, shares.c.weight)


def _shares(which: Sequence[ColumnElement[bool]]) -> Subquery:
    """A share is the call's own (`is_own`) where what stands at the call holds for it: for the visit that it is
    credited to, and for what is left over of a call that is credited to no visit."""
    same = and_(call_candidates.c.company_id == calls.c.company_id, call_candidates.c.call_id == calls.c.call_id)
    part = millionths(call_candidates.c.probability)
    of_visits = (
        select(
            calls.c.call_id,
            call_candidates.c.session_id,
            part.label("weight"),
            func.coalesce(call_candidates.c.session_id == calls.c.session_id, false()).label("is_own"),
        )
        .join_from(calls, call_candidates, same)
        .where(*which)
    )
    left: ColumnElement[int] = literal_column(str(WHOLE)) - func.coalesce(func.sum(part), 0)
    is_own = case(
        (or_(calls.c.attribution_kind != "session", func.count(call_candidates.c.session_id) == 0), true()),
        else_=false(),
    )
    rest = (
        select(calls.c.call_id, null().label("session_id"), left.label("weight"), is_own.label("is_own"))
        .join_from(calls, call_candidates, same, isouter=True)
        .where(*which)
        .group_by(calls.c.call_id, calls.c.attribution_kind)
        .having(left > 0)
    )
    return union_all(of_visits, rest).subquery("shares")
