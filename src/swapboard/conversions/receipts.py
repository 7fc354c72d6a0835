"""What platforms took first, and are asked about later."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import (
    Connection,
    select,
    update,
)

from swapboard.clock import Millis
from swapboard.conversions.deliveries import contacts_changed, of_destination
from swapboard.conversions.outbox import ASKED_AFTER, ASKED_UNTIL, Outcome, Result, State
from swapboard.conversions.taken import mark_anew
from swapboard.language import _
from swapboard.storage.schema import companies, deliveries

_NEVER_SAID = _("It was taken; the platform never said what became of it.")


class Asked(NamedTuple):
    """What is to be asked after: everything of a destination that was taken with this receipt."""

    company_id: str
    destination_id: str
    receipt: str


def to_ask(connection: Connection, now: Millis, limit: int) -> Sequence[Asked]:
    """The receipts of every company that are to be asked after now."""
    # Company by company, as the index has them: else SQLite goes through all that was ever told.
    known = deliveries.c.company_id.in_(select(companies.c.company_id))
    query = (
        select(deliveries.c.company_id, deliveries.c.destination_id, deliveries.c.receipt)
        .where(known, deliveries.c.ask_at <= now)
        .distinct()
        .limit(limit)
    )
    everywhere = query.execution_options(across_companies="one worker asks for every company")
    return [Asked(*row) for row in connection.execute(everywhere)]


def keep_answer(connection: Connection, asked: Asked, result: Result | None, now: Millis) -> int:
    """Write what the platform made of those with the receipt, and say of how many; without a result of none, which
    are asked after again."""
    theirs = of_destination(asked.company_id, asked.destination_id), deliveries.c.receipt == asked.receipt
    if result is not None:
        state = State.FAILED if result.outcome is Outcome.REFUSED else State.SENT
        values = {"ask_at": None, "state": state, "words": result.words}
        told = update(deliveries).where(*theirs, deliveries.c.ask_at <= now).values(**values)
        contacts = contacts_changed(connection, asked.company_id, told)
        mark_anew(connection, asked.company_id, contacts)
        return len(contacts)
    asked_now = update(deliveries).where(*theirs, deliveries.c.ask_at <= now)
    silent = asked_now.where(deliveries.c.ended_at < now - ASKED_UNTIL)
    connection.execute(silent.values(ask_at=None, words=_NEVER_SAID))
    connection.execute(asked_now.values(ask_at=now + ASKED_AFTER))
    return 0
