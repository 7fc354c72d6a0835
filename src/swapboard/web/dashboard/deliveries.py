"""What a destination was told: one message with every try, and sending it once more."""

from collections.abc import Sequence

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.conversions.delivery_log import Attempt, Delivery, attempts_of, delivery_by_id
from swapboard.conversions.destinations.request import shown
from swapboard.conversions.sending_again import BADLY, replay, send_again
from swapboard.conversions.store import DestinationRecord, destination_by_id
from swapboard.switchboard.destination_settings import may_end
from swapboard.web.dashboard.delivery_words import SAYING, STATE
from swapboard.web.dashboard.destination_form import FormFault, read_span
from swapboard.web.dashboard.destination_view import DESTINATIONS, destination_asked_for, show
from swapboard.web.dashboard.forms import read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import ngettext


async def replay_days(request: Request, desk: Desk) -> Response:
    """Send once more what was said on some days."""
    require_change(desk)
    form, record = await read_form(request), await destination_asked_for(request, desk)
    try:
        span = read_span(form, desk.company.time_zone)
    except FormFault as fault:
        return await show(request, desk, record, fault=str(fault), status=422)
    ended = may_end(record) if form.one("told_too") == "yes" else BADLY
    count = await exchange_of(request).change(
        lambda connection: replay(connection, desk.company_id, record.destination_id, span, desk.now, ended)
    )
    said = ngettext("%(count)s message is on its way again.", "%(count)s messages are on their way again.", count)
    said %= {"count": count}
    return await show(request, desk, record, said=said)


async def delivery_page(request: Request, desk: Desk) -> Response:
    """One message: every try, and the exact request that it is, without its secrets."""
    delivery_id, exchange = request.path_params["delivery_id"], exchange_of(request)

    def read(connection: Connection) -> tuple[Delivery, DestinationRecord, Sequence[Attempt]] | None:
        delivery = delivery_by_id(connection, desk.company_id, delivery_id)
        record = delivery and destination_by_id(connection, desk.company_id, delivery.destination_id)
        tries = attempts_of(connection, desk.company_id, delivery_id)
        return (delivery, record, tries) if delivery and record else None

    found = await exchange.read(read)
    if found is None:
        raise HTTPException(404)
    delivery, record, attempts = found
    try:
        requests = [shown(each) for each in exchange.deliverer.preview(record, delivery.message)]
    except ValueError:
        requests = []
    return page(
        "delivery.html",
        desk=desk,
        delivery=delivery,
        record=record,
        attempts=attempts,
        requests=requests,
        may_again=delivery.state in may_end(record),
        SAYING=SAYING,
        STATE=STATE,
    )


async def tell_again(request: Request, desk: Desk) -> Response:
    """Send what failed once more."""
    require_change(desk)
    delivery_id: str = request.path_params["delivery_id"]

    def write(connection: Connection) -> Delivery | None:
        delivery = delivery_by_id(connection, desk.company_id, delivery_id)
        if delivery:
            ended = may_end(destination_by_id(connection, desk.company_id, delivery.destination_id))
            send_again(connection, desk.company_id, delivery_id, desk.now, ended)
        return delivery

    delivery = await exchange_of(request).change(write)
    if delivery is None:
        raise HTTPException(404)
    return RedirectResponse(f"{DESTINATIONS}/{delivery.destination_id}#told", 303)
