"""A page of a report: where it stands, what it asks, and what all of them have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.responses import HTMLResponse, Response

from swapboard.reports.breakdown import Breakdown, Line, behind
from swapboard.reports.dimension import Dimension
from swapboard.reports.grid_parquet import can_write_parquet
from swapboard.reports.question import Question, question
from swapboard.web.dashboard.guard import Desk
from swapboard.web.dashboard.rendering import text
from swapboard.web.dashboard.report_query import DAYS, Asked, Days
from swapboard.web.dashboard.report_words import COUNTED_BY, DIMENSION, value_words

MOST_LINES = 500
MOST_CALLS = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report stands, and what its address says beside the days, the filter and how calls count.

    `narrowed` is what its filter can ask of.
    """

    path: str
    also: Mapping[str, str] = field(default_factory=dict)
    narrowed: Sequence[Dimension] = tuple(Dimension)


def report_page(template: str, desk: Desk, asked: Asked, here: str, place: Place, **context: object) -> Response:
    """A page of a report, with what all of them have."""
    written = text(
        template,
        desk=desk,
        asked=asked,
        days=DAYS,
        Days=Days,
        report=here,
        address=asked.address(place.path, place.also),
        fixed_address=asked.address(place.path, place.also, fixed=True),
        file_query=asked.address("", place.also).removeprefix("?"),
        narrowed=place.narrowed,
        DIMENSION=DIMENSION,
        COUNTED_BY=COUNTED_BY,
        value_words=value_words,
        has_parquet=can_write_parquet(),
        **context,
    )
    return HTMLResponse(written)


def question_of(desk: Desk, asked: Asked, by: tuple[Dimension, ...] = (), *, before: bool = False) -> Question:
    """The question of what the address asks for, or of the days before."""
    span = asked.span.before() if before else asked.span
    return question(desk.company_id, span, by, asked.terms, asked.counted_by)


def calls_of_line(asked: Asked, found: Breakdown, line: Line) -> str:
    """The calls that a line counts, as the address of their list says it."""
    return asked.query(*behind(found.by, line.cell))
