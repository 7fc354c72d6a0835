"""What was told of visits, calls and forms that are to be forgotten."""

from collections.abc import Collection

from sqlalchemy import (
    Connection,
    delete,
    select,
)

from swapboard.conversions.deliveries import about_contacts, contacts_changed
from swapboard.conversions.taken import mark_anew
from swapboard.storage.schema import calls, deliveries, delivery_attempts


def forget(
    connection: Connection, company_id: str, session_ids: Collection[str], form_ids: Collection[str]
) -> None:
    """Delete what was and what is to be told of these visits: that it was told stays, what it said does not."""
    called = select(calls.c.call_id).where(calls.c.company_id == company_id, calls.c.session_id.in_(session_ids))
    forget_contacts(connection, company_id, [*connection.scalars(called), *form_ids])


def forget_contacts(connection: Connection, company_id: str, contact_ids: Collection[str]) -> None:
    """The same for calls and forms by their ids."""
    theirs = about_contacts(company_id, contact_ids)
    ids = select(deliveries.c.delivery_id).where(*theirs)
    tries = delivery_attempts.c.company_id == company_id, delivery_attempts.c.delivery_id.in_(ids)
    connection.execute(delete(delivery_attempts).where(*tries))
    contacts_changed(connection, company_id, delete(deliveries).where(*theirs))
    mark_anew(connection, company_id, contact_ids)
