"""Puts in the outbox what destinations are to be told, in the transaction of what made it so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from swapboard.accounts.company import Company
from swapboard.accounts.store import company_by_id
from swapboard.clock import Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.contacts import contact_of, opted_out
from swapboard.conversions.conversion import judge
from swapboard.conversions.deliveries import CORRECTS, held_back, put_in, told_as
from swapboard.conversions.destinations.base import DestinationKind, TakesBack
from swapboard.conversions.destinations.installed import UnknownDestination, destination_kind
from swapboard.conversions.message import Message, Said, Saying, Teller, next_saying
from swapboard.conversions.store import DestinationRecord, destinations_on, keep_said, what_was_said
from swapboard.leads.lead import ContactKind
from swapboard.leads.listing import lead_by_id
from swapboard.storage.ids import new_id


def convert(connection: Connection, company_id: str, kind: ContactKind, contact_id: str, now: Millis) -> int:
    """Let every destination know what it does not know yet of a call or a form; how many are to be told.

    To be called whenever something of the contact may have changed: the same again says nothing.
    """
    listening = destinations_on(connection, company_id)
    contact = contact_of(connection, company_id, kind, contact_id) if listening else None
    if contact is None:
        return 0
    company = company_by_id(connection, company_id)
    assert company is not None
    said = what_was_said(connection, company_id, kind, contact_id)
    news = _News(contact, company, now)
    return sum(_tell(connection, record, news, said.get(record.destination_id)) for record in listening)


def convert_forms(connection: Connection, company_id: str, lead_id: str, now: Millis) -> None:
    """The same of all forms of a lead, of which something else holds now: a form is as good as its sender."""
    record = lead_by_id(connection, company_id, lead_id)
    for form_id in record.contact_ids(ContactKind.FORM) if record else ():
        convert(connection, company_id, ContactKind.FORM, form_id, now)


@dataclass(frozen=True, slots=True)
class _News:
    contact: Contact
    company: Company
    now: Millis


def _tell(connection: Connection, record: DestinationRecord, news: _News, said: Said | None) -> bool:
    finding = judge(record.rule, news.contact)
    saying = next_saying(said, finding)
    stands = said is not None and said.counts and finding.counts
    before = (
        held_back(connection, record.company_id, record.destination_id, news.contact, said.conversion_id)
        if said and stands
        else ()
    )
    is_known_by_more = _is_known_by_more(connection, record, news.contact, before)
    saying = Saying.CONVERT if is_known_by_more else saying
    # What was held back was told under no click, so there is none to take it back from.
    if (
        said
        and stands
        and not before
        and _is_of_another_click(connection, record, news.contact, said.conversion_id)
    ):
        _put(connection, record, news, Said(said.conversion_id, False, None), Saying.RETRACT)
        saying = Saying.CONVERT
    if saying is None:
        return False
    # A conversion that was taken back is another one when it counts again: platforms take a retracted id no more.
    is_same = saying is not Saying.CONVERT or is_known_by_more
    conversion_id = said.conversion_id if said and is_same else new_id(news.now)
    _put(connection, record, news, Said(conversion_id, finding.counts, finding.value_cents), saying)
    return True


def _put(connection: Connection, record: DestinationRecord, news: _News, now_said: Said, saying: Saying) -> None:
    name = now_said.conversion_id
    contact = _as_told(connection, record, news.contact, name, saying) if saying in CORRECTS else news.contact
    message = Message(
        saying,
        name,
        now_said.value_cents,
        news.company.currency,
        contact,
        news.now,
        company=told_by(news.company),
    )
    put_in(connection, record.company_id, record.destination_id, message)
    about = (news.contact.kind, news.contact.contact_id)
    keep_said(connection, record.company_id, record.destination_id, about, now_said, news.now)


def _is_of_another_click(
    connection: Connection, record: DestinationRecord, contact: Contact, conversion_id: str
) -> bool:
    """True where it was told under a click, is credited to a visit with another or none by now, and can be taken
    back there.

    A visit that was forgotten is no other one. What was told of whoever asked for privacy since is not told anew:
    it could not be taken back.
    """
    kind: object = _kind(record.kind)
    if not isinstance(kind, TakesBack) or contact.origin.session_id is None:
        return False
    told = told_as(connection, record.company_id, record.destination_id, contact, conversion_id)
    was = told.origin.session_id if told else None
    if told is None or was is None or was == contact.origin.session_id:
        return False
    click = _click(kind, told)
    moved = click is not None and click != _click(kind, contact)
    return moved and not opted_out(connection, record.company_id, [was])


def _click(kind: TakesBack, contact: Contact) -> str | None:
    known = contact.origin.click_ids
    return next((known[name] for name in kind.clicks if known.get(name)), None)


def _as_told(
    connection: Connection, record: DestinationRecord, contact: Contact, conversion_id: str, saying: Saying
) -> Contact:
    """What is corrected, as the destination knows it.

    An ad platform finds a conversion by the click, the person and the time that it was told under, whatever visit
    the call is credited to by now; who keeps the contact itself wants to know that as well. What somebody is worth
    who asked for privacy stays theirs, and is held back: it is not told of the visit before.
    """
    kind = _kind(record.kind)
    if kind is None or not kind.is_advertising:
        return contact
    session_id = contact.origin.session_id
    if saying is Saying.RESTATE and session_id and opted_out(connection, record.company_id, [session_id]):
        return contact
    told = told_as(connection, record.company_id, record.destination_id, contact, conversion_id)
    if told is None:
        return contact
    return replace(contact, origin=told.origin, phone=told.phone, email=told.email, happened_at=told.happened_at)


def _kind(name: str) -> DestinationKind | None:
    """None where its package is gone."""
    try:
        return destination_kind(name)
    except UnknownDestination:
        return None


def _is_known_by_more(
    connection: Connection, record: DestinationRecord, contact: Contact, before: Sequence[Contact]
) -> bool:
    """True where it was held back, perhaps because the platform could not know who it was, and is known by
    something else now: it was credited to another visit, or the carrier corrected its caller.

    Whose visit asked for privacy is not told of for a belief that changed, however often it does.
    """
    if not before or _known_by(before[-1]) == _known_by(contact):
        return False
    sessions = {session for each in before if (session := each.origin.session_id)}
    return not opted_out(connection, record.company_id, sessions)


def _known_by(contact: Contact) -> tuple[object, ...]:
    return contact.origin.session_id, dict(contact.origin.click_ids), contact.phone, contact.email


def told_by(company: Company) -> Teller:
    """The company as its messages name it."""
    return Teller(company.company_id, company.name, company.time_zone, company.language)
