"""What destinations were told, and what became of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, select

from swapboard.conversions.outbox import State
from swapboard.reports.store import Question
from swapboard.storage.schema import conversions, deliveries, destinations


@dataclass(frozen=True, slots=True)
class Delivered:
    """A destination's messages of some days, and what counts there from those days."""

    destination_id: str
    name: str
    sent: int
    waiting: int
    failed: int
    withheld: int
    """For a reason of ours, such as an objection."""
    conversions: int
    """Calls and forms that count, and that it took word of: not what was only tried, held back or refused."""
    value_cents: int
    """Theirs, together."""


def delivered(connection: Connection, asked: Question) -> Sequence[Delivered]:
    """Each destination, by name, with what was said to it in the question's time."""
    states = _states(connection, asked)
    taken = exists().where(
        deliveries.c.company_id == conversions.c.company_id,
        deliveries.c.destination_id == conversions.c.destination_id,
        deliveries.c.kind == conversions.c.kind,
        deliveries.c.contact_id == conversions.c.contact_id,
        deliveries.c.conversion_id == conversions.c.conversion_id,
        deliveries.c.state == State.SENT,
    )
    counting = (
        select(
            conversions.c.destination_id,
            func.count().label("conversions"),
            func.coalesce(func.sum(conversions.c.value_cents), 0).label("value_cents"),
        )
        .where(
            conversions.c.company_id == asked.company_id,
            conversions.c.counts.is_(True),
            conversions.c.said_at >= asked.from_at,
            conversions.c.said_at < asked.until_at,
            taken,
        )
        .group_by(conversions.c.destination_id)
    )
    worth = {row.destination_id: (row.conversions, int(row.value_cents)) for row in connection.execute(counting)}
    known = select(destinations.c.destination_id, destinations.c.name).where(
        destinations.c.company_id == asked.company_id
    )
    return [
        Delivered(
            row.destination_id,
            row.name,
            states[row.destination_id, State.SENT],
            states[row.destination_id, State.WAITING],
            states[row.destination_id, State.FAILED],
            states[row.destination_id, State.WITHHELD],
            *worth.get(row.destination_id, (0, 0)),
        )
        for row in connection.execute(known.order_by(destinations.c.name, destinations.c.destination_id))
    ]


def _states(connection: Connection, asked: Question) -> Counter[tuple[str, str]]:
    query = (
        select(deliveries.c.destination_id, deliveries.c.state, func.count().label("messages"))
        .where(
            deliveries.c.company_id == asked.company_id,
            deliveries.c.said_at >= asked.from_at,
            deliveries.c.said_at < asked.until_at,
        )
        .group_by(deliveries.c.destination_id, deliveries.c.state)
    )
    return Counter({(row.destination_id, row.state): row.messages for row in connection.execute(query)})
