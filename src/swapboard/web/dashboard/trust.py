"""How far the confidence can be trusted: the calls that a tap gave away, by how sure we were without it."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from swapboard.attribution.calibration import Reliability, reliability
from swapboard.attribution.store import checks_since
from swapboard.clock import DAY
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.plots import TrustPlot, trust_plot
from swapboard.web.dashboard.rendering import page

CHECKED_DAYS = 90


@dataclass(frozen=True, slots=True)
class TrustView:
    """Everything the page shows."""

    found: Reliability
    plot: TrustPlot
    days: int = CHECKED_DAYS


async def trust_page(request: Request, desk: Desk) -> Response:
    """A plot of confidence against what proved right, with a table of the same."""
    since = desk.now - CHECKED_DAYS * DAY
    checks = await exchange_of(request).read(lambda connection: checks_since(connection, desk.company_id, since))
    found = reliability(checks)
    return page("trust.html", desk=desk, view=TrustView(found, trust_plot(found)))
