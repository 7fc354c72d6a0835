"""What pools of other sizes would have done with the company's own last ninety days."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.numbers.listing import PoolRecord, list_pools
from swapboard.switchboard.rehearsal import DAYS, Rehearsal, Rehearsals
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.plots import RehearsalPlot, rehearsal_plot
from swapboard.web.dashboard.rendering import page

MOST_POOLS = 100


@dataclass(frozen=True, slots=True)
class RehearsalView:
    """Everything the page shows."""

    pools: list[PoolRecord]
    pool: PoolRecord | None
    rehearsal: Rehearsal | None
    days: int = DAYS

    @property
    def plot(self) -> RehearsalPlot | None:
        results = self.rehearsal.results if self.rehearsal else []
        return rehearsal_plot(results) if len(results) > 1 else None


async def rehearsal_page(request: Request, desk: Desk) -> Response:
    """The pool's last rehearsal, or the button that begins one."""
    pools = await _pools(request, desk)
    pool = _asked(pools, request.query_params.get("pool"))
    rehearsal = _rehearsals(request).latest(desk.company_id, pool.pool_id) if pool else None
    return page("rehearsal.html", desk=desk, view=RehearsalView(pools, pool, rehearsal))


async def begin_rehearsal(request: Request, desk: Desk) -> Response:
    """Begin one and show how it goes."""
    wanted = (await request.form()).get("pool")
    pool = _asked(await _pools(request, desk), wanted if isinstance(wanted, str) else None)
    if pool is None:
        return RedirectResponse("/numbers/rehearsal", 303)
    _rehearsals(request).begin(desk.company_id, pool.pool_id, pool.active, desk.now)
    return RedirectResponse(f"/numbers/rehearsal?pool={pool.pool_id}", 303)


async def _pools(request: Request, desk: Desk) -> list[PoolRecord]:
    found = await exchange_of(request).read(
        lambda connection: list_pools(connection, desk.company_id, MOST_POOLS).rows
    )
    return list(found)


def _asked(pools: list[PoolRecord], pool_id: str | None) -> PoolRecord | None:
    return next((each for each in pools if each.pool_id == pool_id), next(iter(pools), None))


def _rehearsals(request: Request) -> Rehearsals:
    rehearsals: Rehearsals = request.app.state.rehearsals
    return rehearsals
