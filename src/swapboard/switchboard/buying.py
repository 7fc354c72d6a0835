"""A number is looked for and bought: once, on a person's order, with no network inside a transaction."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from swapboard.calls.store import carrier_accounts
from swapboard.carriers.base import Carrier, CarrierError, Fault, OfferedNumber
from swapboard.carriers.opening import open_account
from swapboard.clock import MINUTE, Millis
from swapboard.language import _
from swapboard.numbers.inventory import NewNumber, NumberKind, NumberStatus, add_numbers
from swapboard.numbers.listing import NumberFilter, answering_among, list_numbers, owned_among, pool_by_id
from swapboard.numbers.matching import Wanted, nearest_first
from swapboard.numbers.number_log import NumberEvent, log_numbers
from swapboard.numbers.orders import (
    NumberOrder,
    OrderState,
    close_order,
    open_order,
    order_by_key,
    unclear_orders,
)
from swapboard.numbers.target_listing import target_by_id
from swapboard.storage.ids import new_id
from swapboard.switchboard.adapter_faults import ask_carrier
from swapboard.switchboard.fallback import links_to

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

SPARE = 100
"""So many of what is offered may be of no use: the sandbox offers every invented number, ours too."""
UNCLEAR_AFTER: Millis = 2 * MINUTE
"""Longer than a carrier is waited for."""
LOST_AFTER: Millis = 10 * MINUTE
"""Carriers' lists have by then what was ordered."""
NOT_BOUGHT = _("The carrier gave no answer, and does not have the number in your account: it was not bought.")

AWAITED = _(
    "The number is bought, and does not ring yet: the carrier waits for papers that its country asks for. It is "
    "paused here. Activate it once it rings."
)
ELSEWHERE = _(
    "The number is bought, and the carrier refuses to send its calls here. It is paused here. Put that right at "
    "the carrier, then activate it."
)


class NoSuchCarrier(LookupError):
    """The company has no such account, or it cannot be opened; the message says why."""


class OrderReused(ValueError):
    """The key came with another order before."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a number is bought for: a pool, or one place for a target; what it stands for is a static number's."""

    pool_id: str | None = None
    target_id: str | None = None
    placement: str | None = None
    channel: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    monthly_cents: int | None = None

    def facts(self) -> dict[str, Any]:
        """As an order keeps it."""
        return {name: getattr(self, name) for name in self.__slots__ if getattr(self, name) is not None}


async def find_numbers(
    exchange: "Exchange", company_id: str, carrier_id: str, target: str, wanted: Wanted, limit: int
) -> list[OfferedNumber]:
    """Numbers for sale that would do for the target, nearest first: its own area, then wherever there are some.

    Raises NoSuchCarrier, CarrierError.
    """
    carrier = await open_carrier(exchange, company_id, carrier_id)
    found: dict[str, OfferedNumber] = {}
    refusals: list[CarrierError] = []
    for code in wanted.area_codes:
        if len(found) < limit:
            try:
                offered = await ask_carrier(carrier.search, wanted.country, code, limit + SPARE)
            except CarrierError as error:
                # An area that it does not cover: there may be numbers in the next.
                if error.fault is not Fault.REQUEST:
                    raise
                refusals.append(error)
                continue
            found |= await exchange.read(partial(_free_among, company_id, offered))
    if len(refusals) == len(wanted.area_codes):
        raise refusals[0]
    return [found[number] for number in nearest_first(target, found)[:limit]]


def _free_among(
    company_id: str, offered: Sequence[OfferedNumber], connection: Connection
) -> dict[str, OfferedNumber]:
    """Those that are not ours already, nor answered by people: calls to these would go in circles."""
    of_number = {each.number: each for each in offered}
    names = list(of_number)
    taken = owned_among(connection, company_id, names) | answering_among(connection, company_id, names)
    return {number: each for number, each in of_number.items() if number not in taken}


async def buy_number(
    exchange: "Exchange",
    company_id: str,
    order_key: str,
    number: str,
    carrier_id: str,
    purpose: Purpose,
    actor: str,
) -> NumberOrder:
    """Order a number, once: the same key again gives the same order's outcome, whatever became of it.

    Raises NoSuchCarrier, OrderReused. A refusal of the carrier is an order that failed.
    """
    carrier = await open_carrier(exchange, company_id, carrier_id)
    order = NumberOrder(
        order_key, number, carrier_id, actor, purpose.facts(), OrderState.ORDERING, exchange.clock()
    )
    known = await exchange.change(lambda connection: _claim(connection, company_id, order))
    if known is not None:
        return known
    return await place_order(exchange, company_id, carrier, order)


async def place_order(exchange: "Exchange", company_id: str, carrier: Carrier, order: NumberOrder) -> NumberOrder:
    """Ask the carrier, once, for what was written down as an order just now; tells what became of it."""
    links = await links_to(exchange, company_id, order.carrier_id, order.number)
    try:
        bought = await ask_carrier(carrier.buy, order.number, links)
    except CarrierError as error:
        problem = str(error)
        if not error.permanent:
            # The carrier may have done it all the same: nobody shall order again before looking.
            return replace(order, problem=problem)
        return await exchange.change(partial(_failed, company_id, order, problem, exchange))
    return await _kept(exchange, company_id, order, bought)


async def settle_orders(exchange: "Exchange", company_id: str) -> None:
    """Look into the carrier's list for orders that got no clear answer, so that nobody has to order twice.

    The server may have died between asking and hearing. What the account has is kept; what it has not, and is old
    enough to have come, failed. An account that cannot be asked is asked the next time.
    """
    now = exchange.clock()
    unclear = await exchange.read(lambda connection: unclear_orders(connection, company_id, now - UNCLEAR_AFTER))
    for order in unclear:
        try:
            carrier = await open_carrier(exchange, company_id, order.carrier_id)
            found = await ask_carrier(carrier.owned, order.number)
            if found:
                is_here = await _is_pointed(exchange, company_id, carrier, order, found)
                await _kept(exchange, company_id, order, found, None if is_here else ELSEWHERE)
            elif order.created_at < now - LOST_AFTER:
                await exchange.change(partial(_failed, company_id, order, NOT_BOUGHT, exchange))
        except (CarrierError, NoSuchCarrier) as error:
            log.warning("whether %s was bought cannot be asked: %s", order.number, error)
        except IntegrityError:
            log.exception("%s was bought, and is looked at again: something else changed meanwhile", order.number)


async def _is_pointed(
    exchange: "Exchange", company_id: str, carrier: Carrier, order: NumberOrder, found: OfferedNumber
) -> bool:
    """Have its calls come here; what refuses that for good is for a person to mend, who sees the number.

    Raises CarrierError.
    """
    links = await links_to(exchange, company_id, order.carrier_id, order.number)
    try:
        await ask_carrier(carrier.configure, found.carrier_ref or "", links)
    except CarrierError as error:
        if not error.permanent:
            raise
        log.warning("%s was bought, and its calls do not come here: %s", order.number, error)
        return False
    return True


async def _kept(
    exchange: "Exchange", company_id: str, order: NumberOrder, bought: OfferedNumber, problem: str | None = None
) -> NumberOrder:
    """Of what has a `problem`, whoever calls it would not get through: nobody is shown it."""
    if bought.is_awaited:
        # For the time being some carriers refuse whatever else is asked of it.
        problem = AWAITED
    return await exchange.configure(
        company_id, lambda connection: _keep(connection, company_id, order, bought, problem, exchange.clock())
    )


async def open_carrier(exchange: "Exchange", company_id: str, carrier_id: str) -> Carrier:
    """The company's account, ready to be asked. Raises NoSuchCarrier."""

    def look(connection: Connection) -> tuple[str, str] | None:
        rows = {row.carrier_id: (row.kind, row.credentials) for row in carrier_accounts(connection, company_id)}
        return rows.get(carrier_id)

    account = await exchange.read(look)
    if account is None:
        raise NoSuchCarrier("There is no such carrier account.")
    kind, credentials = account
    try:
        return open_account(kind, credentials, exchange.vault)
    except CarrierError as error:
        raise NoSuchCarrier(str(error)) from error


def _claim(connection: Connection, company_id: str, order: NumberOrder) -> NumberOrder | None:
    """The order that has the key already; None when it is now ours."""
    known = order_by_key(connection, company_id, order.order_key)
    if known is None:
        open_order(connection, company_id, order)
        return None
    if (known.number, known.carrier_id, dict(known.purpose)) != (
        order.number,
        order.carrier_id,
        dict(order.purpose),
    ):
        raise OrderReused(_("This key came with another order before; make a new one for each order."))
    return known


def _failed(
    company_id: str, order: NumberOrder, problem: str, exchange: "Exchange", connection: Connection
) -> NumberOrder:
    close_order(connection, company_id, order.order_key, exchange.clock(), problem=problem)
    return _known(connection, company_id, order)


def _keep(
    connection: Connection,
    company_id: str,
    order: NumberOrder,
    bought: OfferedNumber,
    problem: str | None,
    now: Millis,
) -> NumberOrder:
    known = _known(connection, company_id, order)
    if known.state is OrderState.BOUGHT:
        return known
    here = list_numbers(connection, company_id, NumberFilter(number=bought.number)).rows
    # Somebody may have looked into the account, and brought the number in by hand.
    number_id = here[0].number_id if here else _added(connection, company_id, order, bought, problem, now)
    told = {"number_id": number_id, "carrier_ref": bought.carrier_ref}
    close_order(connection, company_id, order.order_key, now, **told, problem=None if here else problem)
    return _known(connection, company_id, order)


def _added(
    connection: Connection,
    company_id: str,
    order: NumberOrder,
    bought: OfferedNumber,
    problem: str | None,
    now: Millis,
) -> str:
    purpose = _still_there(connection, company_id, Purpose(**order.purpose))
    is_shown = (purpose.pool_id or purpose.target_id) and not problem
    new = NewNumber(
        number_id=new_id(now),
        number=bought.number,
        kind=NumberKind.POOL if purpose.pool_id else NumberKind.STATIC,
        status=NumberStatus.ACTIVE if is_shown else NumberStatus.PAUSED,
        created_at=now,
        carrier_id=order.carrier_id,
        carrier_ref=bought.carrier_ref,
        **purpose.facts(),
    )
    add_numbers(connection, company_id, [new])
    detail = {"problem": problem} if problem else {}
    log_numbers(connection, company_id, [new.number_id], NumberEvent.BOUGHT, order.actor, now, detail)
    return new.number_id


def _still_there(connection: Connection, company_id: str, purpose: Purpose) -> Purpose:
    """Without what was removed since: the number costs, so it is kept, for a person to say what now."""
    if purpose.pool_id and pool_by_id(connection, company_id, purpose.pool_id) is None:
        purpose = replace(purpose, pool_id=None)
    if purpose.target_id and target_by_id(connection, company_id, purpose.target_id) is None:
        purpose = replace(purpose, target_id=None)
    return purpose


def _known(connection: Connection, company_id: str, order: NumberOrder) -> NumberOrder:
    return order_by_key(connection, company_id, order.order_key) or order
