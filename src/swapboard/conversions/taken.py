"""Which conversions a destination took word of, beside each: reports count them without asking all messages.

A conversion is taken while some message of it was sent. Whoever changes that writes the message first and locks
the conversion after it: of two that do so at once the later sees what the earlier wrote.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, exists, func, select, update

from swapboard.conversions.message import Message
from swapboard.conversions.outbox import State
from swapboard.conversions.told_days import note_told
from swapboard.leads.lead import ContactKind
from swapboard.storage.bulk import BulkUpdate
from swapboard.storage.schema import conversions, deliveries

_IS = ("company_id", "destination_id", "kind", "contact_id", "conversion_id")
_TAKEN = BulkUpdate(conversions, set_=("taken",), where=_IS)
_AT_A_TIME = 500
_KEY = tuple(conversions.primary_key.columns)

IS_TAKEN = exists().where(
    deliveries.c.company_id == conversions.c.company_id,
    # No column by itself: until PostgreSQL has counted the tables, it looks through all that was sent there.
    func.coalesce(deliveries.c.destination_id, "") == conversions.c.destination_id,
    deliveries.c.kind == conversions.c.kind,
    deliveries.c.contact_id == conversions.c.contact_id,
    deliveries.c.conversion_id == conversions.c.conversion_id,
    deliveries.c.state == State.SENT,
)
"""What it means, by the messages themselves."""


def mark_taken(connection: Connection, company_id: str, sent: Iterable[tuple[str, Message]]) -> None:
    """Mark what these messages were about, each with its destination's ID: they are sent by now.

    Also what is marked: who takes a mark away at this moment does not see this message, and must wait.
    """
    marks = {
        (company_id, destination_id, each.contact.kind, each.contact.contact_id, each.conversion_id)
        for destination_id, each in sent
    }
    in_order = sorted(marks)
    for (destination_id, kind), those in groupby(in_order, lambda mark: mark[1:3]):
        theirs = conversions.c.destination_id == destination_id, conversions.c.kind == kind
        _hold_in_order(connection, company_id, *theirs, conversions.c.contact_id.in_([mark[3] for mark in those]))
    said_at = _TAKEN.run_returning(connection, "said_at", [(True, *mark) for mark in in_order])
    note_told(connection, company_id, said_at)


def mark_anew(connection: Connection, company_id: str, contact_ids: Collection[str]) -> None:
    """Ask the messages about these calls and forms once more."""
    known = sorted(set(contact_ids))
    for first in range(0, len(known), _AT_A_TIME):
        theirs = (
            conversions.c.company_id == company_id,
            conversions.c.kind.in_(list(ContactKind)),
            conversions.c.contact_id.in_(known[first : first + _AT_A_TIME]),
        )
        _hold_in_order(connection, company_id, *theirs[1:])
        marked = update(conversions).where(*theirs).values(taken=IS_TAKEN)
        note_told(connection, company_id, connection.scalars(marked.returning(conversions.c.said_at)))


def _hold_in_order(connection: Connection, company_id: str, *theirs: ColumnElement[bool]) -> None:
    """Of two that mark the same, one waits for the other at the first of them, and holds nothing that it needs."""
    if connection.dialect.name != "postgresql":
        # SQLite has one writer anyway, and would go through all that the company has for their order.
        return
    mine = conversions.c.company_id == company_id
    connection.execute(select(*_KEY).where(mine, *theirs).order_by(*_KEY).with_for_update()).all()


def wrongly_marked(connection: Connection, company_id: str) -> Sequence[str]:
    """The calls and forms of whose conversions the messages say something else."""
    mine = conversions.c.company_id == company_id
    query = select(conversions.c.contact_id).where(mine, conversions.c.taken != IS_TAKEN)
    return connection.scalars(query.order_by(conversions.c.contact_id).distinct()).all()
