"""Puts in the outbox what happens to calls, in the transaction of what made it happen, for who wants to know."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from operator import attrgetter

from sqlalchemy import Connection

from swapboard.accounts.store import company_by_id
from swapboard.attribution.recompute import Credit
from swapboard.calls.call import Call, Status
from swapboard.calls.store import KnownCall
from swapboard.clock import Millis
from swapboard.conversions.contact import without_person, without_visit
from swapboard.conversions.contacts import call_now
from swapboard.conversions.conversion import worth
from swapboard.conversions.deliveries import is_put_in, put_in
from swapboard.conversions.event import ONCE, Event, Stage, steps
from swapboard.conversions.message import Message
from swapboard.conversions.store import destinations_on
from swapboard.switchboard.converting import told_by

Details = Mapping[str, str | int | float | None]

_ANSWERED = frozenset((Status.ANSWERED, Status.IN_PROGRESS))


def announce(
    connection: Connection,
    company_id: str,
    call_id: str,
    events: Sequence[Event],
    now: Millis,
    details: Details | None = None,
) -> int:
    """Let every destination that wants to know what happened to a call; how many messages that is.

    Nothing is asked when nothing happened, and only who is listening when nobody is.
    """
    if not events:
        return 0
    listening = [
        each for each in destinations_on(connection, company_id) if not set(events).isdisjoint(each.rule.events)
    ]
    contact = call_now(connection, company_id, call_id) if listening else None
    company = company_by_id(connection, company_id) if contact else None
    if contact is None or company is None or contact.call is None:
        return 0
    if not contact.call.is_over:
        events = [each for each in events if each is not Event.CHANGED]
    wanted = [
        (each, event)
        for each in listening
        for event in events
        if event in each.rule.events
        and not (event in ONCE and is_put_in(connection, company_id, each.destination_id, event, call_id))
    ]
    teller = told_by(company)
    for each, event in wanted:
        value = worth(each.rule, contact)
        about = without_visit(without_person(contact)) if event is Event.FORGOTTEN else contact
        message = Message(
            event, call_id, value, company.currency, about, now, company=teller, details=details or {}
        )
        put_in(connection, company_id, each.destination_id, message)
    return len(wanted)


def what_happened(known: KnownCall | None, call: Call) -> Sequence[Event]:
    """What the news of a call made happen to it, in order."""
    was = Stage(known.is_answered, known.is_over) if known else None
    is_answered = call.answered_at is not None
    is_missed = call.status not in _ANSWERED and call.status is not Status.BLOCKED
    happened = tuple(steps(was, Stage(is_answered, call.is_over, is_missed)))
    is_end_found = call.ended_at is not None and known is not None and known.is_over and not known.has_ended
    return (*happened, Event.CHANGED) if is_end_found else happened


def announce_credit(
    connection: Connection, company_id: str, call_id: str, was: Credit, became: Credit, now: Millis
) -> None:
    """Tell that a call is credited to another visit, or to none; that it is only more sure is no news."""
    visit = attrgetter("kind", "session_id")
    if visit(was) != visit(became):
        before = {f"was_{name}": value for name, value in asdict(was).items()}
        announce(connection, company_id, call_id, [Event.ATTRIBUTION_CHANGED], now, before)
