"""What was done with each number, and by whom, in the database: append-only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from swapboard.clock import Millis
from swapboard.storage.ids import new_id
from swapboard.storage.schema import number_events, numbers


class NumberEvent(StrEnum):
    """What happened to a number."""

    ADDED = "added"
    BOUGHT = "bought"
    CHANGED = "changed"
    ASSIGNED = "assigned"
    ACTIVATED = "activated"
    PAUSED = "paused"
    QUARANTINED = "quarantined"
    RELEASED = "released"
    LOST = "lost"
    """Its carrier account no longer has it."""
    FOUND = "found"
    """The account has it again, and its calls come here."""
    ASTRAY = "astray"
    """The account has it, and sends its calls elsewhere."""
    OLD_ADDRESS = "old_address"
    """The account has it, and sends its calls to our door at an address that is no longer the server's."""
    POINTED = "pointed"
    """Its calls were sent here by a person's order."""
    ENDED = "ended"
    """It was given back to its carrier, and costs no more."""
    NOT_ENDED = "not_ended"
    """The carrier refused to take it back."""


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An entry of the log; `actor` is who did it, a person's address or an API key's name."""

    happened_at: Millis
    number: str
    kind: NumberEvent
    actor: str
    detail: Mapping[str, object]


def log_numbers(
    connection: Connection,
    company_id: str,
    number_ids: Sequence[str],
    kind: NumberEvent,
    actor: str,
    now: Millis,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write down what was done with the numbers."""
    rows = [
        {
            "company_id": company_id,
            "event_id": new_id(now),
            "number_id": number_id,
            "happened_at": now,
            "kind": kind.value,
            "actor": actor,
            "detail": dict(detail or {}),
        }
        for number_id in number_ids
    ]
    if rows:
        connection.execute(insert(number_events), rows)


def events_of(
    connection: Connection, company_id: str, number_id: str | None = None, limit: int = 50
) -> list[LoggedEvent]:
    """The latest entries, of one number or of all."""
    query = (
        select(number_events, numbers.c.number)
        .join_from(
            number_events,
            numbers,
            (numbers.c.company_id == number_events.c.company_id)
            & (numbers.c.number_id == number_events.c.number_id),
        )
        .where(number_events.c.company_id == company_id)
        .order_by(number_events.c.event_id.desc())
        .limit(limit)
    )
    if number_id is not None:
        query = query.where(number_events.c.number_id == number_id)
    return [
        LoggedEvent(row.happened_at, row.number, NumberEvent(row.kind), row.actor, row.detail)
        for row in connection.execute(query)
    ]


_WRONG = frozenset({NumberEvent.LOST, NumberEvent.ASTRAY, NumberEvent.OLD_ADDRESS})
_AT_CARRIER = _WRONG | {NumberEvent.FOUND, NumberEvent.POINTED}


def at_carriers(connection: Connection, company_id: str) -> dict[str, NumberEvent]:
    """What was last found wrong with numbers at their carrier, by id: LOST, ASTRAY or OLD_ADDRESS."""
    query = select(number_events.c.number_id, number_events.c.kind).where(
        number_events.c.company_id == company_id,
        number_events.c.kind.in_([kind.value for kind in _AT_CARRIER]),
    )
    latest = {row.number_id: row.kind for row in connection.execute(query.order_by(number_events.c.event_id))}
    return {number_id: NumberEvent(kind) for number_id, kind in latest.items() if kind in _WRONG}
