"""Which channels earned the leads, by every way of counting side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from swapboard.attribution.channel_credit import ChannelCredit
from swapboard.reports.counting import CountedBy
from swapboard.switchboard.crediting import Span, channel_credit
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.periods import PERIOD, Period, bounds
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import _

COUNTED_BY: Mapping[CountedBy, str] = {
    CountedBy.BEST_MATCH: _("by the most probable visitor"),
    CountedBy.PROBABILITY: _("by how probable each visitor is"),
}


@dataclass(frozen=True, slots=True)
class CreditView:
    """Everything the page shows."""

    period: Period
    by: CountedBy
    credit: ChannelCredit


async def credit_page(request: Request, desk: Desk) -> Response:
    """A table of channels and ways of counting, for the leads that began in a period."""
    query = request.query_params
    period = Period(query["period"]) if query.get("period") in set(Period) else Period.MONTH
    by = CountedBy(query["by"]) if query.get("by") in set(CountedBy) else CountedBy.BEST_MATCH
    from_at, until_at = bounds(period, desk.moments)
    span = Span(from_at or 0, until_at or desk.now + 1, desk.company.look_back_days)
    credit = await exchange_of(request).read(
        lambda connection: channel_credit(connection, desk.company_id, span, by)
    )
    view = CreditView(period, by, credit)
    return page("lead_credit.html", desk=desk, view=view, periods=PERIOD, counted_by=COUNTED_BY)
