"""What pools of other sizes would have done with the company's own last ninety days."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.numbers.listing import PoolRecord
from swapboard.switchboard.rehearsal import DAYS, Rehearsal
from swapboard.web.dashboard.forms import read_form
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.plots import RehearsalPlot, rehearsal_plot
from swapboard.web.dashboard.pool_choice import PoolChoice, choose_pool
from swapboard.web.dashboard.rendering import page


@dataclass(frozen=True, slots=True)
class RehearsalView:
    """Everything the page shows."""

    pools: Sequence[PoolRecord]
    pool: PoolRecord | None
    rehearsal: Rehearsal | None
    days: int = DAYS

    @property
    def plot(self) -> RehearsalPlot | None:
        results = self.rehearsal.results if self.rehearsal else []
        return rehearsal_plot(results) if len(results) > 1 else None


async def rehearsal_page(request: Request, desk: Desk) -> Response:
    """The pool's last rehearsal, or the button that begins one."""
    pools, pool = await _choice(request, desk, request.query_params.get("pool"))
    rehearsal = await exchange_of(request).rehearsals.latest(desk.company_id, pool.pool_id) if pool else None
    return page("rehearsal.html", desk=desk, view=RehearsalView(pools, pool, rehearsal))


async def begin_rehearsal(request: Request, desk: Desk) -> Response:
    """Begin one and show how it goes."""
    _, pool = await _choice(request, desk, (await read_form(request)).one("pool"))
    if pool is None:
        return RedirectResponse("/numbers/rehearsal", 303)
    exchange_of(request).rehearsals.begin(desk.company_id, pool.pool_id, pool.active, desk.now)
    return RedirectResponse(f"/numbers/rehearsal?pool={pool.pool_id}", 303)


async def _choice(request: Request, desk: Desk, pool_id: str | None) -> PoolChoice:
    return await exchange_of(request).read(lambda connection: choose_pool(connection, desk.company_id, pool_id))
