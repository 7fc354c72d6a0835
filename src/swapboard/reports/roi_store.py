"""Costs and what came of them, together."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.expenses import expenses
from swapboard.reports.filter import Term
from swapboard.reports.question import Question, question
from swapboard.reports.roi import (
    Returned,
    Roi,
    has_costs,
    returned,
    roi_of,
    spelling,
    spent_on,
)
from swapboard.reports.span import Span
from swapboard.reports.store import count_all
from swapboard.reports.sums import Cell


def roi(
    connection: Connection,
    company_id: str,
    span: Span,
    currency: str,
    by: Sequence[Dimension],
    terms: Sequence[Term] = (),
    counted_by: CountedBy = CountedBy.BEST_MATCH,
) -> Roi:
    """What was spent on each combination of values, and what came of it, beside the days before."""
    spans = (span, span.before())
    asked = [question(company_id, each, by, terms, counted_by) for each in spans]
    found = returns_of(connection, asked, spans, currency)
    now, then = found.returned
    return roi_of(asked[0], currency, now, then, found.unconverted)


def paid_cells(connection: Connection, asked: Question, span: Span, currency: str) -> frozenset[Cell]:
    """The combinations of what the question is by on which anything was spent."""
    (found,) = returns_of(connection, [asked], [span], currency).returned
    return frozenset(found.of(found.spent != 0).counted.cells.all())


class Returns(NamedTuple):
    """Of each question; and the first one's costs (millionths, by currency) that no rate turned into ours."""

    returned: Sequence[Returned]
    unconverted: Mapping[str, int]


def returns_of(connection: Connection, asked: Sequence[Question], spans: Sequence[Span], currency: str) -> Returns:
    """What was spent, and what came of it, of the same company by the same dimensions, each in its days."""
    counted = [count_all(connection, each) for each in asked]
    by, terms = asked[0].by, asked[0].terms
    spelled = spelling(by, counted[::-1])
    told = [
        expenses(connection, each.company_id, span, currency, each.dimensions)
        for each, span in zip(asked, spans, strict=True)
        if has_costs(each.dimensions)
    ]
    spent = [spent_on(each.spent, by, terms, spelled) for each in told]
    return Returns(returned(counted, spent, len(by)), told[0].unconverted if told else {})


def spent_in(
    connection: Connection, company_id: str, span: Span, currency: str, terms: Sequence[Term] = ()
) -> int | None:
    """Millionths that were spent in all; None where costs are not told apart by what the terms ask."""
    dimensions = [term.dimension for term in terms]
    if not has_costs(dimensions):
        return None
    told = expenses(connection, company_id, span, currency, dimensions).spent
    return int(spent_on(told, (), terms, spelling((), ())).amounts.sum())
