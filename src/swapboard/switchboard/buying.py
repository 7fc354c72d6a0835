"""A number is looked for and bought: once, on a person's order, with no network inside a transaction."""

import asyncio
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from swapboard.calls.store import carrier_accounts
from swapboard.carriers.base import Carrier, CarrierError, Links, OfferedNumber, carrier_kind
from swapboard.numbers.inventory import NewNumber, NumberKind, add_numbers
from swapboard.numbers.listing import owned_among
from swapboard.numbers.matching import Wanted, nearest_first
from swapboard.numbers.number_log import NumberEvent, log_numbers
from swapboard.numbers.orders import NumberOrder, OrderState, close_order, open_order, order_by_key
from swapboard.storage.ids import new_id
from swapboard.switchboard.exchange import Exchange


class NoSuchCarrier(LookupError):
    """The company has no such account, or its credentials cannot be used; the message says which."""


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
    exchange: Exchange, company_id: str, carrier_id: str, target: str, wanted: Wanted, limit: int
) -> list[OfferedNumber]:
    """Numbers for sale that would do for the target, nearest first: its own area, then wherever there are some.

    Raises NoSuchCarrier, CarrierError.
    """
    carrier = await _carrier(exchange, company_id, carrier_id)
    found: dict[str, OfferedNumber] = {}
    for code in wanted.area_codes:
        if len(found) < limit:
            offered = await asyncio.to_thread(carrier.search, wanted.country, code, limit)
            found |= {each.number: each for each in offered if each.number not in found}
    owned = await exchange.read(lambda connection: owned_among(connection, company_id, list(found)))
    ranked = nearest_first(target, [number for number in found if number not in owned])
    return [found[number] for number in ranked[:limit]]


async def buy_number(
    exchange: Exchange, company_id: str, order_key: str, number: str, carrier_id: str, purpose: Purpose, actor: str
) -> NumberOrder:
    """Order a number, once: the same key again gives the same order's outcome, whatever became of it.

    Raises NoSuchCarrier, OrderReused. A refusal of the carrier is an order that failed.
    """
    carrier = await _carrier(exchange, company_id, carrier_id)
    order = NumberOrder(
        order_key, number, carrier_id, actor, purpose.facts(), OrderState.ORDERING, exchange.clock()
    )
    known = await exchange.change(lambda connection: _claim(connection, company_id, order))
    if known is not None:
        return known
    links = Links(exchange.settings.public_url, carrier_id)
    try:
        bought = await asyncio.to_thread(carrier.buy, number, links)
    except CarrierError as error:
        if not error.permanent:
            # The carrier may have done it all the same: nobody shall order again before looking.
            return order
        problem = str(error)
        return await exchange.change(lambda connection: _failed(connection, company_id, order, problem, exchange))
    return await exchange.configure(
        company_id, lambda connection: _keep(connection, company_id, order, purpose, bought, exchange)
    )


async def _carrier(exchange: Exchange, company_id: str, carrier_id: str) -> Carrier:
    def look(connection: Connection) -> tuple[str, str] | None:
        rows = {row.carrier_id: (row.kind, row.credentials) for row in carrier_accounts(connection, company_id)}
        return rows.get(carrier_id)

    account = await exchange.read(look)
    if account is None:
        raise NoSuchCarrier("There is no such carrier account.")
    kind, credentials = account
    try:
        return carrier_kind(kind).open(exchange.vault.unseal(credentials))
    except ValueError as error:
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
        raise OrderReused("This key came with another order before; make a new one for each order.")
    return known


def _failed(
    connection: Connection, company_id: str, order: NumberOrder, problem: str, exchange: Exchange
) -> NumberOrder:
    close_order(connection, company_id, order.order_key, exchange.clock(), problem=problem)
    return _known(connection, company_id, order)


def _keep(
    connection: Connection,
    company_id: str,
    order: NumberOrder,
    purpose: Purpose,
    bought: OfferedNumber,
    exchange: Exchange,
) -> NumberOrder:
    now = exchange.clock()
    new = NewNumber(
        number_id=new_id(now),
        number=bought.number,
        kind=NumberKind.POOL if purpose.pool_id else NumberKind.STATIC,
        created_at=now,
        carrier_id=order.carrier_id,
        carrier_ref=bought.carrier_ref,
        **purpose.facts(),
    )
    add_numbers(connection, company_id, [new])
    log_numbers(connection, company_id, [new.number_id], NumberEvent.BOUGHT, order.actor, now)
    close_order(
        connection,
        company_id,
        order.order_key,
        now,
        number_id=new.number_id,
        carrier_ref=bought.carrier_ref,
    )
    return _known(connection, company_id, order)


def _known(connection: Connection, company_id: str, order: NumberOrder) -> NumberOrder:
    return order_by_key(connection, company_id, order.order_key) or order
