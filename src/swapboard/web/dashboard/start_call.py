"""Step 5 of the assistant: a first call, seen as it arrives; with practice numbers the page rings by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.accounts.store import sites_of
from swapboard.calls.listing import CallFilter, CallRecord, list_calls
from swapboard.carriers.sandbox.invented import is_invented
from swapboard.carriers.sandbox.network import DialRequest, NotInService
from swapboard.numbers.e164 import NotANumber
from swapboard.numbers.listing import NumberFilter, NumberRecord, list_numbers
from swapboard.visits.listing import SessionFilter, SessionRecord, list_sessions
from swapboard.web.dashboard.forms import read_form
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.reach import reach_of
from swapboard.web.dashboard.start_page import start_page
from swapboard.web.dashboard.start_steps import Step
from swapboard.web.dashboard.translation import _

MOST_NUMBERS = 50
LAST_CALLS = 3
PRACTICE_CALLER = "+12125550111"
RING_SECONDS = 4.0
TALK_SECONDS = 20


@dataclass(frozen=True, slots=True)
class CallView:
    """What can be rung, what a visitor sees at the moment, and the calls that came."""

    numbers: Sequence[NumberRecord]
    shown: Sequence[tuple[str, SessionRecord]]
    """Numbers that visitors see now, each with the visit."""
    calls: Sequence[CallRecord]
    site: str
    problem: str = ""

    @property
    def dialled(self) -> str:
        """The number to try: one that a visitor sees now, so that the call finds its visit."""
        return self.shown[0][0] if self.shown else self.numbers[0].number if self.numbers else ""

    @property
    def can_practise(self) -> bool:
        return bool(self.dialled) and is_invented(self.dialled)


async def show_call(request: Request, desk: Desk) -> Response:
    """What to dial, and what came of it."""
    return await _show(request, desk)


async def ring(request: Request, desk: Desk) -> Response:
    """The practice network's caller dials a number of the company's."""
    wanted = (await read_form(request)).one("number")
    network_of = reach_of(request).network_of
    if network_of is None:
        return await _show(request, desk, _("This server has no practice network: ring from a telephone."))
    try:
        network_of(desk.company_id).dial(
            DialRequest(wanted, PRACTICE_CALLER, TALK_SECONDS, ring_seconds=RING_SECONDS)
        )
    except (NotInService, NotANumber):
        problem = _("This is no practice number. Ring it from a telephone.")
        return await _show(request, desk, problem)
    return RedirectResponse(f"{Step.CALL.path}?rung=yes", 303)


async def _show(request: Request, desk: Desk, problem: str = "") -> Response:
    view = await exchange_of(request).read(lambda connection: _look(connection, desk, problem))
    is_rung = request.query_params.get("rung") == "yes"
    return await start_page(request, desk, Step.CALL, 409 if problem else 200, view=view, is_rung=is_rung)


def _look(connection: Connection, desk: Desk, problem: str) -> CallView:
    sites = sites_of(connection, desk.company_id)
    sessions = list_sessions(connection, desk.company_id, SessionFilter(), MOST_NUMBERS).rows
    return CallView(
        numbers=list_numbers(connection, desk.company_id, NumberFilter(), MOST_NUMBERS).rows,
        shown=[(held.number, each) for each in sessions for held in each.shown if held.until_at is None],
        calls=list_calls(connection, desk.company_id, CallFilter(), LAST_CALLS).rows,
        site=next((host for site in sites for host in site.hosts), ""),
        problem=problem,
    )
