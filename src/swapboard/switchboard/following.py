"""What follows when carriers told more of a call: whose it is, what it was worth, and who is to hear of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.attribution.attribute import attribute
from swapboard.attribution.recompute import credit_of, credited, note_change
from swapboard.attribution.store import Attribution, NumberRow
from swapboard.calls.call import Call, CallEvent, EventKind
from swapboard.calls.late import mark_late
from swapboard.calls.spam_store import mark
from swapboard.calls.store import KnownCall, forget_first
from swapboard.calls.verdict import Verdict
from swapboard.clock import Millis
from swapboard.leads import store as lead_store
from swapboard.leads.lead import Contact, ContactKind, keys_of
from swapboard.leads.uncrediting import uncredit_call
from swapboard.numbers.e164 import place
from swapboard.recordings.recording import Because, Kind
from swapboard.recordings.store import let_go, note_recording, recordings_of_call
from swapboard.switchboard.announcing import announce, announce_credit, what_happened
from swapboard.switchboard.converting import convert
from swapboard.switchboard.joining import join
from swapboard.switchboard.judging import survey_found
from swapboard.switchboard.qualifying import apply_rules
from swapboard.switchboard.texting import write_to_missed

CARRIER = "carrier"
"""Who changed what an ended call is credited to, by telling late of another caller, number or beginning."""


@dataclass(frozen=True, slots=True)
class News:
    """A call that more was told of: as it is now, as it was, and what was not known of it before."""

    company_id: str
    carrier_id: str
    call_id: str
    call: Call
    known: KnownCall | None
    events: tuple[CallEvent, ...]
    told_at: Millis
    """When the last of the events was told."""
    is_lone: bool = False
    """It is known that its caller made no other call."""
    is_forgotten: bool = False
    """Its caller wanted to be forgotten."""


def follow(connection: Connection, news: News, numbers: Mapping[str, NumberRow]) -> None:
    """Do what follows, once the call is written as it is now; `numbers` are the tracking numbers' rows."""
    if is_to_attribute(news.known, news.call):
        _attribute(connection, news, numbers.get(news.call.tracking_number or ""))
    for event in news.events:
        _note_recording(connection, news, event)
        _judge(connection, news, event)
    announce(connection, news.company_id, news.call_id, what_happened(news.known, news.call), news.told_at)
    if news.call.is_over:
        apply_rules(connection, news.company_id, news.call_id, news.told_at)
        convert(connection, news.company_id, ContactKind.CALL, news.call_id, news.told_at)
        write_to_missed(connection, news.company_id, news.carrier_id, news.call_id, news.call, news.told_at)


def _note_recording(connection: Connection, news: News, event: CallEvent) -> None:
    """What was recorded is fetched later: by a message's end, or by the news that a recording is ready."""
    if ref := event.facts.recording_ref:
        is_message = event.kind is EventKind.MESSAGE or event.facts.message_seconds is not None
        kind = Kind.MESSAGE if is_message else Kind.TALK
        note_recording(connection, news.company_id, news.call_id, news.carrier_id, ref, kind, news.told_at)
        if news.is_forgotten:
            # Known all the same, for the carrier's copy is to be deleted.
            heard = [each.recording_id for each in recordings_of_call(connection, news.company_id, news.call_id)]
            let_go(connection, news.company_id, heard, Because.FORGOTTEN, news.told_at)


_NOTHING_SAID = Verdict((), None, None)


def _judge(connection: Connection, news: News, event: CallEvent) -> None:
    """What the call's flow says of it: tags, and what a survey found."""
    said = Verdict(event.facts.tags, event.facts.value_cents, event.facts.qualified)
    if said != _NOTHING_SAID:
        survey_found(connection, news.company_id, news.call_id, said, news.told_at)


def is_to_attribute(known: KnownCall | None, call: Call) -> bool:
    """When it rings, and once more when it ends: a tap is often told only after the call began."""
    if known is None:
        return True
    # What came first may have told of a later moment than that of the call's arrival.
    was, now = known.who, (call.tracking_number, call.caller, call.started_at)
    return was[:3] != now or (call.is_over and not known.is_over)


def _attribute(connection: Connection, news: News, number: NumberRow | None) -> None:
    company_id, call_id, call = news.company_id, news.call_id, news.call
    attribution = _credit(connection, news, number) if call.tracking_number else Attribution("unknown")
    if number is not None:
        mark_late(connection, company_id, call_id, number.status)
    came_to_honeypot = number is not None and number.is_honeypot and number.released_at is None
    if mark(connection, company_id, call_id, call, came_to_honeypot=came_to_honeypot, is_lone=news.is_lone):
        lead_store.drop_contact(connection, company_id, ContactKind.CALL, call_id)
        return
    contact = _contact(call_id, call.caller, call.started_at, attribution.visitor_id, attribution.confidence)
    if contact != _joined_as(news.known):
        if not news.is_lone:
            forget_first(connection, company_id, call)
        join(connection, company_id, contact, news.told_at)
    else:
        # It is the same person's, but may be credited to another visit now.
        uncredit_call(connection, company_id, call_id)


def _credit(connection: Connection, news: News, number: NumberRow | None) -> Attribution:
    company_id, call_id, call = news.company_id, news.call_id, news.call
    was = credited(connection, company_id, call_id) if news.known and news.known.is_over else None
    from_place = place(call.caller) if call.caller else None
    attribution = attribute(
        connection,
        company_id,
        call_id,
        call,
        number,
        from_place,
        is_new=news.known is None,
        is_lone=news.is_lone,
    )
    if was:
        became = credit_of(attribution)
        note_change(connection, company_id, call_id, was, became, CARRIER, news.told_at)
        announce_credit(connection, company_id, call_id, was, became, news.told_at)
    return attribution


def _joined_as(known: KnownCall | None) -> Contact | None:
    """As what the call was given to a lead before; None when it was not."""
    if known is None or known.is_spam:
        return None
    return _contact(known.call_id, known.who.caller, known.who.started_at, known.visitor_id, known.confidence)


def _contact(
    call_id: str, caller: str | None, started_at: Millis, visitor_id: str | None, confidence: float | None
) -> Contact:
    """Whose the call is: its caller's, and the visitor's that it was credited to, if that is sure enough."""
    keys = keys_of(phone=caller, visitor_id=visitor_id, confidence=confidence or 0.0)
    return Contact(ContactKind.CALL, call_id, started_at, keys)
