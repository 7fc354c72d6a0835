"""The page of all numbers, and what is done there with many at once."""

from dataclasses import replace

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.accounts.company import QUARANTINE_DAYS
from swapboard.accounts.store import change_company, company_by_id
from swapboard.carriers.base import CarrierError
from swapboard.numbers.acting import Order, act
from swapboard.numbers.lifecycle import Action, NotPossible, NotPossibleWith
from swapboard.numbers.listing import number_by_id
from swapboard.numbers.returns import end_now, keep
from swapboard.switchboard.buying import NoSuchCarrier
from swapboard.switchboard.pointing import NotThere, point_here
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.inventory_view import ACTION, LOGGED, STATES, STATUS, TROUBLE, looked_at, sought_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.retold import retold
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _
from swapboard.web.dashboard.words import phone

INVENTORY = "/numbers/inventory"
MOST_CHOSEN_BYTES = 512 * 1024
"""Of all numbers of a list of ten thousand: each is 43 bytes in the form."""


async def inventory_page(request: Request, desk: Desk) -> Response:
    """All numbers that are not released."""
    return await show(request, desk)


async def act_on_numbers(request: Request, desk: Desk) -> Response:
    """Do one thing with all chosen numbers, or with none."""
    require_change(desk)
    form = await read_form(request, MOST_CHOSEN_BYTES)
    action = form.one("action")
    if action not in set(Action) or not form.every("number_id"):
        return await show(request, desk, _("Choose some numbers, and what to do with them."), 422, form)
    if action == Action.RELEASE and not form.one("sure"):
        return await show(request, desk, status=409, form=form, asks_sure=True)
    where, _colon, where_id = form.one("where").partition(":")
    is_assign = action == Action.ASSIGN
    order = Order(
        action=Action(action),
        number_ids=form.every("number_id"),
        actor=desk.user.email,
        pool_id=where_id if is_assign and where == "pool" else None,
        target_id=where_id if is_assign and where == "target" else None,
    )
    try:
        changed = await exchange_of(request).configure(
            desk.company_id, lambda connection: act(connection, desk.company_id, order, desk.now)
        )
    except NotPossibleWith as error:
        said = f"{phone(error.number, desk.company.country)}: {error.why}"
        return await show(request, desk, said, 409, form)
    except NotPossible as error:
        return await show(request, desk, str(error), 409, form)
    return done(request, _back(request), _what_changed(len(changed), len(set(order.number_ids))))


def _back(request: Request) -> str:
    """To the numbers that were looked for."""
    return f"{INVENTORY}{sought_in(request.query_params).query}"


def _what_changed(changed: int, chosen: int) -> str:
    if not changed:
        return _("Nothing changed: that is so already.")
    if changed < chosen:
        counts = {"changed": changed, "chosen": chosen}
        return _("It is done with %(changed)s of %(chosen)s; the others were so already.") % counts
    return _("It is done. The log below tells who did what.")


async def save_quarantine(request: Request, desk: Desk) -> Response:
    """For how many days numbers ring on after they were taken off. Raises Refused (403)."""
    require_change(desk)
    form = await read_form(request)
    days = form.whole_number("days")
    if days not in QUARANTINE_DAYS:
        fault = _("Write a whole number of days, from 1 to 365.")
        return await show(request, desk, status=422, form=form, days_fault=fault)

    def write(connection: Connection) -> None:
        company = company_by_id(connection, desk.company_id) or desk.company
        change_company(connection, replace(company, quarantine_days=days))

    await exchange_of(request).configure(desk.company_id, write)
    said = _("Numbers that are taken off ring on for %(days)s days from now on.") % {"days": days}
    return done(request, INVENTORY, said)


async def act_on_return(request: Request, desk: Desk) -> Response:
    """End a released number at its carrier now, or keep it there."""
    require_change(desk)
    form = await read_form(request)
    number_id, action = form.one("number_id"), form.one("action")
    if action not in {"now", "keep"}:
        raise Refused(422, _("Choose whether the number is to end or to stay."))

    def write(connection: Connection) -> bool:
        if action == "keep":
            return keep(connection, desk.company_id, number_id, desk.now)
        return end_now(connection, desk.company_id, number_id, desk.user.email, desk.now)

    if not await exchange_of(request).change(write):
        return await show(request, desk, _("This number is no longer on its way back."), 409)
    said = _("The number stays at its carrier.") if action == "keep" else _("The number ends at its carrier now.")
    return done(request, INVENTORY, said)


async def point(request: Request, desk: Desk) -> Response:
    """Send a number's calls here, at its carrier."""
    require_change(desk)
    form = await read_form(request)
    exchange = exchange_of(request)
    number = await exchange.read(lambda connection: number_by_id(connection, desk.company_id, form.one("point")))
    if number is None or number.released_at is not None:
        raise Refused(404, _("There is no such number."))
    try:
        await point_here(exchange, desk.company_id, number, desk.user.email)
    except (CarrierError, NoSuchCarrier, NotThere) as error:
        return await show(request, desk, retold(error), 502)
    return done(request, _back(request), _("The carrier sends the number's calls here from now on."))


async def show(
    request: Request,
    desk: Desk,
    problem: str = "",
    status: int = 200,
    form: Form | None = None,
    days_fault: str = "",
    asks_sure: bool = False,
) -> Response:
    """The page, with what could not be done, and what was chosen and typed; `days_fault` goes beside its field.

    `asks_sure` whether the chosen numbers are to be released: that cannot be taken back.
    """
    sought = sought_in(request.query_params)
    view = await exchange_of(request).read(lambda connection: looked_at(connection, desk, sought))
    return page(
        "inventory.html",
        status,
        desk=desk,
        view=view,
        problem=problem,
        days_fault=days_fault,
        asks_sure=asks_sure,
        typed=form or Form({}),
        STATUS=STATUS,
        ACTION=ACTION,
        TROUBLE=TROUBLE,
        LOGGED=LOGGED,
        STATES=STATES,
    )
