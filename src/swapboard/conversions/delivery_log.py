"""What destinations were told, and what waits, as people look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from swapboard.clock import Millis
from swapboard.conversions.deliveries import MESSAGE
from swapboard.conversions.message import Message
from swapboard.conversions.outbox import Result, State
from swapboard.leads.lead import ContactKind
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import deliveries, delivery_attempts


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as people look at it."""

    delivery_id: str
    destination_id: str
    message: Message
    state: State
    said_at: Millis
    due_at: Millis
    attempts: int
    ended_at: Millis | None
    words: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a delivery."""

    attempt: int
    happened_at: Millis
    result: Result


def list_deliveries(
    connection: Connection,
    company_id: str,
    destination_id: str | None = None,
    state: State | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Delivery]:
    """A page of what was or is to be told, the latest first. Raises BadCursor."""
    query = select(deliveries).where(deliveries.c.company_id == company_id)
    if destination_id is not None:
        query = query.where(deliveries.c.destination_id == destination_id)
    if state is not None:
        query = query.where(deliveries.c.state == state)
    ordered = after(query, deliveries.c.said_at, deliveries.c.delivery_id, limit, cursor, newest_first=True)
    records = [_delivery(row) for row in connection.execute(ordered)]
    return page_of(records, limit, lambda each: Key(each.said_at, each.delivery_id))


def how_many(connection: Connection, company_id: str) -> Mapping[str, Mapping[State, int]]:
    """How many deliveries each destination (by id) has in each state."""
    query = select(deliveries.c.destination_id, deliveries.c.state, func.count().label("many")).where(
        deliveries.c.company_id == company_id
    )
    found: dict[str, dict[State, int]] = {}
    for row in connection.execute(query.group_by(deliveries.c.destination_id, deliveries.c.state)):
        found.setdefault(row.destination_id, {})[State(row.state)] = row.many
    return found


def delivery_by_id(connection: Connection, company_id: str, delivery_id: str) -> Delivery | None:
    """The delivery, or None."""
    mine = deliveries.c.company_id == company_id, deliveries.c.delivery_id == delivery_id
    row = connection.execute(select(deliveries).where(*mine)).one_or_none()
    return _delivery(row) if row else None


def deliveries_of(
    connection: Connection, company_id: str, kind: ContactKind, contact_id: str
) -> Mapping[str, Sequence[Delivery]]:
    """What each destination (by id) was told of a contact, oldest first."""
    query = select(deliveries).where(
        deliveries.c.company_id == company_id, deliveries.c.kind == kind, deliveries.c.contact_id == contact_id
    )
    found: dict[str, list[Delivery]] = {}
    for row in connection.execute(query.order_by(deliveries.c.delivery_id)):
        found.setdefault(row.destination_id, []).append(_delivery(row))
    return found


def attempts_of(connection: Connection, company_id: str, delivery_id: str) -> Sequence[Attempt]:
    """Every try of a delivery, oldest first."""
    query = select(delivery_attempts).where(
        delivery_attempts.c.company_id == company_id, delivery_attempts.c.delivery_id == delivery_id
    )
    return [
        Attempt(row.attempt, row.happened_at, Result(row.outcome, row.words))
        for row in connection.execute(query.order_by(delivery_attempts.c.attempt))
    ]


def _delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
    return Delivery(
        row.delivery_id,
        row.destination_id,
        MESSAGE.validate_python(row.message),
        State(row.state),
        row.said_at,
        row.due_at,
        row.attempts,
        row.ended_at,
        row.words,
    )
