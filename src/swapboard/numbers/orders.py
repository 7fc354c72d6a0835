"""Orders of numbers at a carrier, in the database. An order costs money: its key makes it one order for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from swapboard.clock import Millis
from swapboard.storage.schema import number_orders


class OrderState(StrEnum):
    """How an order stands."""

    ORDERING = "ordering"
    """The carrier was asked, or is just being asked; if it stays so, nobody knows whether it was done."""
    BOUGHT = "bought"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NumberOrder:
    """A person's order of one number (E.164) at one of the company's carrier accounts."""

    order_key: str
    number: str
    carrier_id: str
    actor: str
    purpose: Mapping[str, Any]
    """What it is bought for: pool_id, or target_id and what the placement stands for."""
    state: OrderState
    created_at: Millis
    carrier_ref: str | None = None
    problem: str | None = None
    number_id: str | None = None
    finished_at: Millis | None = None


def order_by_key(connection: Connection, company_id: str, order_key: str) -> NumberOrder | None:
    """The order with this key, or None."""
    query = select(number_orders).where(
        number_orders.c.company_id == company_id, number_orders.c.order_key == order_key
    )
    row = connection.execute(query).one_or_none()
    return _order(row) if row else None


def open_order(connection: Connection, company_id: str, order: NumberOrder) -> None:
    """Write an order before the carrier is asked. Raises IntegrityError when the key was used."""
    connection.execute(
        insert(number_orders).values(
            company_id=company_id,
            order_key=order.order_key,
            number=order.number,
            carrier_id=order.carrier_id,
            state=order.state.value,
            actor=order.actor,
            purpose=dict(order.purpose),
            created_at=order.created_at,
        )
    )


def close_order(
    connection: Connection,
    company_id: str,
    order_key: str,
    now: Millis,
    *,
    number_id: str | None = None,
    carrier_ref: str | None = None,
    problem: str | None = None,
) -> None:
    """Write how it went: bought as `number_id`, or failed with the carrier's words."""
    state = OrderState.BOUGHT if number_id else OrderState.FAILED
    row = (number_orders.c.company_id == company_id, number_orders.c.order_key == order_key)
    told = {"number_id": number_id, "carrier_ref": carrier_ref, "problem": problem}
    connection.execute(update(number_orders).where(*row).values(state=state.value, finished_at=now, **told))


def unclear_orders(connection: Connection, company_id: str, before_at: Millis) -> list[NumberOrder]:
    """Orders of which nobody knows whether the carrier did them: the server died between asking and hearing."""
    query = select(number_orders).where(
        number_orders.c.company_id == company_id,
        number_orders.c.state == OrderState.ORDERING.value,
        number_orders.c.created_at < before_at,
    )
    return [_order(row) for row in connection.execute(query.order_by(number_orders.c.created_at))]


def refused_since(connection: Connection, company_id: str, carrier_id: str, since: Millis) -> set[str]:
    """The numbers (E.164) that this account was refused: it may be offered them still."""
    query = select(number_orders.c.number).where(
        number_orders.c.company_id == company_id,
        number_orders.c.carrier_id == carrier_id,
        number_orders.c.state == OrderState.FAILED.value,
        number_orders.c.finished_at >= since,
    )
    return set(connection.execute(query).scalars())


def _order(row: Row[*tuple[Any, ...]]) -> NumberOrder:
    return NumberOrder(
        order_key=row.order_key,
        number=row.number,
        carrier_id=row.carrier_id,
        actor=row.actor,
        purpose=row.purpose,
        state=OrderState(row.state),
        created_at=row.created_at,
        carrier_ref=row.carrier_ref,
        problem=row.problem,
        number_id=row.number_id,
        finished_at=row.finished_at,
    )
