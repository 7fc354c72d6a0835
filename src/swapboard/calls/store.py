"""Carrier events, and the calls they fold to, in the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, and_, delete, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from swapboard.calls.call import Call, CallEvent, EventKind, Facts
from swapboard.clock import Millis
from swapboard.storage.schema import call_legs, calls, carrier_events, carriers, numbers

_FACTS = TypeAdapter(Facts)


def add_carrier_events(
    connection: Connection,
    company_id: str,
    carrier_id: str,
    events: Iterable[tuple[CallEvent, dict[str, str]]],
    received_at: Millis,
) -> None:
    """Keep events with the words they came in; one that is known already is left as it was."""
    rows = [
        {
            "company_id": company_id,
            "carrier_id": carrier_id,
            "call_ref": event.call_ref,
            "leg_ref": event.leg_ref,
            "kind": event.kind.value,
            "sequence": event.sequence,
            "happened_at": event.happened_at,
            "received_at": received_at,
            "facts": _FACTS.dump_python(event.facts, mode="json", exclude_defaults=True),
            "raw": raw,
        }
        for event, raw in events
    ]
    if rows:
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        connection.execute(dialect.insert(carrier_events).on_conflict_do_nothing(), rows)


def events_of_call(connection: Connection, company_id: str, carrier_id: str, call_ref: str) -> list[CallEvent]:
    """Everything known of a call."""
    query = select(carrier_events).where(
        carrier_events.c.company_id == company_id,
        carrier_events.c.carrier_id == carrier_id,
        carrier_events.c.call_ref == call_ref,
    )
    return [_event(row) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A call that has been written before, and the numbers that tell whose it is."""

    call_id: str
    tracking_number: str | None
    caller: str | None
    started_at: Millis
    has_ended: bool


def known_call(connection: Connection, company_id: str, carrier_id: str, call_ref: str) -> KnownCall | None:
    """What is known of the carrier's call, or None when it is new."""
    table = calls.c
    query = select(
        table.call_id, table.tracking_number, table.caller_number, table.started_at, table.ended_at
    ).where(table.company_id == company_id, table.carrier_id == carrier_id, table.call_ref == call_ref)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return KnownCall(row.call_id, row.tracking_number, row.caller_number, row.started_at, row.ended_at is not None)


def add_call(
    connection: Connection, company_id: str, carrier_id: str, call_id: str, call: Call, place: str | None
) -> None:
    """Write a call that was not known before; nothing is known yet of who made it."""
    values = _values(call) | {
        "company_id": company_id,
        "call_id": call_id,
        "carrier_id": carrier_id,
        "call_ref": call.call_ref,
        "caller_place": place,
        "first_time_caller": _is_first(connection, company_id, call),
        "tags": [],
        "attribution_kind": "unknown",
        "click_ids": {},
        "search_text": "",
    }
    connection.execute(insert(calls).values(values))
    _replace_legs(connection, company_id, call_id, call)


def change_call(connection: Connection, company_id: str, call_id: str, call: Call, place: str | None) -> None:
    """Write what further events made of a call; who called may be told last."""
    row = (calls.c.company_id == company_id, calls.c.call_id == call_id)
    is_first = and_(calls.c.is_spam.is_(False), literal(_is_first(connection, company_id, call)))
    who = {"caller_place": place, "first_time_caller": is_first}
    connection.execute(update(calls).where(*row).values(_values(call) | who))
    _replace_legs(connection, company_id, call_id, call)


def carrier_accounts(connection: Connection, company_id: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """The company's accounts at carriers."""
    return connection.execute(select(carriers).where(carriers.c.company_id == company_id)).all()


def add_carrier(
    connection: Connection, company_id: str, carrier_id: str, kind: str, name: str, credentials: str, now: Millis
) -> None:
    """Write a carrier account; the credentials are sealed already."""
    connection.execute(
        insert(carriers).values(
            company_id=company_id,
            carrier_id=carrier_id,
            kind=kind,
            name=name,
            credentials=credentials,
            created_at=now,
        )
    )


def owned_numbers(connection: Connection, company_id: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Each tracking number that may ring, with its pool and its target."""
    query = select(numbers.c.number, numbers.c.pool_id, numbers.c.target_id).where(
        numbers.c.company_id == company_id, numbers.c.released_at.is_(None)
    )
    return connection.execute(query).all()


def _values(call: Call) -> dict[str, object]:
    return {
        "tracking_number": call.tracking_number,
        "destination": call.destination,
        "caller_number": call.caller,
        "caller_withheld": call.withheld,
        "caller_name": call.caller_name,
        "status": call.status,
        "started_at": call.started_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "ring_seconds": call.ring_seconds,
        "talk_seconds": call.talk_seconds,
        "greeting_seconds": call.greeting_seconds,
        "voicemail_seconds": call.voicemail_seconds,
        "recording_ref": call.recording_ref,
        "flow_path": list(call.path),
        "attestation": call.attestation,
    }


def _is_first(connection: Connection, company_id: str, call: Call) -> bool:
    """True when this caller never called before, but for spam; a withheld number is nobody's."""
    if call.caller is None:
        return False
    earlier = select(calls.c.call_id).where(
        calls.c.company_id == company_id,
        calls.c.caller_number == call.caller,
        calls.c.started_at < call.started_at,
        calls.c.call_ref != call.call_ref,
        calls.c.is_spam.is_(False),
    )
    return connection.execute(earlier.limit(1)).first() is None


def _replace_legs(connection: Connection, company_id: str, call_id: str, call: Call) -> None:
    connection.execute(
        delete(call_legs).where(call_legs.c.company_id == company_id, call_legs.c.call_id == call_id)
    )
    rows = [
        {
            "company_id": company_id,
            "call_id": call_id,
            "leg_ref": leg.leg_ref,
            "number": leg.number,
            "status": leg.status.value,
            "started_at": leg.started_at,
            "answered_at": leg.answered_at,
            "ended_at": leg.ended_at,
        }
        for leg in call.legs
    ]
    if rows:
        connection.execute(insert(call_legs), rows)


def _event(row: Row[*tuple[Any, ...]]) -> CallEvent:
    return CallEvent(
        call_ref=row.call_ref,
        leg_ref=row.leg_ref,
        kind=EventKind(row.kind),
        sequence=row.sequence,
        happened_at=row.happened_at,
        facts=_FACTS.validate_python(row.facts),
    )
