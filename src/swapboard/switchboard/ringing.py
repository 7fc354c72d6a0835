"""A carrier tells of calls: keep the events, fold them, find out who called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.attribution.attribute import attribute
from swapboard.attribution.recompute import credit_of, credited, note_change
from swapboard.attribution.store import Attribution
from swapboard.calls import store
from swapboard.calls.call import Call, CallEvent, EventKind
from swapboard.calls.fold import fold
from swapboard.calls.late import mark_late
from swapboard.calls.spam_store import mark
from swapboard.calls.verdicts import Verdict, add_to_verdict
from swapboard.clock import Millis
from swapboard.leads import store as lead_store
from swapboard.leads.lead import Contact, ContactKind, keys_of
from swapboard.numbers.e164 import place
from swapboard.recordings.recording import Kind
from swapboard.recordings.store import note_recording
from swapboard.storage.commit import Job
from swapboard.storage.ids import new_id
from swapboard.switchboard.converting import convert
from swapboard.switchboard.judging import judge

CARRIER = "carrier"
"""Who changed what an ended call is credited to, by telling late of another caller, number or beginning."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one request of a carrier told, with the words it came in."""

    company_id: str
    carrier_id: str
    events: tuple[CallEvent, ...]
    raw: Mapping[str, str]
    received_at: Millis


@dataclass(frozen=True, slots=True)
class Changed:
    """A call as it is now."""

    call_id: str
    call: Call


def receive(connection: Connection, batch: Sequence[Told]) -> list[tuple[Changed, ...]]:
    """Keep what was told and bring the calls up to date; the same again changes nothing."""
    return [_receive(connection, told) for told in batch]


_NOTHING_SAID = Verdict((), None, None)

RECEIVE: Job[Told, tuple[Changed, ...]] = Job("receive", receive, apart=True)


def _receive(connection: Connection, told: Told) -> tuple[Changed, ...]:
    raw = dict(told.raw)
    store.add_carrier_events(
        connection, told.company_id, told.carrier_id, [(event, raw) for event in told.events], told.received_at
    )
    call_refs = dict.fromkeys(event.call_ref for event in told.events)
    changed = tuple(_refold(connection, told, call_ref) for call_ref in call_refs)
    for each in changed:
        _note_recordings(connection, told, each)
        _judge(connection, told, each)
        if each.call.ended_at is not None:
            convert(connection, told.company_id, ContactKind.CALL, each.call_id, told.received_at)
    return changed


def _note_recordings(connection: Connection, told: Told, changed: Changed) -> None:
    """What was recorded is fetched later: by a message's end, or by the news that a recording is ready."""
    for event in told.events:
        ref = event.facts.recording_ref
        if ref and event.call_ref == changed.call.call_ref:
            is_message = event.kind is EventKind.MESSAGE or event.facts.message_seconds is not None
            kind = Kind.MESSAGE if is_message else Kind.TALK
            note_recording(
                connection, told.company_id, changed.call_id, told.carrier_id, ref, kind, told.received_at
            )


def _judge(connection: Connection, told: Told, changed: Changed) -> None:
    """What the call's flow says of it: tags, and what a survey found."""
    for event in told.events:
        facts = event.facts
        said = Verdict(facts.tags, facts.value_cents, facts.qualified)
        if event.call_ref == changed.call.call_ref and said != _NOTHING_SAID:
            verdict = add_to_verdict(connection, told.company_id, changed.call_id, said)
            judge(connection, told.company_id, changed.call_id, verdict, told.received_at)


def _refold(connection: Connection, told: Told, call_ref: str) -> Changed:
    company_id, carrier_id = told.company_id, told.carrier_id
    call = fold(store.events_of_call(connection, company_id, carrier_id, call_ref))
    known = store.known_call(connection, company_id, carrier_id, call_ref)
    from_place = place(call.caller) if call.caller else None
    call_id = known.call_id if known else new_id(told.received_at)
    if known is None:
        store.add_call(connection, company_id, carrier_id, call_id, call, from_place)
    else:
        store.change_call(connection, company_id, call_id, call, from_place)
    if not _is_to_attribute(known, call):
        return Changed(call_id, call)
    attribution = None
    if call.tracking_number:
        was = credited(connection, company_id, call_id) if known and known.has_ended else None
        attribution = attribute(connection, company_id, call_id, call, from_place)
        if was:
            became = credit_of(attribution)
            note_change(connection, company_id, call_id, was, became, CARRIER, told.received_at)
        mark_late(connection, company_id, call_id, call.tracking_number)
    if mark(connection, company_id, call_id, call):
        lead_store.drop_contact(connection, company_id, ContactKind.CALL, call_id)
    else:
        lead_store.join(connection, company_id, _contact(call_id, call, attribution), told.received_at)
    return Changed(call_id, call)


def _is_to_attribute(known: store.KnownCall | None, call: Call) -> bool:
    """When it rings, and once more when it ends: a tap is often told only after the call began."""
    if known is None or known.tracking_number != call.tracking_number or known.caller != call.caller:
        return True
    # What came first may have told of a later moment than that of the call's arrival.
    return known.started_at != call.started_at or (call.ended_at is not None and not known.has_ended)


def _contact(call_id: str, call: Call, attribution: Attribution | None) -> Contact:
    """Whose the call is: its caller's, and the visitor's that it was credited to, if that is sure enough."""
    visitor_id, confidence = (attribution.visitor_id, attribution.confidence) if attribution else (None, None)
    keys = keys_of(phone=call.caller, visitor_id=visitor_id, confidence=confidence or 0.0)
    return Contact(ContactKind.CALL, call_id, call.started_at, keys)
