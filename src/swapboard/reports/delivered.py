"""What destinations were told, and what became of it.

All of it stands in two indexes, and each question goes once through the part of each that is of its time.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    func,
    literal_column,
    select,
    union_all,
)

from swapboard.conversions.outbox import State
from swapboard.reports.question import Question
from swapboard.reports.told_contacts import about, fitting
from swapboard.storage.schema import conversions, deliveries, destinations

_VALUE = func.sum(conversions.c.value_cents)


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


class _Found(NamedTuple):
    """What was said in a question's time: by destination and state, how many messages."""

    states: Counter[tuple[str, str]]
    worth: dict[str, tuple[int, int]]
    """By destination, how many conversions there are, and what they are worth."""


def delivered(connection: Connection, asked: Sequence[Question]) -> Sequence[Sequence[Delivered]]:
    """Each destination, by name, with what was said to it in each question's time of what meets the filter.

    The questions are of one company and have one filter.
    """
    known = _destinations(connection, asked[0].company_id)
    if not known:
        return [()] * len(asked)
    if asked[0].terms:
        found = _fitting(connection, asked, list(known))
    else:
        found = [_all(connection, each, list(known)) for each in asked]
    return [[_row(each, destination_id, name) for destination_id, name in known.items()] for each in found]


def _row(found: _Found, destination_id: str, name: str) -> Delivered:
    return Delivered(
        destination_id,
        name,
        found.states[destination_id, State.SENT],
        found.states[destination_id, State.WAITING],
        found.states[destination_id, State.FAILED],
        found.states[destination_id, State.WITHHELD],
        *found.worth.get(destination_id, (0, 0)),
    )


def _destinations(connection: Connection, company_id: str) -> Mapping[str, str]:
    """The name of each, in its order."""
    query = select(destinations.c.destination_id, destinations.c.name).where(
        destinations.c.company_id == company_id
    )
    ordered = query.order_by(destinations.c.name, destinations.c.destination_id)
    return {row.destination_id: row.name for row in connection.execute(ordered)}


def _fitting(connection: Connection, asked: Sequence[Question], known: Sequence[str]) -> Sequence[_Found]:
    """All in one statement, which looks for the contacts that meet the filter once."""
    contacts = fitting(asked[0].company_id, asked[0].terms)
    parts = (_states(asked, known), deliveries), (_sums(asked, known), conversions)
    rows = connection.execute(union_all(*(part.where(about(told, contacts)) for part, told in parts)))
    found = [_Found(Counter(), {}) for _ in asked]
    for destination_id, state, *amounts in rows:
        for each, many, value_cents in zip(found, amounts[::2], amounts[1::2], strict=True):
            if state:
                each.states[destination_id, state] = many
            else:
                each.worth[destination_id] = many, int(value_cents)
    return found


def _states(asked: Sequence[Question], known: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """How many messages each destination has in each state, beside no value, for each question."""
    said, sent = deliveries.c.destination_id, deliveries.c.state
    nothing = literal_column("0", BigInteger())
    counted = [amount for each in asked for amount in (_many(deliveries, each), nothing)]
    in_state = select(said, sent, *counted).where(sent.in_(list(State)), *_from_first_to_last(deliveries, asked))
    # By each one's name, or SQLite goes through those of all time.
    return in_state.where(deliveries.c.company_id == asked[0].company_id, said.in_(known)).group_by(said, sent)


def _sums(asked: Sequence[Question], known: Sequence[str]) -> Select[*tuple[Any, ...]]:
    """In no state, how many conversions of each destination were taken and count, and their value, likewise."""
    said, nowhere = conversions.c.destination_id, literal_column("''", Text())
    counted = [
        amount
        for each in asked
        for amount in (
            _many(conversions, each),
            func.coalesce(_VALUE.filter(*_in_time(conversions, each)), literal_column("0", BigInteger())),
        )
    ]
    taken = select(said, nowhere, *counted).where(*_taken(asked[0].company_id, known))
    return taken.where(*_from_first_to_last(conversions, asked)).group_by(said)


def _taken(company_id: str, known: Sequence[str]) -> Sequence[ColumnElement[bool]]:
    mine = conversions.c.company_id == company_id, conversions.c.destination_id.in_(known)
    return *mine, conversions.c.counts, conversions.c.taken


def _many(told: Table, asked: Question) -> ColumnElement[int]:
    return func.count().filter(*_in_time(told, asked))


def _from_first_to_last(told: Table, asked: Sequence[Question]) -> Sequence[ColumnElement[bool]]:
    """Both spans in one pass: to look up a row among the contacts takes longer than to ask which it is of."""
    first, last = min(each.from_at for each in asked), max(each.until_at for each in asked)
    return told.c.said_at >= first, told.c.said_at < last


def _all(connection: Connection, asked: Question, known: Sequence[str]) -> _Found:
    """Where there is no filter."""
    said = conversions.c.destination_id
    amounts = func.count().label("many"), func.coalesce(_VALUE, 0).label("value_cents")
    # PostgreSQL reads the index if it is asked of each alone.
    each_alone = (
        select(said, *amounts)
        .where(*_taken(asked.company_id, [each]), *_in_time(conversions, asked))
        .group_by(said)
        for each in known
    )
    rows = connection.execute(union_all(*each_alone))
    worth = {row.destination_id: (row.many, int(row.value_cents)) for row in rows}
    return _Found(_all_states(connection, asked), worth)


def _all_states(connection: Connection, asked: Question) -> Counter[tuple[str, str]]:
    """Asked so, PostgreSQL need not hash each message's destination and state."""
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


def _in_time(told: Table, asked: Question) -> Sequence[ColumnElement[bool]]:
    return told.c.said_at >= asked.from_at, told.c.said_at < asked.until_at
