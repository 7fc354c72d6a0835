"""Buying numbers: look for some that would do, then order one. Only a person who is signed in can, and once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row
from starlette.requests import Request
from starlette.responses import Response

from swapboard.calls.store import carrier_accounts
from swapboard.carriers.base import CarrierError, OfferedNumber
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.numbers.listing import PoolRecord, list_pools
from swapboard.numbers.matching import Wanted, mismatch, wanted_for
from swapboard.numbers.orders import NumberOrder, OrderState
from swapboard.numbers.target_listing import TargetRecord, list_targets
from swapboard.storage.ids import new_id
from swapboard.switchboard.buying import NoSuchCarrier, OrderReused, Purpose, buy_number, find_numbers
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.inventory import INVENTORY
from swapboard.web.dashboard.placements import PLACEMENTS
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.retold import retold
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _

MOST_OFFERED = 20
MOST_CHOICES = 200
FOR_ONE_PLACE = "one-place"
"""In the page's address: for one place, of which only the number on the site is not chosen yet."""
_LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Offer:
    """A number for sale; `order_key` makes its button one order, however often it is pressed."""

    offered: OfferedNumber
    odd: str | None
    order_key: str


@dataclass(frozen=True, slots=True)
class BuyView:
    """Everything the page shows."""

    pools: Sequence[PoolRecord]
    targets: Sequence[TargetRecord]
    carriers: Sequence[Row[*tuple[Any, ...]]]
    where: str
    carrier_id: str
    area_code: str
    target: TargetRecord | None
    offers: Sequence[Offer] | None
    """None before anything was looked for."""
    problem: str


async def buy_page(request: Request, desk: Desk) -> Response:
    """What to look for, and with `where` and `carrier` in the address what there is. Nothing is ordered."""
    require_change(desk)
    return await _show(request, desk)


async def order_number(request: Request, desk: Desk) -> Response:
    """Order the number: this costs money."""
    require_change(desk)
    form = await read_form(request)
    key = form.one("order_key")
    where, _colon, where_id = form.one("where").partition(":")
    if not (0 < len(key) <= _LONGEST_KEY and key.isalnum()):
        raise Refused(400, _("This order has no key. Open the page again."))
    known = await exchange_of(request).read(lambda connection: _ids(connection, desk, where))
    if where_id not in known:
        raise Refused(404, _("What this number was meant for is gone."))
    purpose = Purpose(
        pool_id=where_id if where == "pool" else None, target_id=where_id if where == "target" else None
    )
    try:
        order = await buy_number(
            exchange_of(request),
            desk.company_id,
            key,
            parse_number(form.one("number")),
            form.one("carrier"),
            purpose,
            desk.user.email,
        )
    except (NoSuchCarrier, OrderReused, NotANumber) as error:
        raise Refused(409, retold(error)) from error
    if order.state is OrderState.BOUGHT:
        return done(request, _home_of(order), retold(order.problem) if order.problem else _said_of(order))
    return await _show(request, desk, _problem(order), 409)


def _stands_in_one_place(order: NumberOrder) -> bool:
    return order.number_id is not None and order.purpose.get("target_id") is not None


def _home_of(order: NumberOrder) -> str:
    """A number for one place is not done before somebody says which."""
    return f"{PLACEMENTS}/{order.number_id}" if _stands_in_one_place(order) else INVENTORY


def _said_of(order: NumberOrder) -> str:
    if _stands_in_one_place(order):
        return _("The number is bought. Now say where it stands.")
    return _("The number is bought.")


def _problem(order: NumberOrder) -> str:
    if order.state is OrderState.FAILED:
        return _("The carrier refused: %s") % retold(order.problem or "")
    return _(
        "The carrier gave no clear answer for %s. Do not order again: in a few minutes the carrier's own list "
        "tells whether it was bought, and then it is among your numbers."
    ) % (order.number)


async def _show(request: Request, desk: Desk, problem: str = "", status: int = 200) -> Response:
    query = request.query_params
    where, carrier_id, area = query.get("where", ""), query.get("carrier", ""), query.get("area", "").strip()
    exchange = exchange_of(request)

    def read(
        connection: Connection,
    ) -> tuple[Sequence[PoolRecord], Sequence[TargetRecord], Sequence[Row[*tuple[Any, ...]]]]:
        return (
            list_pools(connection, desk.company_id, MOST_CHOICES).rows,
            list_targets(connection, desk.company_id, MOST_CHOICES).rows,
            carrier_accounts(connection, desk.company_id),
        )

    pools, targets, carriers = await exchange.read(read)
    if where == FOR_ONE_PLACE and targets:
        where = f"target:{targets[0].target_id}"
    target = _target(where, pools, targets)
    offers: Sequence[Offer] | None = None
    is_area = area.isascii() and area.isdigit()
    if area and not is_area:
        problem = problem or _("Write an area code in digits, such as 212, or leave it empty.")
    elif target and carrier_id:
        wanted = wanted_for(target.number)
        if area:
            wanted = Wanted(wanted.country, (area,))
        try:
            found = await find_numbers(exchange, desk.company_id, carrier_id, target.number, wanted, MOST_OFFERED)
            offers = [Offer(each, mismatch(target.number, each.number), new_id(desk.now)) for each in found]
        except (CarrierError, NoSuchCarrier) as error:
            problem = problem or retold(error)
    view = BuyView(pools, targets, carriers, where, carrier_id, area, target, offers, problem)
    return page("buy.html", status, desk=desk, view=view)


def _target(where: str, pools: Sequence[PoolRecord], targets: Sequence[TargetRecord]) -> TargetRecord | None:
    """The swap target that the number would stand for."""
    kind, _colon, where_id = where.partition(":")
    target_id = where_id
    if kind == "pool":
        target_id = next((pool.target_id for pool in pools if pool.pool_id == where_id), "")
    return next((target for target in targets if target.target_id == target_id), None)


def _ids(connection: Connection, desk: Desk, where: str) -> set[str]:
    if where == "pool":
        return {pool.pool_id for pool in list_pools(connection, desk.company_id, MOST_CHOICES).rows}
    return {target.target_id for target in list_targets(connection, desk.company_id, MOST_CHOICES).rows}
