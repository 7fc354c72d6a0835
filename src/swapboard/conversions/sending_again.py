"""What ended is sent once more: one message, or all that a destination was told in some days."""

from collections.abc import Collection, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    exists,
    func,
    update,
)

from swapboard.clock import Millis
from swapboard.conversions.deliveries import CORRECTS, WAITING, about_contacts, contacts_changed
from swapboard.conversions.outbox import State
from swapboard.conversions.taken import mark_anew
from swapboard.storage.schema import deliveries

_AT_A_TIME = 500
BADLY = (State.FAILED, State.WITHHELD)
"""How a delivery may end that people may want sent once more anywhere."""
HOWEVER = (*BADLY, State.SENT)


def send_again(
    connection: Connection, company_id: str, delivery_id: str, now: Millis, ended: Sequence[State] = BADLY
) -> bool:
    """Let a delivery that ended so be tried anew, under its old id; False when there is none such.

    What was said later of the same conversion goes out after it once more: else an old value would be the last
    word, or a conversion that is none.
    """
    is_it = deliveries.c.delivery_id == delivery_id
    return _again(connection, company_id, [is_it], now, ended) > 0


def replay(
    connection: Connection,
    company_id: str,
    destination_id: str,
    span: tuple[Millis, Millis],
    now: Millis,
    ended: Sequence[State] = BADLY,
) -> int:
    """The same for all that a destination was told, or was to be told, in [since, until); how many that is."""
    since, until = span
    within = deliveries.c.said_at >= since, deliveries.c.said_at < until
    return _again(connection, company_id, [deliveries.c.destination_id == destination_id, *within], now, ended)


def _again(
    connection: Connection,
    company_id: str,
    which: Sequence[ColumnElement[bool]],
    now: Millis,
    ended: Sequence[State],
) -> int:
    mine = deliveries.c.company_id == company_id, deliveries.c.state.in_(ended), *which
    values = {"state": State.WAITING, "again_at": now, "due_at": now, "ended_at": None, "receipt": None}
    anew = update(deliveries).values(**values, ask_at=None, attempts_before=deliveries.c.attempts)
    chosen = contacts_changed(connection, company_id, anew.where(*mine))
    contact_ids, later = sorted(set(chosen)), 0
    for first in range(0, len(contact_ids), _AT_A_TIME):
        theirs = _said_later(company_id, contact_ids[first : first + _AT_A_TIME], now)
        later += len(contacts_changed(connection, company_id, anew.where(*theirs)))
    mark_anew(connection, company_id, contact_ids)
    return len(chosen) + later


def _said_later(company_id: str, contact_ids: Collection[str], now: Millis) -> Sequence[ColumnElement[bool]]:
    """Corrections that ended, of conversions of these contacts that are sent again at this moment."""
    earlier = deliveries.alias()
    is_earlier = (
        earlier.c.company_id == company_id,
        earlier.c.destination_id == deliveries.c.destination_id,
        earlier.c.kind == deliveries.c.kind,
        earlier.c.contact_id == deliveries.c.contact_id,
        earlier.c.conversion_id == deliveries.c.conversion_id,
        # No column by itself, or SQLite goes through the company's by their ids, once for each correction.
        func.coalesce(earlier.c.delivery_id, "") < deliveries.c.delivery_id,
        earlier.c.state == State.WAITING,
        earlier.c.again_at == now,
    )
    corrects = deliveries.c.saying.in_(CORRECTS)
    return *about_contacts(company_id, contact_ids), corrects, ~WAITING, exists().where(*is_earlier)
