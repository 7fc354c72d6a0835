"""Which visits earned the leads, by every model side by side; and the ways that people took."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.attribution.channel_credit import ChannelCredit
from swapboard.attribution.lead_paths import LONGEST_WAY, LeadPath, links_of
from swapboard.reports.credit_grid import credit_grid, paths_grid
from swapboard.reports.dimension import OF_VISITS, Dimension
from swapboard.switchboard.crediting import Span, channel_credit
from swapboard.switchboard.wayfaring import lead_paths
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.report_files import file_routes, report_file
from swapboard.web.dashboard.report_query import Asked, read_asked
from swapboard.web.dashboard.report_words import DIMENSION
from swapboard.web.dashboard.reports import MOST_LINES, report_page
from swapboard.web.dashboard.sankey import NODE_WIDTH, sankey
from swapboard.web.dashboard.translation import Words, _

CHOICES: Mapping[Dimension, str] = Words({each: DIMENSION[each] for each in DIMENSION if each in OF_VISITS})
LOOK_BACKS: Mapping[int, str] = Words(
    {
        1: _("1 day"),
        7: _("7 days"),
        30: _("30 days"),
        60: _("60 days"),
        90: _("90 days"),
    }
)
DRAWN_PATHS, MOST_PATHS = 60, 100


def credit_routes() -> list[Route]:
    """The addresses of these reports."""
    return [
        Route("/reports/models", signed_in(models_page)),
        *file_routes("/reports/models", signed_in(models_file)),
        Route("/reports/paths", signed_in(paths_page)),
        *file_routes("/reports/paths", signed_in(paths_file)),
    ]


async def models_page(request: Request, desk: Desk) -> Response:
    """Every model's column gives every lead of these days away exactly once."""
    asked, by = read_asked(request.query_params, desk.moments), _by(request)
    return report_page(
        "report_models.html",
        desk,
        asked,
        "models",
        credit=await _credit(request, desk, asked, by),
        by=by,
        choices=CHOICES,
        most=MOST_LINES,
        **_look_back_choices(request, desk),
    )


async def models_file(request: Request, desk: Desk) -> Response:
    """The same as a file."""
    asked, by = read_asked(request.query_params, desk.moments), _by(request)
    grid = credit_grid(by, await _credit(request, desk, asked, by))
    return await report_file(request, f"models-{by}", asked.span, grid)


async def paths_page(request: Request, desk: Desk) -> Response:
    """The channels that people came by, one after the other, until they called or wrote."""
    asked, by = read_asked(request.query_params, desk.moments), _by(request)
    paths = await _paths(request, desk, asked, by)
    return report_page(
        "report_paths.html",
        desk,
        asked,
        "paths",
        paths=paths,
        people=sum(each.leads for each in paths),
        drawing=sankey(links_of([each for each in paths if each.steps][:DRAWN_PATHS])),
        by=by,
        choices=CHOICES,
        most=MOST_PATHS,
        drawn=DRAWN_PATHS,
        longest=LONGEST_WAY,
        node_width=NODE_WIDTH,
        **_look_back_choices(request, desk),
    )


async def paths_file(request: Request, desk: Desk) -> Response:
    """All of them as a file."""
    asked, by = read_asked(request.query_params, desk.moments), _by(request)
    grid = paths_grid(await _paths(request, desk, asked, by))
    return await report_file(request, f"paths-{by}", asked.span, grid)


async def _credit(request: Request, desk: Desk, asked: Asked, by: Dimension) -> ChannelCredit:
    span = _span(request, desk, asked)
    return await exchange_of(request).read(
        lambda connection: channel_credit(connection, desk.company_id, span, asked.counted_by, by)
    )


async def _paths(request: Request, desk: Desk, asked: Asked, by: Dimension) -> Sequence[LeadPath]:
    span = _span(request, desk, asked)

    def read(connection: Connection) -> Sequence[LeadPath]:
        return lead_paths(connection, desk.company_id, span, by)

    return await exchange_of(request).read(read)


def _span(request: Request, desk: Desk, asked: Asked) -> Span:
    return Span(asked.span.from_at, asked.span.until_at, _look_back(request, desk))


def _look_back(request: Request, desk: Desk) -> int:
    said = request.query_params.get("look_back", "")
    return int(said) if said in {str(days) for days in LOOK_BACKS} else desk.company.look_back_days


def _look_back_choices(request: Request, desk: Desk) -> dict[str, object]:
    chosen = _look_back(request, desk)
    own = {chosen: _("%(days)s days") % {"days": chosen}}
    return {"look_back": chosen, "look_backs": dict(sorted({**own, **LOOK_BACKS}.items()))}


def _by(request: Request) -> Dimension:
    said = request.query_params.get("by", "")
    return Dimension(said) if said in OF_VISITS else Dimension.CHANNEL
