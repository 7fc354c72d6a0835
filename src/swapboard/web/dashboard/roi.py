"""What advertising brought for its money, and what a person should look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.reports.breakdown import behind
from swapboard.reports.costs import money
from swapboard.reports.dimension import Dimension
from swapboard.reports.filter import Term
from swapboard.reports.names import DAY_KIND
from swapboard.reports.roi import OF_COSTS, Roi, RoiLine, costs_by
from swapboard.reports.roi_grid import roi_grid
from swapboard.reports.roi_store import roi
from swapboard.reports.suggesting import suggest
from swapboard.reports.suggestions import (
    LEAST_CALLS,
    LEAST_EXPECTED_CALLS,
    LEAST_UNANSWERED,
    TIMES_USUAL,
    Suggestions,
    unanswered,
    unanswered_share,
)
from swapboard.reports.suggestions_grid import suggestions_grid
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.report_files import asked_of_file, file_routes, report_file
from swapboard.web.dashboard.report_page import MOST_LINES, Place, report_page
from swapboard.web.dashboard.report_query import Asked, read_asked
from swapboard.web.dashboard.report_words import DIMENSION
from swapboard.web.dashboard.translation import Words

CHOICES: Mapping[Dimension, str] = Words({each: DIMENSION[each] for each in DIMENSION if each in OF_COSTS})
DEEPER: Mapping[Dimension, Dimension] = {
    Dimension.CHANNEL: Dimension.CAMPAIGN,
    Dimension.CAMPAIGN: Dimension.AD_GROUP,
    Dimension.AD_GROUP: Dimension.KEYWORD,
}
DRAWN = 8
BAR_WIDTH = 100.0


@dataclass(frozen=True, slots=True)
class SpendBar:
    """One line's cost and revenue, as lengths of bars."""

    line: RoiLine
    cost: float
    revenue: float


def roi_routes() -> list[Route]:
    """The addresses of what it brought."""
    return [
        Route("/reports/roi", signed_in(roi_page)),
        *file_routes("/reports/roi", signed_in(roi_file)),
        Route("/reports/suggestions", signed_in(suggestions_page)),
        *file_routes("/reports/suggestions", signed_in(suggestions_file)),
    ]


async def roi_page(request: Request, desk: Desk) -> Response:
    """Costs and what came of them, by one or two things."""
    asked, by = read_asked(request.query_params, desk.moments), costs_by(request.query_params)
    found = await exchange_of(request).read(lambda connection: _returns(connection, desk, asked, by))
    return report_page(
        "report_roi.html",
        desk,
        asked,
        "roi",
        Place("/reports/roi", dict(zip(("by", "and"), by, strict=False))),
        found=found,
        by=by,
        choices=CHOICES,
        bars=bars_of(found),
        most=MOST_LINES,
        money=partial(money, currency=desk.company.currency),
        calls_query=lambda line: asked.query(*behind(by, line.cell)),
        paid_query=f"{asked.query()}&{urlencode({'paid': ','.join(by)})}",
        deeper=lambda line: _deeper(asked, by, line),
    )


async def roi_file(request: Request, desk: Desk) -> Response:
    """The same as a file, with all lines."""
    asked, by = asked_of_file(request, desk), costs_by(request.query_params)
    # Lines are made when they are looked at: here all of them, and not where everybody waits for it.
    grid = await exchange_of(request).read(lambda connection: roi_grid(_returns(connection, desk, asked, by)))
    return await report_file(request, f"returns-{'-'.join(by)}", asked.span, grid)


async def suggestions_page(request: Request, desk: Desk) -> Response:
    """Keywords that cost and bring nothing, and campaigns and hours whose calls go unanswered."""
    asked = read_asked(request.query_params, desk.moments)
    found = await _suggested(request, desk, asked)
    return report_page(
        "report_suggestions.html",
        desk,
        asked,
        "suggestions",
        Place("/reports/suggestions"),
        found=found,
        money=partial(money, currency=desk.company.currency),
        DAY_KIND=DAY_KIND,
        unanswered=unanswered,
        unanswered_share=unanswered_share,
        # Suggestions are by best match, and so is their evidence.
        about=lambda **terms: asked.whole().query(*_terms(terms)),
        rule={
            "calls": LEAST_CALLS,
            "expected": LEAST_EXPECTED_CALLS,
            "share": round(LEAST_UNANSWERED * 100),
            "times": f"{float(TIMES_USUAL):g}",
        },
    )


async def suggestions_file(request: Request, desk: Desk) -> Response:
    """The same as a file."""
    asked = asked_of_file(request, desk)
    grid = suggestions_grid(await _suggested(request, desk, asked))
    return await report_file(request, "suggestions", asked.span, grid)


async def _suggested(request: Request, desk: Desk, asked: Asked) -> Suggestions:
    currency = desk.company.currency
    return await exchange_of(request).read(
        lambda connection: suggest(connection, desk.company_id, asked.span, currency, asked.terms)
    )


def bars_of(found: Roi) -> Sequence[SpendBar]:
    """The dearest lines; the longest bar is the largest amount among them."""
    drawn = [line for line in found.lines[:DRAWN] if line.now.cost_micros > 0]
    most = max((max(line.now.cost_micros, line.now.revenue_micros) for line in drawn), default=0)
    return [
        SpendBar(line, _length(line.now.cost_micros, most), _length(line.now.revenue_micros, most))
        for line in drawn
    ]


def _length(micros: int, most: int) -> float:
    return round(BAR_WIDTH * micros / most, 2)


def _returns(connection: Connection, desk: Desk, asked: Asked, by: tuple[Dimension, ...]) -> Roi:
    currency = desk.company.currency
    return roi(connection, desk.company_id, asked.span, currency, by, asked.terms, asked.counted_by)


def _deeper(asked: Asked, by: Sequence[Dimension], line: RoiLine) -> str:
    """The address of what this line is made of; nothing where it is as fine as it gets."""
    finer = DEEPER.get(by[-1])
    return f"/reports/roi?{asked.query(*behind(by, line.cell))}&by={finer.value}" if finer else ""


def _terms(values: Mapping[str, str]) -> Sequence[Term]:
    return [Term(Dimension(name), value, is_exact=True) for name, value in values.items()]
