"""What destinations were told, and what became of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, select

from swapboard.conversions.outbox import State
from swapboard.reports.question import Question
from swapboard.reports.told_contacts import told_of
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
    """Each destination, by name, with what was said to it in the question's time of what meets its terms."""
    states, worth = _states(connection, asked), _worth(connection, asked)
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


def _worth(connection: Connection, asked: Question) -> Mapping[str, tuple[int, int]]:
    """By destination, how many conversions there are, and what they are worth."""
    taken = exists().where(
        deliveries.c.company_id == conversions.c.company_id,
        deliveries.c.destination_id == conversions.c.destination_id,
        deliveries.c.kind == conversions.c.kind,
        deliveries.c.contact_id == conversions.c.contact_id,
        deliveries.c.conversion_id == conversions.c.conversion_id,
        deliveries.c.state == State.SENT,
    )
    found: dict[str, tuple[int, int]] = {}
    for source, meeting in told_of(conversions, asked.terms):
        query = (
            select(
                conversions.c.destination_id,
                func.count().label("conversions"),
                func.coalesce(func.sum(conversions.c.value_cents), 0).label("value_cents"),
            )
            .select_from(source)
            .where(
                conversions.c.company_id == asked.company_id,
                conversions.c.counts.is_(True),
                conversions.c.said_at >= asked.from_at,
                conversions.c.said_at < asked.until_at,
                taken,
                *meeting,
            )
            .group_by(conversions.c.destination_id)
        )
        for row in connection.execute(query):
            count, cents = found.get(row.destination_id, (0, 0))
            found[row.destination_id] = count + row.conversions, cents + int(row.value_cents)
    return found


def _states(connection: Connection, asked: Question) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for source, meeting in told_of(deliveries, asked.terms):
        query = (
            select(deliveries.c.destination_id, deliveries.c.state, func.count().label("messages"))
            .select_from(source)
            .where(
                deliveries.c.company_id == asked.company_id,
                deliveries.c.said_at >= asked.from_at,
                deliveries.c.said_at < asked.until_at,
                *meeting,
            )
            .group_by(deliveries.c.destination_id, deliveries.c.state)
        )
        found.update({(row.destination_id, row.state): row.messages for row in connection.execute(query)})
    return found
