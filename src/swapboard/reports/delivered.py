"""What destinations were told, and what became of it.

All of it stands in two indexes, and each question goes once through the part of each that is of its time.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select, union_all

from swapboard.conversions.outbox import State
from swapboard.reports.question import Question
from swapboard.reports.told_contacts import meeting
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
    known = _destinations(connection, asked.company_id)
    states = _states(connection, asked, list(known)) if asked.terms else _all_states(connection, asked)
    worth = _worth(connection, asked, list(known))
    return [
        Delivered(
            destination_id,
            name,
            states[destination_id, State.SENT],
            states[destination_id, State.WAITING],
            states[destination_id, State.FAILED],
            states[destination_id, State.WITHHELD],
            *worth.get(destination_id, (0, 0)),
        )
        for destination_id, name in known.items()
    ]


def _destinations(connection: Connection, company_id: str) -> Mapping[str, str]:
    """The name of each, in its order."""
    query = select(destinations.c.destination_id, destinations.c.name).where(
        destinations.c.company_id == company_id
    )
    ordered = query.order_by(destinations.c.name, destinations.c.destination_id)
    return {row.destination_id: row.name for row in connection.execute(ordered)}


def _worth(connection: Connection, asked: Question, known: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    """By destination, how many conversions there are, and what they are worth."""
    # A filter's contacts are looked for once; without one PostgreSQL reads the index if it is asked of each alone.
    parts: Sequence[Sequence[str]] = [known] if asked.terms else [[each] for each in known]
    if not known:
        return {}
    rows = connection.execute(union_all(*(_sums(asked, each) for each in parts)))
    return {row.destination_id: (row.conversions, int(row.value_cents)) for row in rows}


def _sums(asked: Question, known: Sequence[str]) -> Select[str, int, int]:
    return (
        select(
            conversions.c.destination_id,
            func.count().label("conversions"),
            func.coalesce(func.sum(conversions.c.value_cents), 0).label("value_cents"),
        )
        .where(conversions.c.counts, conversions.c.taken, *_asked(conversions, asked, known))
        .group_by(conversions.c.destination_id)
    )


def _states(connection: Connection, asked: Question, known: Sequence[str]) -> Counter[tuple[str, str]]:
    """How many messages each destination has in each state."""
    query = (
        select(deliveries.c.destination_id, deliveries.c.state, func.count().label("messages"))
        .where(deliveries.c.state.in_(list(State)), *_asked(deliveries, asked, known))
        .group_by(deliveries.c.destination_id, deliveries.c.state)
    )
    return Counter({(row.destination_id, row.state): row.messages for row in connection.execute(query)})


def _all_states(connection: Connection, asked: Question) -> Counter[tuple[str, str]]:
    """The same where there is no filter: so PostgreSQL need not hash each message's destination and state."""
    theirs = deliveries.c.destination_id == destinations.c.destination_id
    mine = deliveries.c.company_id == destinations.c.company_id
    many = [
        select(func.count())
        .where(mine, theirs, deliveries.c.state == state, *_in_time(deliveries, asked))
        .scalar_subquery()
        .label(state.value)
        for state in State
    ]
    query = select(destinations.c.destination_id, *many).where(destinations.c.company_id == asked.company_id)
    return Counter(
        {
            (destination_id, state): messages
            for destination_id, *counts in connection.execute(query)
            for state, messages in zip(State, counts, strict=True)
        }
    )


def _asked(told: Table, asked: Question, known: Sequence[str]) -> Sequence[ColumnElement[bool]]:
    # By each destination's name, or SQLite goes through those of all time.
    mine = told.c.company_id == asked.company_id, told.c.destination_id.in_(known)
    return *mine, *_in_time(told, asked), meeting(told, asked.company_id, asked.terms)


def _in_time(told: Table, asked: Question) -> Sequence[ColumnElement[bool]]:
    return told.c.said_at >= asked.from_at, told.c.said_at < asked.until_at
