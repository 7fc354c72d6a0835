"""Reports on the service itself: who answered, spam, pools, and what destinations were told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.calls.spam import Signal
from swapboard.language import percent
from swapboard.reports.agents import Agent, agents
from swapboard.reports.costs import money
from swapboard.reports.delivered import Delivered, delivered
from swapboard.reports.pool_health import PoolHealth, pool_health
from swapboard.reports.rows_grid import rows_grid
from swapboard.reports.spam_calls import SpamCalls, SpammedNumber, spam_calls
from swapboard.reports.store import question
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.moments import duration
from swapboard.web.dashboard.report_files import file_routes, page_path, report_file
from swapboard.web.dashboard.report_query import Asked, read_asked
from swapboard.web.dashboard.reports import report_page
from swapboard.web.dashboard.translation import _
from swapboard.web.dashboard.words import SIGNAL, figure, phone

CENT_MICROS = 10_000
_PATH = "/reports/service/"
_NONE = "\u2013"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of such a report: its heading, and a row's cell in words."""

    heading: str
    says: Callable[[Any, Desk], str]


@dataclass(frozen=True, slots=True)
class Service:
    """A report: its rows are of one kind, the first column says what each is about."""

    title: str
    kind: type[Any]
    rows: Callable[[Connection, Desk, Asked], Sequence[Any]]
    columns: Sequence[Column]
    about: str
    empty: str
    link: Callable[[Any, Asked], str] | None = None
    """The address of what is behind a row."""
    takes_filter: bool = True


def _number(name: str) -> Callable[[Any, Desk], str]:
    return lambda row, _desk: figure(getattr(row, name))


def _seconds(name: str) -> Callable[[Any, Desk], str]:
    def says(row: Any, _desk: Desk) -> str:
        found = getattr(row, name)
        return _NONE if found is None else duration(found)

    return says


def _share(name: str) -> Callable[[Any, Desk], str]:
    def says(row: Any, _desk: Desk) -> str:
        found = getattr(row, name)
        return _NONE if found is None else percent(found)

    return says


def _phone(row: Agent | SpammedNumber, desk: Desk) -> str:
    return phone(row.number, desk.company.country) if row.number else _("Not known")


def _name(row: PoolHealth | Delivered, _desk: Desk) -> str:
    return row.name


def _value(row: Delivered, desk: Desk) -> str:
    return f"{money(row.value_cents * CENT_MICROS)} {desk.company.currency}" if row.value_cents else _NONE


def _spam(connection: Connection, desk: Desk, asked: Asked) -> SpamCalls:
    return spam_calls(connection, question(desk.company_id, asked.span, (), asked.terms))


SERVICES: dict[str, Service] = {
    "agents": Service(
        _("Who answered"),
        Agent,
        lambda connection, desk, asked: agents(
            connection, question(desk.company_id, asked.span, (), asked.terms, asked.counted_by)
        ),
        (
            Column(_("Phone"), _phone),
            Column(_("Rang"), _number("rang")),
            Column(_("Answered"), _number("answered")),
            Column(_("Share"), _share("answered_share")),
            Column(_("Rang before"), _seconds("mean_ring_seconds")),
            Column(_("Talked, each"), _seconds("mean_talk_seconds")),
            Column(_("Talked, together"), _seconds("talk_seconds")),
        ),
        _("A call that rings several phones counts at each of them, so its share is less than that of all."),
        _("No phone rang in these days."),
    ),
    "spam": Service(
        _("Spam"),
        SpammedNumber,
        lambda connection, desk, asked: _spam(connection, desk, asked).numbers,
        (
            Column(_("Number they called"), _phone),
            Column(_("Spam"), _number("spam")),
            Column(_("Turned away"), _number("turned_away")),
            Column(_("Time lost"), _seconds("talk_seconds")),
        ),
        _("These calls count in no other report. What is wrong here can be put right on the call's own page."),
        _("No spam in these days."),
    ),
    "pools": Service(
        _("Were the pools large enough?"),
        PoolHealth,
        lambda connection, desk, asked: pool_health(connection, desk.company_id, asked.span),
        (
            Column(_("Pool"), _name),
            Column(_("Numbers now"), _number("numbers")),
            Column(_("Visits with one"), _number("shown")),
            Column(_("None was free"), _number("without")),
            Column(_("Share"), _share("without_share")),
            Column(_("Calls"), _number("calls")),
            Column(_("Confidence"), _share("confidence")),
        ),
        _("Where none is free visits see a number that they share, and their calls cannot be told apart."),
        _("There is no pool."),
        link=lambda row, _asked: f"/numbers/sizing?pool={row.pool_id}",
        takes_filter=False,
    ),
    "deliveries": Service(
        _("What platforms were told"),
        Delivered,
        lambda connection, desk, asked: delivered(connection, desk.company_id, asked.span),
        (
            Column(_("Destination"), _name),
            Column(_("Conversions"), _number("conversions")),
            Column(_("Value"), _value),
            Column(_("Messages sent"), _number("sent")),
            Column(_("Waiting"), _number("waiting")),
            Column(_("Failed"), _number("failed")),
            Column(_("Held back"), _number("withheld")),
        ),
        _("Messages are more than conversions where something changed later, or was taken back."),
        _("There is no destination yet."),
        link=lambda row, _asked: f"/destinations/{row.destination_id}",
        takes_filter=False,
    ),
}


def service_routes() -> list[Route]:
    """The addresses of these reports."""
    return [
        *(route for name in SERVICES for route in file_routes(f"{_PATH}{name}", signed_in(service_file))),
        *(Route(f"{_PATH}{name}", signed_in(service_page)) for name in SERVICES),
    ]


async def service_page(request: Request, desk: Desk) -> Response:
    """One table, with what it says in words below."""
    name, service = _service(request)
    asked = read_asked(request.query_params, desk.moments)

    def read(connection: Connection) -> tuple[Sequence[Any], SpamCalls | None]:
        return service.rows(connection, desk, asked), _spam(connection, desk, asked) if name == "spam" else None

    rows, spam = await exchange_of(request).read(read)
    return report_page(
        "report_service.html",
        desk,
        asked,
        name,
        name=name,
        service=service,
        rows=rows,
        spam=spam,
        signals=[(SIGNAL[Signal(each)], count) for each, count in (spam.signals if spam else {}).items()],
    )


async def service_file(request: Request, desk: Desk) -> Response:
    """The same as a file."""
    name, service = _service(request)
    asked = read_asked(request.query_params, desk.moments)
    rows = await exchange_of(request).read(lambda connection: service.rows(connection, desk, asked))
    return await report_file(request, name, asked.span, rows_grid(service.kind, rows))


def _service(request: Request) -> tuple[str, Service]:
    name = page_path(request).removeprefix(_PATH)
    return name, SERVICES[name]
