"""What destinations were told, as columns, part by part: those stay in the process whose days nobody changed.

Which contact each message and each conversion is about stands in a column, so that a filter looks each contact up
once, and no message.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    cast,
    func,
    literal_column,
    select,
    union_all,
)

from swapboard.clock import DAY, Millis
from swapboard.conversions.outbox import State
from swapboard.reports import warm
from swapboard.reports.packed_sums import narrow
from swapboard.reports.told_contacts import SEPARATOR, named, together
from swapboard.reports.weekly import parts_of
from swapboard.storage.schema import conversions, deliveries

TAKEN = ""
"""Stands for a state where conversions are told of that were taken and count."""
_GROUP_BYTES = 256
"""What a destination and a state take, about."""
_STAMP = f"""
SELECT {{place}}, 1, coalesce(sum(changes), 0) FROM told_days
WHERE company_id = :company AND day_at > :from_{{place}} - {DAY} AND day_at < :until_{{place}}
"""  # noqa: S608 our own names


class Told(NamedTuple):
    """Some messages and conversions."""

    groups: Sequence[tuple[str, str]]
    """Their destinations and states, one group after the other."""
    first: NDArray[np.integer[Any]]
    """The place of each group's first."""
    contacts: str
    """What they are about, each once, as `told_contacts` names it."""
    contact: NDArray[np.integer[Any]]
    """Of each message and conversion the place of its contact,"""
    cents: NDArray[np.integer[Any]]
    """and what it is worth; a message nothing."""


def told(
    connection: Connection, company_id: str, known: Sequence[str], from_at: Millis, until_at: Millis
) -> Iterator[Told]:
    """All that was said in a time to destinations, of which all are known, part by part."""
    for part in parts_of(connection, _STAMP, company_id, from_at, until_at):
        span = part.from_at, part.until_at
        read = partial(_read, connection, company_id, known, span)
        yield warm.kept(connection, ("told", company_id, span), part.stamp, read, _size)


def _size(found: Told) -> int:
    groups = _GROUP_BYTES * len(found.groups)
    return groups + len(found.contacts) + found.first.nbytes + found.contact.nbytes + found.cents.nbytes


def _read(connection: Connection, company_id: str, known: Sequence[str], span: tuple[Millis, Millis]) -> Told:
    groups, first, contacts, cents = list[tuple[str, str]](), list[int](), list[str](), list[int]()
    for destination_id, state, said in connection.execute(union_all(*_statements(company_id, known, span))):
        words = said.split(SEPARATOR)
        groups.append((destination_id, state))
        first.append(len(contacts))
        # A conversion's contact follows what it is worth.
        contacts += words[1::2] if state == TAKEN else words
        cents += map(int, words[::2]) if state == TAKEN else [0] * len(words)
    places = {each: place for place, each in enumerate(dict.fromkeys(contacts))}
    return Told(
        groups,
        np.array(first, np.int64),
        SEPARATOR.join(places),
        narrow(np.fromiter(map(places.__getitem__, contacts), np.int64, len(contacts))),
        narrow(np.array(cents, np.int64)),
    )


def _statements(
    company_id: str, known: Sequence[str], span: tuple[Millis, Millis]
) -> Iterator[Select[*tuple[Any, ...]]]:
    # By each one's name, or SQLite goes through those of all time.
    said, state = deliveries.c.destination_id, deliveries.c.state
    about = named(deliveries.c.kind, deliveries.c.contact_id)
    in_state = select(said, state, together(about)).where(state.in_(list(State)))
    yield in_state.where(*_of(deliveries, company_id, known, span)).group_by(said, state)
    said, worth = conversions.c.destination_id, cast(func.coalesce(conversions.c.value_cents, 0), Text)
    about = worth.concat(SEPARATOR).concat(named(conversions.c.kind, conversions.c.contact_id))
    taken = select(said, literal_column(f"'{TAKEN}'", Text()), together(about))
    counts = conversions.c.counts, conversions.c.taken
    yield taken.where(*_of(conversions, company_id, known, span), *counts).group_by(said)


def _of(
    table: Table, company_id: str, known: Sequence[str], span: tuple[Millis, Millis]
) -> Sequence[ColumnElement[bool]]:
    first, end = span
    theirs = table.c.company_id == company_id, table.c.destination_id.in_(known)
    return *theirs, table.c.said_at >= first, table.c.said_at < end
