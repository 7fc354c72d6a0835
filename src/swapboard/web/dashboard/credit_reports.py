"""Which visits earned the leads, by every model side by side; and the ways that people took."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.attribution.channel_credit import ChannelCredit
from swapboard.attribution.lead_paths import LONGEST_WAY, LeadPath, links_of
from swapboard.reports.credit_grid import credit_grid, paths_grid
from swapboard.reports.dimension import NOBODY, OF_VISITS, Dimension
from swapboard.reports.new_people import count_new_people
from swapboard.reports.report import LOOK_BACKS as CHOSEN
from swapboard.reports.report import look_back_of, visits_by
from swapboard.switchboard.crediting import Span, channel_credit
from swapboard.switchboard.wayfaring import lead_paths
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.report_files import asked_of_file, file_routes, report_file
from swapboard.web.dashboard.report_page import MOST_LINES, Place, report_page
from swapboard.web.dashboard.report_query import Asked, read_asked
from swapboard.web.dashboard.report_words import DIMENSION
from swapboard.web.dashboard.sankey import END_LETTERS, NODE_WIDTH, WIDTH, sankey
from swapboard.web.dashboard.translation import Words, _

CHOICES: Mapping[Dimension, str] = Words({each: DIMENSION[each] for each in DIMENSION if each in OF_VISITS})
LOOK_BACKS: Mapping[int, str] = Words(
    dict(zip(CHOSEN, (_("1 day"), _("7 days"), _("30 days"), _("60 days"), _("90 days")), strict=True))
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
    asked, by = read_asked(request.query_params, desk.moments), visits_by(request.query_params)
    return report_page(
        "report_models.html",
        desk,
        asked,
        "models",
        _place(request, desk, "models", by),
        credit=await _credit(request, desk, asked, by),
        before=await _new_before(request, desk, asked),
        by=by,
        choices=CHOICES,
        most=MOST_LINES,
        **_look_back_choices(request, desk),
    )


async def models_file(request: Request, desk: Desk) -> Response:
    """The same as a file."""
    asked, by = asked_of_file(request, desk), visits_by(request.query_params)
    grid = credit_grid(by, await _credit(request, desk, asked, by))
    return await report_file(request, f"models-{by}", asked.span, grid)


async def paths_page(request: Request, desk: Desk) -> Response:
    """The channels that people came by, one after the other, until they called or wrote."""
    asked, by = read_asked(request.query_params, desk.moments), visits_by(request.query_params)
    paths = await _paths(request, desk, asked, by)
    return report_page(
        "report_paths.html",
        desk,
        asked,
        "paths",
        _place(request, desk, "paths", by),
        paths=paths,
        people=sum(each.leads for each in paths),
        before=await _new_before(request, desk, asked),
        drawing=sankey(links_of([each for each in paths if each.steps][:DRAWN_PATHS])),
        by=by,
        choices=CHOICES,
        most=MOST_PATHS,
        drawn=DRAWN_PATHS,
        full_width=WIDTH,
        longest=LONGEST_WAY,
        node_width=NODE_WIDTH,
        end_letters=END_LETTERS,
        nobody=NOBODY,
        **_look_back_choices(request, desk),
    )


async def paths_file(request: Request, desk: Desk) -> Response:
    """All of them as a file."""
    asked, by = asked_of_file(request, desk), visits_by(request.query_params)
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


async def _new_before(request: Request, desk: Desk, asked: Asked) -> int:
    """How many people were new in the days before."""
    return await exchange_of(request).read(
        lambda connection: count_new_people(connection, desk.company_id, asked.span.before(), asked.terms)
    )


def _place(request: Request, desk: Desk, name: str, by: Dimension) -> Place:
    return Place(f"/reports/{name}", {"by": by.value, "look_back": str(_look_back(request, desk))})


def _span(request: Request, desk: Desk, asked: Asked) -> Span:
    return Span(asked.span.from_at, asked.span.until_at, _look_back(request, desk), asked.terms)


def _look_back(request: Request, desk: Desk) -> int:
    return look_back_of(request.query_params, desk.company.look_back_days)


def _look_back_choices(request: Request, desk: Desk) -> dict[str, object]:
    chosen = _look_back(request, desk)
    own = {chosen: _("%(days)s days") % {"days": chosen}}
    return {"look_back": chosen, "look_backs": dict(sorted({**own, **LOOK_BACKS}.items()))}
