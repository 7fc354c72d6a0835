"""What a report asks: of which company, which time, by what, and which filter."""

from collections.abc import Sequence
from dataclasses import dataclass

from swapboard.clock import Millis
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import OF_VISITS as VISITS_HAVE
from swapboard.reports.dimension import Dimension
from swapboard.reports.filter import Term
from swapboard.reports.span import Span


@dataclass(frozen=True, slots=True)
class Question:
    """What of a company is counted: [from_at, until_at), by these dimensions, where all terms are met."""

    company_id: str
    from_at: Millis
    until_at: Millis
    by: tuple[Dimension, ...] = ()
    terms: tuple[Term, ...] = ()
    counted_by: CountedBy = CountedBy.BEST_MATCH

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """All that it needs to know of a call."""
        return (*self.by, *(term.dimension for term in self.terms))

    @property
    def counts_visits(self) -> bool:
        """Whether visits and forms have all of it: they rang no phone, and have no outcome."""
        return VISITS_HAVE.issuperset(self.dimensions)


def question(
    company_id: str,
    span: Span,
    by: Sequence[Dimension] = (),
    terms: Sequence[Term] = (),
    counted_by: CountedBy = CountedBy.BEST_MATCH,
) -> Question:
    """The same of the days of a span."""
    return Question(company_id, span.from_at, span.until_at, tuple(by), tuple(terms), counted_by)
