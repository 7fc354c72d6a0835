"""The calls that carriers' events fold to, in the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from swapboard.calls.call import GOES_ON, Call, Leg
from swapboard.clock import Millis
from swapboard.storage.bulk import BulkInsert, BulkUpdate, Known, Value, json_text
from swapboard.storage.schema import call_legs, calls, carriers, numbers


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A call that has been written before, with what tells whose it is and what it was credited to."""

    call_id: str
    who: "Who"
    has_ended: bool
    """Its end is known."""
    is_over: bool
    is_spam: bool
    first_time_caller: bool
    is_answered: bool
    visitor_id: str | None
    confidence: float | None


class Who(NamedTuple):
    """Of a call, what tells whose it is, and seldom changes once it is known."""

    tracking_number: str | None
    caller: str | None
    started_at: Millis
    withheld: bool
    caller_name: str | None
    attestation: str | None

    @classmethod
    def of(cls, call: Call) -> "Who":
        """What the call says of it."""
        return cls(
            call.tracking_number, call.caller, call.started_at, call.withheld, call.caller_name, call.attestation
        )


_KNOWN = (
    select(
        calls.c.call_ref,
        calls.c.call_id,
        calls.c.tracking_number,
        calls.c.caller_number,
        calls.c.started_at,
        calls.c.caller_withheld,
        calls.c.caller_name,
        calls.c.attestation,
        calls.c.ended_at,
        calls.c.status,
        calls.c.is_spam,
        calls.c.first_time_caller,
        calls.c.answered_at,
        calls.c.visitor_id,
        calls.c.confidence,
    )
    .where(
        calls.c.company_id == bindparam("of_company"),
        calls.c.carrier_id == bindparam("of_carrier"),
        calls.c.call_ref.in_(bindparam("call_refs", expanding=True)),
    )
    .order_by(calls.c.call_ref)
    .with_for_update(key_share=True)
)


def known_calls(
    connection: Connection, company_id: str, carrier_id: str, call_refs: Collection[str]
) -> Mapping[str, KnownCall]:
    """Those of the carrier's calls that are written already, by its own ids.

    Locked until the transaction ends: whatever another process is told of them at the same time, it folds
    after us, with what we write.
    """
    asked = {"of_company": company_id, "of_carrier": carrier_id, "call_refs": list(call_refs)}
    return {row.call_ref: _known(row) for row in connection.execute(_KNOWN, asked)}


def _known(row: Row[*tuple[Any, ...]]) -> KnownCall:
    who = Who(*row[2:8])
    return KnownCall(
        row.call_id,
        who,
        row.ended_at is not None,
        row.status not in GOES_ON,
        row.is_spam,
        row.first_time_caller,
        row.answered_at is not None,
        row.visitor_id,
        row.confidence,
    )


def add_call(
    connection: Connection,
    company_id: str,
    carrier_id: str,
    call_id: str,
    call: Call,
    place: str | None,
    *,
    is_lone: bool = False,
) -> None:
    """Write a call that was not known before; nothing is known yet of who made it.

    `is_lone` tells that its caller made no other call.
    """
    values: dict[str, object] = {
        **_progress(call),
        "flow_path": list(call.path),
        **_who(call, place),
        "first_time_caller": is_lone or _is_first(connection, company_id, call),
        "company_id": company_id,
        "call_id": call_id,
        "carrier_id": carrier_id,
        "call_ref": call.call_ref,
        "tags": [],
        "attribution_kind": "unknown",
        "click_ids": {},
        "search_text": "",
    }
    connection.execute(_ADD, values)
    _write_legs(connection, company_id, [(call_id, call)])


def change_who(connection: Connection, company_id: str, known: KnownCall, call: Call, place: str | None) -> None:
    """Write who called, and when: it may be told last."""
    values = _who(call, place)
    values["first_time_caller"] = _is_first(connection, company_id, call) and not known.is_spam
    row = calls.c.company_id == company_id, calls.c.call_id == known.call_id
    connection.execute(update(calls).where(*row).values(values))


def change_calls(connection: Connection, company_id: str, changed: Collection[tuple[str, Call]]) -> None:
    """Write what further events made of calls (by id), apart from who called."""
    rows = [(*_progress(call).values(), json_text(call.path), company_id, call_id) for call_id, call in changed]
    _CHANGE.run(connection, rows)
    _write_legs(connection, company_id, changed)


def forget_first(connection: Connection, company_id: str, call: Call) -> None:
    """Of this caller's calls, those after this one are not the first."""
    if call.caller is not None:
        asked = {"of_company": company_id, "caller": call.caller, "at": call.started_at, "this": call.call_ref}
        connection.execute(_NOT_FIRST, asked)


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


_PROGRESS = (
    "destination",
    "status",
    "answered_at",
    "ended_at",
    "ring_seconds",
    "talk_seconds",
    "greeting_seconds",
    "voicemail_seconds",
    "recording_ref",
)
_CHANGE = BulkUpdate(calls, (*_PROGRESS, "flow_path"), ("company_id", "call_id"))
_LEGS = BulkInsert(call_legs, Known.REPLACED)
_ADD = insert(calls)
_EARLIER = (
    select(calls.c.call_id)
    .where(
        calls.c.company_id == bindparam("of_company"),
        calls.c.caller_number == bindparam("caller"),
        calls.c.started_at < bindparam("at"),
        calls.c.call_ref != bindparam("this"),
        calls.c.is_spam.is_(False),
    )
    .limit(1)
)
_NOT_FIRST = (
    update(calls)
    .where(
        calls.c.company_id == bindparam("of_company"),
        calls.c.caller_number == bindparam("caller"),
        calls.c.started_at > bindparam("at"),
        calls.c.call_ref != bindparam("this"),
        calls.c.first_time_caller,
    )
    .values(first_time_caller=False)
)


def _progress(call: Call) -> dict[str, Value]:
    return {
        "destination": call.destination,
        "status": call.status.value,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "ring_seconds": call.ring_seconds,
        "talk_seconds": call.talk_seconds,
        "greeting_seconds": call.greeting_seconds,
        "voicemail_seconds": call.voicemail_seconds,
        "recording_ref": call.recording_ref,
    }


def _who(call: Call, place: str | None) -> dict[str, Value]:
    return {
        "tracking_number": call.tracking_number,
        "caller_number": call.caller,
        "caller_withheld": call.withheld,
        "caller_name": call.caller_name,
        "caller_place": place,
        "started_at": call.started_at,
        "attestation": call.attestation,
    }


def _write_legs(connection: Connection, company_id: str, of_calls: Collection[tuple[str, Call]]) -> None:
    """A call's legs become more, never fewer."""
    rows = [(company_id, call_id, *_leg(leg)) for call_id, call in of_calls for leg in call.legs]
    _LEGS.run(connection, rows)


def _leg(leg: Leg) -> tuple[Value, ...]:
    return leg.leg_ref, leg.number, leg.status.value, leg.started_at, leg.answered_at, leg.ended_at


def _is_first(connection: Connection, company_id: str, call: Call) -> bool:
    """True when this caller never called before, but for spam; a withheld number is nobody's."""
    if call.caller is None:
        return False
    asked = {"of_company": company_id, "caller": call.caller, "at": call.started_at, "this": call.call_ref}
    return connection.execute(_EARLIER, asked).first() is None
