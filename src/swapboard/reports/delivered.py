"""What destinations were told, and what became of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy import Connection, select

from swapboard.conversions.outbox import State
from swapboard.reports.question import Question
from swapboard.reports.told import TAKEN, Told, told
from swapboard.reports.told_contacts import SEPARATOR, fitting
from swapboard.storage.schema import destinations


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


@dataclass(slots=True)
class _Found:
    """What was said in a question's time, by destination and state."""

    many: Counter[tuple[str, str]] = field(default_factory=Counter)
    cents: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, some: Told, fit: frozenset[str] | None) -> None:
        """Of these what is about such contacts, or all."""
        if not some.groups:
            return
        fits = np.ones(some.contact.size, np.int64)
        if fit is not None:
            names = some.contacts.split(SEPARATOR)
            fits = np.fromiter(map(fit.__contains__, names), np.int64, len(names))[some.contact]
        for found, each in (self.many, fits), (self.cents, fits * some.cents):
            sums = np.add.reduceat(each, some.first)
            found.update(dict(zip(some.groups, sums.tolist(), strict=True)))


def delivered(connection: Connection, asked: Sequence[Question]) -> Sequence[Sequence[Delivered]]:
    """Each destination, by name, with what was said to it in each question's time of what meets the filter.

    The questions are of one company and have one filter.
    """
    company_id, terms = asked[0].company_id, asked[0].terms
    known = _destinations(connection, company_id)
    if not known:
        return [()] * len(asked)
    fit = fitting(connection, company_id, terms) if terms else None
    found = [_Found() for _ in asked]
    for each, question in zip(found, asked, strict=True):
        for some in told(connection, company_id, list(known), question.from_at, question.until_at):
            each.add(some, fit)
    return [[_row(each, destination_id, name) for destination_id, name in known.items()] for each in found]


def _row(found: _Found, destination_id: str, name: str) -> Delivered:
    return Delivered(
        destination_id,
        name,
        found.many[destination_id, State.SENT],
        found.many[destination_id, State.WAITING],
        found.many[destination_id, State.FAILED],
        found.many[destination_id, State.WITHHELD],
        found.many[destination_id, TAKEN],
        found.cents[destination_id, TAKEN],
    )


def _destinations(connection: Connection, company_id: str) -> Mapping[str, str]:
    """The name of each, in its order."""
    query = select(destinations.c.destination_id, destinations.c.name).where(
        destinations.c.company_id == company_id
    )
    ordered = query.order_by(destinations.c.name, destinations.c.destination_id)
    return {row.destination_id: row.name for row in connection.execute(ordered)}
