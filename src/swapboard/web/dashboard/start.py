"""The set-up assistant: its summary, and the steps' addresses."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.conversions.store import list_destinations
from swapboard.web.dashboard.forms import require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.start_call import ring, show_call
from swapboard.web.dashboard.start_carrier import connect, show_carrier
from swapboard.web.dashboard.start_number import save_number, show_number
from swapboard.web.dashboard.start_numbers import get_numbers, show_numbers
from swapboard.web.dashboard.start_page import start_page
from swapboard.web.dashboard.start_site import show_site
from swapboard.web.dashboard.start_steps import ANALYTICS_KIND, START, Step

_View = Callable[[Request, Desk], Awaitable[Response]]


def start_routes() -> list[Route]:
    """Every address below /setup/start; all are for people who may change the set-up."""
    return [
        Route(START, signed_in(_changers(summary)), methods=["GET"]),
        Route(Step.NUMBER.path, signed_in(_changers(show_number)), methods=["GET"]),
        Route(Step.NUMBER.path, signed_in(_changers(save_number)), methods=["POST"]),
        Route(Step.CARRIER.path, signed_in(_changers(show_carrier)), methods=["GET"]),
        Route(Step.CARRIER.path, signed_in(_changers(connect)), methods=["POST"]),
        Route(Step.NUMBERS.path, signed_in(_changers(show_numbers)), methods=["GET"]),
        Route(Step.NUMBERS.path, signed_in(_changers(get_numbers)), methods=["POST"]),
        Route(Step.SITE.path, signed_in(_changers(show_site)), methods=["GET"]),
        Route(Step.CALL.path, signed_in(_changers(show_call)), methods=["GET"]),
        Route(Step.CALL.path, signed_in(_changers(ring)), methods=["POST"]),
        Route(Step.ANALYTICS.path, signed_in(_changers(show_analytics)), methods=["GET"]),
    ]


async def summary(request: Request, desk: Desk) -> Response:
    """What is done and what is left."""
    return await start_page(request, desk, None)


async def show_analytics(request: Request, desk: Desk) -> Response:
    """Whether Google Analytics is told of calls, or the way to its form."""
    found = await exchange_of(request).read(lambda connection: list_destinations(connection, desk.company_id).rows)
    told = [each for each in found if each.kind == ANALYTICS_KIND]
    return await start_page(request, desk, Step.ANALYTICS, told=told, ANALYTICS_KIND=ANALYTICS_KIND)


def _changers(view: _View) -> _View:
    async def answer(request: Request, desk: Desk) -> Response:
        require_change(desk)
        return await view(request, desk)

    return answer
