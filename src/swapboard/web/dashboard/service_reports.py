"""Pages and files of the reports on the service itself: who answered, spam, pools, what platforms were told."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.calls.spam import Signal
from swapboard.calls.spam_words import SIGNAL
from swapboard.reports.behind import Part
from swapboard.reports.dimension import Dimension
from swapboard.reports.filter import Term
from swapboard.reports.narrowing import narrowed_by
from swapboard.reports.pool_health import PoolHealth
from swapboard.reports.report_kind import Kind
from swapboard.reports.service import SERVICES, Compared, compared
from swapboard.reports.service_grid import service_grid
from swapboard.reports.spam_calls import SpamCalls, spam_calls
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.report_files import asked_of_file, file_routes, page_path, report_file
from swapboard.web.dashboard.report_page import Place, question_of, report_page
from swapboard.web.dashboard.report_query import Asked, read_asked

Link: TypeAlias = Callable[[Any, Asked], str]


def _of_phone(part: Part) -> Link:
    return lambda row, asked: f"{asked.query()}&{urlencode({'of': part.value, 'phone': row.number})}"


def _of_spam(part: Part) -> Link:
    def link(row: Any, asked: Asked) -> str:
        return f"{asked.whole().query(Term(Dimension.NUMBER, row.number, is_exact=True))}&of={part}"

    return link


def _of_pool(row: PoolHealth, asked: Asked) -> str:
    return f"{asked.whole().query()}&{urlencode({'pool': row.pool_id})}"


CALLS: Mapping[Kind, Mapping[str, Link]] = {
    Kind.AGENTS: {"rang": _of_phone(Part.RANG), "answered": _of_phone(Part.PICKED_UP)},
    Kind.SPAM: {"spam": _of_spam(Part.SPAM), "turned_away": _of_spam(Part.TURNED_AWAY)},
    Kind.POOLS: {"calls": _of_pool},
    Kind.DELIVERIES: {},
}
"""Which calls a row's figure counts, as the address of their list says it."""
ABOUT: Mapping[Kind, Callable[[Any], str]] = {
    Kind.POOLS: lambda row: f"/numbers/sizing?pool={row.pool_id}",
    Kind.DELIVERIES: lambda row: f"/destinations/{row.destination_id}",
}
"""The address of what a row is about."""


def service_routes() -> list[Route]:
    """The addresses of these reports."""
    return [
        *(route for kind in SERVICES for route in file_routes(kind, signed_in(service_file))),
        *(Route(kind, signed_in(service_page)) for kind in SERVICES),
    ]


async def service_page(request: Request, desk: Desk) -> Response:
    """One table, with what it says in words below."""
    kind = Kind(page_path(request))
    asked = read_asked(request.query_params, desk.moments, kind)

    def read(connection: Connection) -> tuple[Sequence[Compared], SpamCalls | None]:
        spam = spam_calls(connection, question_of(desk, asked)) if kind is Kind.SPAM else None
        return _compared(connection, kind, desk, asked), spam

    lines, spam = await exchange_of(request).read(read)
    return report_page(
        "report_service.html",
        desk,
        asked,
        kind.rpartition("/")[2],
        Place(kind, narrowed=narrowed_by(kind)),
        kind=kind,
        Kind=Kind,
        service=SERVICES[kind],
        lines=lines,
        spam=spam,
        signals=[
            (SIGNAL[Signal(each)], count, f"{asked.whole().query()}&of=spam&signal={each}")
            for each, count in (spam.signals if spam else {}).items()
        ],
        links=CALLS[kind],
        about=ABOUT.get(kind),
    )


async def service_file(request: Request, desk: Desk) -> Response:
    """The same as a file."""
    kind = Kind(page_path(request))
    asked = asked_of_file(request, desk, kind)
    lines = await exchange_of(request).read(lambda connection: _compared(connection, kind, desk, asked))
    return await report_file(request, kind.rpartition("/")[2], asked.span, service_grid(SERVICES[kind], lines))


def _compared(connection: Connection, kind: Kind, desk: Desk, asked: Asked) -> Sequence[Compared]:
    return compared(connection, SERVICES[kind], question_of(desk, asked), question_of(desk, asked, before=True))
