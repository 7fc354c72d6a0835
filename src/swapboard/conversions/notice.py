"""A message for people to read: a heading and some facts, of which its owner chose which may be told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from swapboard.conversions.contact import CallFacts, Contact
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message, Saying
from swapboard.language import _, month_day, speaking, weekday
from swapboard.leads.lead import ContactKind
from swapboard.numbers.e164 import international

NUMBER, NAME, PLACE, CALLED, WHEN, LENGTH = (
    _("Their number"),
    _("Their name"),
    _("Where they call from"),
    _("Which number was called"),
    _("When"),
    _("How long they talked"),
)
AD, PAGE, VALUE, TAGS, LINK = (
    _("Which ad brought them"),
    _("Landing page"),
    _("Value"),
    _("Tags"),
    _("Link to the call"),
)
FACTS = (NUMBER, NAME, PLACE, CALLED, WHEN, LENGTH, AD, PAGE, VALUE, TAGS, LINK)
USUAL = (NUMBER, NAME, PLACE, CALLED, WHEN, LENGTH, AD, LINK)
SPAM = _("It is marked as spam, which people are not disturbed with.")
_LEFT_MESSAGE, _OPEN = _("Missed call, with a message"), _("Open the call")

_EVENTS: Mapping[Event, str] = {
    Event.BEFORE_ANSWER: _("A call is coming in"),
    Event.ANSWERED: _("A call was answered"),
    Event.ENDED: _("A call ended"),
    Event.MISSED: _("Missed call"),
    Event.RECORDING_READY: _("A recording is ready"),
    Event.TRANSCRIPT_READY: _("A transcript is ready"),
    Event.ATTRIBUTION_CHANGED: _("A call is credited to another visit"),
    Event.CHANGED: _("A call was changed"),
    Event.FORGOTTEN: _("Somebody is to be forgotten"),
}
_SAYINGS: Mapping[tuple[Saying, ContactKind], str] = {
    (Saying.CONVERT, ContactKind.CALL): _("A call that counts"),
    (Saying.RESTATE, ContactKind.CALL): _("A call has another value"),
    (Saying.RETRACT, ContactKind.CALL): _("A call does not count after all"),
    (Saying.CONVERT, ContactKind.FORM): _("New form"),
    (Saying.RESTATE, ContactKind.FORM): _("A form has another value"),
    (Saying.RETRACT, ContactKind.FORM): _("A form does not count after all"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What people read; `link` is empty where it was not to be told."""

    heading: str
    rows: tuple[tuple[str, str], ...]
    link: str
    link_words: str = _OPEN

    @property
    def text(self) -> str:
        """All of it in one line."""
        return " · ".join([self.heading, *(value for _name, value in self.rows)])


def notice_of(message: Message, chosen: Sequence[str]) -> Notice:
    """The notice in its company's language; nothing stands in it that is not among `chosen` (of `FACTS`)."""
    with speaking(message.company.language):
        return _notice(message, chosen)


def _notice(message: Message, chosen: Sequence[str]) -> Notice:
    contact = message.contact
    who = (contact.name if NAME in chosen else None) or (_number(contact) if NUMBER in chosen else None)
    heading = f"{_what(message)}: {who}" if who else _what(message)
    rows = tuple((_(name), value) for name, value in _facts(message) if name in chosen and value)
    return Notice(" ".join(heading.split())[:150], rows, message.link if LINK in chosen else "", _(_OPEN))


def _what(message: Message) -> str:
    contact, saying = message.contact, message.saying
    if isinstance(saying, Saying):
        return _(_SAYINGS[saying, contact.kind])
    left_message = bool(contact.call and contact.call.voicemail_seconds)
    return _(_LEFT_MESSAGE if saying is Event.MISSED and left_message else _EVENTS[saying])


def _facts(message: Message) -> Iterator[tuple[str, str]]:
    contact, call, origin = message.contact, message.contact.call, message.contact.origin
    happened_at = datetime.fromtimestamp(contact.happened_at / 1000, ZoneInfo(message.company.time_zone))
    yield NUMBER, _number(contact)
    yield NAME, contact.name or ""
    yield PLACE, (call.caller_place if call else None) or ""
    yield CALLED, international(call.tracking_number) if call and call.tracking_number else ""
    yield (
        WHEN,
        f"{weekday(happened_at, short=True)} {month_day(happened_at, '')}, {happened_at:%H:%M}",
    )
    yield LENGTH, _length(contact, call)
    known = (origin.channel, origin.source, origin.campaign, origin.keyword)
    yield AD, ", ".join(dict.fromkeys(fact for fact in known if fact))
    yield PAGE, origin.landing_page or ""
    yield VALUE, message.worth
    yield TAGS, ", ".join(contact.tags)


def _number(contact: Contact) -> str:
    if contact.phone:
        return international(contact.phone)
    return _("withheld") if contact.kind is ContactKind.CALL else ""


def _length(contact: Contact, call: CallFacts | None) -> str:
    if contact.talk_seconds:
        return f"{contact.talk_seconds // 60}:{contact.talk_seconds % 60:02}"
    return _("not answered") if call and call.is_over and not contact.answered else ""
