"""How far the confidence can be trusted: the calls of which we know who made them, by what tells us."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from swapboard.attribution.calibration import Reliability, reliability
from swapboard.clock import DAY
from swapboard.switchboard.confirming import CHECKED_DAYS, Proof, confirmations
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.plots import TrustPlot, trust_plot
from swapboard.web.dashboard.rendering import page


@dataclass(frozen=True, slots=True)
class Proven:
    """The calls that one kind of proof checks."""

    proof: Proof
    found: Reliability
    plot: TrustPlot


async def trust_page(request: Request, desk: Desk) -> Response:
    """For each kind of proof, a plot of confidence against what proved right, with a table of the same."""
    since = desk.now - CHECKED_DAYS * DAY
    checks = await exchange_of(request).read(lambda connection: confirmations(connection, desk.company_id, since))
    proven: Sequence[Proven] = [
        Proven(proof, found, trust_plot(found))
        for proof, found in ((proof, reliability(each)) for proof, each in checks.items())
    ]
    return page("trust.html", desk=desk, proven=proven, days=CHECKED_DAYS, Proof=Proof)
