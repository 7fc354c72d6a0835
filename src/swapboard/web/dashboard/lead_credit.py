"""Which channels earned the leads, by every way of counting side by side."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.accounts.company import LOOK_BACK_DAYS
from swapboard.accounts.store import change_company, company_by_id
from swapboard.attribution.channel_credit import ChannelCredit
from swapboard.reports.counting import CountedBy
from swapboard.switchboard.crediting import Span, channel_credit
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.periods import PERIOD, Period, bounds
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.report_words import COUNTED_BY
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _

CREDIT = "/leads/credit"


@dataclass(frozen=True, slots=True)
class CreditView:
    """Everything the page shows."""

    period: Period
    by: CountedBy
    credit: ChannelCredit


async def save_look_back(request: Request, desk: Desk) -> Response:
    """For how many days before a lead a visit has a share in it. Raises Refused (403, 422)."""
    require_change(desk)
    days = (await read_form(request)).whole_number("days")
    if days not in LOOK_BACK_DAYS:
        raise Refused(422, _("Write a whole number of days, from 1 to 730."))

    def write(connection: Connection) -> None:
        company = company_by_id(connection, desk.company_id) or desk.company
        change_company(connection, replace(company, look_back_days=days))

    await exchange_of(request).configure(desk.company_id, write)
    said = _("Visits of the %(days)s days before a lead count from now on.") % {"days": days}
    return done(request, CREDIT, said)


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
