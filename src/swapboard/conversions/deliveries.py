"""The outbox in the database: put in, claimed by whoever works, settled."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Update,
    and_,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from swapboard.clock import Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import ASKED_AFTER, CLAIMED_FOR, Outcome, Result, Settled, State
from swapboard.conversions.taken import mark_taken
from swapboard.conversions.told_days import note_told
from swapboard.leads.lead import ContactKind
from swapboard.storage.bulk import BulkInsert, BulkUpdate, Row
from swapboard.storage.ids import new_id
from swapboard.storage.schema import deliveries, delivery_attempts

MESSAGE = TypeAdapter(Message)
"""A message as JSON."""
CORRECTS = (Saying.RESTATE, Saying.RETRACT)
WAITING = deliveries.c.state == State.WAITING
_SETTLED = BulkUpdate(
    deliveries,
    set_=("state", "due_at", "words", "ended_at", "receipt", "ask_at"),
    where=("company_id", "delivery_id"),
)
_ATTEMPTS = BulkInsert(delivery_attempts)


class Claimed(NamedTuple):
    """A delivery that is ours to try; `attempts` counts this one."""

    delivery_id: str
    attempts: int
    message: Message
    put_in_at: Millis
    """The last time, if people wanted it sent again: three days later it is given up."""
    tries: int
    """Those since then, with this one: how long it waits goes by them."""


class Tried(NamedTuple):
    """An attempt that has ended."""

    claimed: Claimed
    result: Result
    settled: Settled


def put_in(connection: Connection, company_id: str, destination_id: str, message: Message) -> None:
    """Put a message in the outbox, which names it, to be told after all that waits of the same lead."""
    contact = message.contact
    order_key, said_at = _place(connection, company_id, destination_id, message)
    message = replace(message, delivery_id=new_id(said_at), said_at=said_at)
    connection.execute(
        insert(deliveries).values(
            company_id=company_id,
            delivery_id=message.delivery_id,
            destination_id=destination_id,
            order_key=order_key,
            saying=message.saying,
            conversion_id=message.conversion_id,
            kind=contact.kind,
            contact_id=contact.contact_id,
            message=MESSAGE.dump_python(message, mode="json"),
            state=State.WAITING,
            said_at=said_at,
            due_at=said_at,
            attempts=0,
        )
    )
    note_told(connection, company_id, [said_at])


def is_put_in(
    connection: Connection, company_id: str, destination_id: str, saying: Saying | Event, call_id: str
) -> bool:
    """True when this was put in for the destination before, about the same call."""
    theirs = of_destination(company_id, destination_id), deliveries.c.kind == ContactKind.CALL
    about = deliveries.c.contact_id == call_id, deliveries.c.saying == saying
    return connection.scalar(select(exists().where(*theirs, *about))) is True


def held_back(
    connection: Connection, company_id: str, destination_id: str, contact: Contact, conversion_id: str
) -> Sequence[Contact]:
    """The contact as it was each time this conversion was held back; none where anything else became of it."""
    theirs = of_destination(company_id, destination_id), deliveries.c.conversion_id == conversion_id
    about = deliveries.c.kind == contact.kind, deliveries.c.contact_id == contact.contact_id
    query = select(deliveries.c.state, deliveries.c.message).where(*theirs, *about)
    known = connection.execute(query.order_by(deliveries.c.delivery_id)).all()
    if any(row.state != State.WITHHELD for row in known):
        return ()
    return [MESSAGE.validate_python(row.message).contact for row in known]


def told_as(
    connection: Connection, company_id: str, destination_id: str, contact: Contact, conversion_id: str
) -> Contact | None:
    """The contact as it was when it was last said to be this conversion; None where no message tells."""
    theirs = of_destination(company_id, destination_id), deliveries.c.conversion_id == conversion_id
    about = deliveries.c.kind == contact.kind, deliveries.c.contact_id == contact.contact_id
    made = deliveries.c.saying == Saying.CONVERT
    query = select(deliveries.c.delivery_id, deliveries.c.message).where(*theirs, *about, made)
    last = max(connection.execute(query), key=lambda row: row.delivery_id, default=None)
    return MESSAGE.validate_python(last.message).contact if last else None


def claim(
    connection: Connection, company_id: str, destination_id: str, limit: int, now: Millis
) -> Sequence[Claimed]:
    """Take so many deliveries that are due, none of a lead of which an earlier one waits; the oldest first."""
    ids = list(islice(_free(connection, of_destination(company_id, destination_id), limit, now), limit))
    mine = deliveries.c.company_id == company_id, deliveries.c.delivery_id.in_(ids)
    taken = update(deliveries).where(*mine).values(due_at=now + CLAIMED_FOR, attempts=deliveries.c.attempts + 1)
    rows = connection.execute(
        taken.returning(
            deliveries.c.delivery_id,
            deliveries.c.attempts,
            deliveries.c.message,
            func.coalesce(deliveries.c.again_at, deliveries.c.said_at),
            deliveries.c.attempts - deliveries.c.attempts_before,
        )
    )
    claimed = [
        Claimed(delivery_id, attempts, MESSAGE.validate_python(message), put_in_at, tries)
        for delivery_id, attempts, message, put_in_at, tries in rows
    ]
    return sorted(claimed, key=lambda each: each.delivery_id)


def _free(connection: Connection, theirs: ColumnElement[bool], page: int, now: Millis) -> Iterator[str]:
    """What is due and nobody else's, but of a lead of which an earlier one waits.

    In two statements: one that looks for what is earlier of each has PostgreSQL read all that waits for each that
    is due, as long as it has not counted the table (2 s for 500 of 10,000; so it is 15 ms).
    """
    seen = tuple_(literal(0), literal(""))
    place = tuple_(deliveries.c.due_at, deliveries.c.delivery_id)
    while True:
        query = (
            select(deliveries.c.due_at, deliveries.c.delivery_id, deliveries.c.order_key)
            .where(theirs, WAITING, deliveries.c.due_at <= now, place > seen)
            .order_by(*place)
            .limit(page)
            .with_for_update(skip_locked=True)
        )
        due = connection.execute(query).all()
        if not due:
            return
        leads = select(func.min(deliveries.c.delivery_id)).where(
            theirs, WAITING, deliveries.c.order_key.in_({each.order_key for each in due})
        )
        first = set(connection.scalars(leads.group_by(deliveries.c.order_key)))
        yield from (each.delivery_id for each in due if each.delivery_id in first)
        seen = tuple_(literal(due[-1].due_at), literal(due[-1].delivery_id))


def never_told(
    connection: Connection, company_id: str, destination_id: str, claimed: Sequence[Claimed]
) -> frozenset[str]:
    """Of the conversions that are to be corrected, those (by their names) that the destination never heard of."""
    corrections = [each.message for each in claimed if each.message.saying in CORRECTS]
    if not corrections:
        return frozenset()
    names = {message.conversion_id for message in corrections}
    tries = and_(
        delivery_attempts.c.company_id == deliveries.c.company_id,
        delivery_attempts.c.delivery_id == deliveries.c.delivery_id,
    )
    # What got no answer may have been heard all the same; what was taken for now may have been refused later; what
    # is sent again, of a call whose lead became another, may be on its way beside its correction.
    heard = (
        select(deliveries.c.conversion_id)
        .outerjoin(delivery_attempts, tries)
        .where(
            of_destination(company_id, destination_id),
            deliveries.c.kind.in_({message.contact.kind for message in corrections}),
            deliveries.c.contact_id.in_({message.contact.contact_id for message in corrections}),
            deliveries.c.conversion_id.in_(names),
            or_(
                deliveries.c.state == State.SENT,
                and_(WAITING, deliveries.c.saying == Saying.CONVERT),
                delivery_attempts.c.outcome == Outcome.FAILED,
                and_(delivery_attempts.c.outcome == Outcome.TAKEN, deliveries.c.receipt.is_(None)),
            ),
        )
        .distinct()
    )
    return frozenset(names - set(connection.scalars(heard)))


def taken_back(
    connection: Connection, company_id: str, destination_id: str, claimed: Sequence[Claimed]
) -> frozenset[str]:
    """Of the conversions that are to be told, those (by their names) that are none by now: that waits behind."""
    made = [each.message for each in claimed if each.message.saying is Saying.CONVERT]
    if not made:
        return frozenset()
    names = {message.conversion_id for message in made}
    retracted = select(deliveries.c.conversion_id).where(
        of_destination(company_id, destination_id),
        deliveries.c.kind.in_({message.contact.kind for message in made}),
        deliveries.c.contact_id.in_({message.contact.contact_id for message in made}),
        deliveries.c.conversion_id.in_(names),
        deliveries.c.saying == Saying.RETRACT,
        WAITING,
    )
    return frozenset(connection.scalars(retracted))


def give_back(connection: Connection, company_id: str, claimed: Claimed, now: Millis) -> None:
    """Let a delivery that was claimed and not tried be anybody's at once; it was no attempt."""
    mine = _still_ours(company_id, claimed)
    connection.execute(update(deliveries).where(*mine).values(due_at=now, attempts=claimed.attempts - 1))


def keep_settled(connection: Connection, company_id: str, tried: Sequence[Tried], now: Millis) -> None:
    """Write how attempts ended, but of those that somebody else took up meanwhile."""
    ids = [each.claimed.delivery_id for each in tried]
    known = (
        select(deliveries.c.delivery_id, deliveries.c.attempts, deliveries.c.destination_id, deliveries.c.said_at)
        .where(deliveries.c.company_id == company_id, deliveries.c.delivery_id.in_(ids), WAITING)
        .order_by(deliveries.c.delivery_id)
        .with_for_update()
    )
    ours = {(row.delivery_id, row.attempts): row for row in connection.execute(known)}
    mine = [each for each in tried if (each.claimed.delivery_id, each.claimed.attempts) in ours]
    _SETTLED.run(connection, [(*_settled(each, now), company_id, each.claimed.delivery_id) for each in mine])
    _ATTEMPTS.run(connection, [_attempt(company_id, each, now) for each in mine])
    ended = [
        (each, ours[each.claimed.delivery_id, each.claimed.attempts])
        for each in mine
        if each.settled.state is not State.WAITING
    ]
    note_told(connection, company_id, [row.said_at for _each, row in ended])
    sent = [(each, row) for each, row in ended if each.settled.state is State.SENT]
    mark_taken(connection, company_id, [(row.destination_id, each.claimed.message) for each, row in sent])


def _settled(tried: Tried, now: Millis) -> Row:
    settled, result = tried.settled, tried.result
    ended_at = None if settled.state is State.WAITING else now
    ask_at = now + ASKED_AFTER if result.receipt else None
    return settled.state, settled.due_at, result.words, ended_at, result.receipt, ask_at


def _attempt(company_id: str, tried: Tried, now: Millis) -> Row:
    claimed, result = tried.claimed, tried.result
    return company_id, claimed.delivery_id, claimed.attempts, now, result.outcome, result.words


def contacts_changed(connection: Connection, company_id: str, change: Update | Delete) -> Sequence[str]:
    """The contacts of the messages that this changes or deletes, whose days are noted."""
    rows = connection.execute(change.returning(deliveries.c.contact_id, deliveries.c.said_at)).all()
    note_told(connection, company_id, [row.said_at for row in rows])
    return [row.contact_id for row in rows]


def _place(connection: Connection, company_id: str, destination_id: str, message: Message) -> tuple[str, Millis]:
    """(what it is ordered by, when it is said): what waits of the same contact or lead must sort before it."""
    contact = message.contact
    of_contact = and_(deliveries.c.kind == contact.kind, deliveries.c.contact_id == contact.contact_id)
    before = select(deliveries.c.order_key, deliveries.c.said_at, deliveries.c.delivery_id).where(
        of_destination(company_id, destination_id), WAITING
    )
    # All, for there are few: asked for the last one, SQLite goes through the company's by their ids.
    same = max(connection.execute(before.where(of_contact)), key=lambda row: row.delivery_id, default=None)
    order_key: str = same.order_key if same else contact.lead_id or contact.contact_id
    of_lead = before.where(deliveries.c.order_key == order_key).order_by(deliveries.c.delivery_id.desc())
    last = connection.execute(of_lead.limit(1)).one_or_none()
    return order_key, max(message.said_at, last.said_at + 1) if last else message.said_at


def _still_ours(company_id: str, claimed: Claimed) -> Sequence[ColumnElement[bool]]:
    """Nobody took it up since."""
    return (
        deliveries.c.company_id == company_id,
        deliveries.c.delivery_id == claimed.delivery_id,
        deliveries.c.attempts == claimed.attempts,
        WAITING,
    )


def about_contacts(company_id: str, contact_ids: Collection[str]) -> Sequence[ColumnElement[bool]]:
    """Of any kind, all named: the index of contacts begins with it."""
    kinds = deliveries.c.kind.in_(list(ContactKind))
    return deliveries.c.company_id == company_id, kinds, deliveries.c.contact_id.in_(contact_ids)


def of_destination(company_id: str, destination_id: str) -> ColumnElement[bool]:
    return and_(deliveries.c.company_id == company_id, deliveries.c.destination_id == destination_id)
