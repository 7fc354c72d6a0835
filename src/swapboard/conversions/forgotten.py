"""What was told of visits, calls and forms that are to be forgotten."""

from collections.abc import Callable, Collection
from dataclasses import replace

from sqlalchemy import Connection, delete, select, update

from swapboard.attribution.store import calls_credited_to
from swapboard.conversions.contact import Contact
from swapboard.conversions.deliveries import MESSAGE, about_contacts, contacts_changed
from swapboard.conversions.event import Event
from swapboard.conversions.taken import mark_anew
from swapboard.storage.bulk import BulkUpdate, json_text
from swapboard.storage.schema import deliveries, delivery_attempts

_SAID = BulkUpdate(deliveries, set_=("message",), where=("company_id", "delivery_id"))


def forget(
    connection: Connection, company_id: str, session_ids: Collection[str], form_ids: Collection[str]
) -> None:
    """Delete what was and what is to be told of these visits: that it was told stays, what it said does not."""
    called = calls_credited_to(connection, company_id, session_ids)
    forget_contacts(connection, company_id, [*called, *form_ids])


def forget_contacts(connection: Connection, company_id: str, contact_ids: Collection[str]) -> None:
    """The same for calls and forms by their ids.

    That somebody is to be forgotten is told all the same: it says nothing of who they were, and may still wait
    when the caller of a call is forgotten after its visitor.
    """
    theirs = *about_contacts(company_id, contact_ids), deliveries.c.saying != Event.FORGOTTEN
    ids = select(deliveries.c.delivery_id).where(*theirs)
    tries = delivery_attempts.c.company_id == company_id, delivery_attempts.c.delivery_id.in_(ids)
    connection.execute(delete(delivery_attempts).where(*tries))
    contacts_changed(connection, company_id, delete(deliveries).where(*theirs))
    mark_anew(connection, company_id, contact_ids)


def thin(
    connection: Connection, company_id: str, contact_ids: Collection[str], left: Callable[[Contact], Contact]
) -> None:
    """Of what was said of these calls and forms keep what is left: who was told, when and what it was worth.

    What still waits is told as it is.
    """
    over = *about_contacts(company_id, contact_ids), deliveries.c.ended_at.is_not(None)
    rows = connection.execute(select(deliveries.c.delivery_id, deliveries.c.message).where(*over)).all()
    messages = ((row.delivery_id, MESSAGE.validate_python(row.message)) for row in rows)
    kept = ((each, replace(message, contact=left(message.contact), details={})) for each, message in messages)
    said = [(json_text(MESSAGE.dump_python(message, mode="json")), company_id, each) for each, message in kept]
    _SAID.run(connection, said)
    ids = delivery_attempts.c.delivery_id.in_([row.delivery_id for row in rows])
    tries = update(delivery_attempts).where(delivery_attempts.c.company_id == company_id, ids)
    connection.execute(tries.values(words=""))
