"""What all customer databases share: somebody is found or made, and the call is one record of theirs.

The record bears our own name for the call: whatever is told of it later, or told twice, changes that record.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from pydantic_core import from_json, to_json

from swapboard.clock import Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.conversion import Rule
from swapboard.conversions.destinations.answers import by_status
from swapboard.conversions.destinations.base import Destination
from swapboard.conversions.destinations.oauth import Refused
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _
from swapboard.leads.lead import ContactKind
from swapboard.numbers.e164 import international

FIRST_RULE = Rule(answered=False, events=(Event.CHANGED, Event.ATTRIBUTION_CHANGED))
HEARS = (Event.CHANGED, Event.ATTRIBUTION_CHANGED, Event.RECORDING_READY, Event.TRANSCRIPT_READY)
NOBODY = _("Neither a number nor an e-mail address of theirs is known.")
NOT_THERE = _("It is not there, for it did not count: so there is nothing to change.")
_LONGEST_WORDS = 300
_BAD_ADDRESS = "INVALID_EMAIL"
"""So begins what HubSpot and Salesforce call it; both look at what stands behind the point, too."""


@dataclass(frozen=True, slots=True)
class Stopped(Exception):
    """The database answered with no; what that means for the message."""

    result: Result


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one customer database, with its access."""

    post: Post
    url: str
    headers: Mapping[str, str] = field(repr=False)
    secret: str = field(repr=False)
    words_of: Callable[[Any], str]
    """Reads the database's own words from an answer's JSON."""

    def ask(self, method: str, path: str, told: object = None, good: Sequence[int] = ()) -> tuple[int, Any]:
        """The status and the JSON of an answer; statuses beyond 2xx that are `good` say something too.

        Raises Stopped and Unreached.
        """
        answer = self.post(request(self, method, path, told))
        known = _json(answer)
        if 200 <= answer.status < 300 or answer.status in good:
            return answer.status, known
        raise Stopped(self._no(answer, known))

    def _no(self, answer: Answer, known: Any) -> Result:
        result = by_status(answer, str(self.words_of(known) or "")[:_LONGEST_WORDS])
        if answer.status in {401, 402, 403}:
            # Its owner can mend access, or pay; nothing of what waits is refused for good.
            return Result(Outcome.FAILED, result.words, result.retry_after_seconds)
        return result


class CustomerDatabase(Destination, Protocol):
    """Finds or makes who called, then writes the call as one record of theirs."""

    @property
    def most_at_once(self) -> int:
        return 1

    def objection(self, message: Message, now: Millis) -> str | None:
        return None if message.contact.phone or message.contact.email else NOBODY

    def not_before(self, message: Message) -> Millis:
        return 0

    @abstractmethod
    def line(self, post: Post) -> Line:
        """With access. Raises Refused and Unreached."""

    @abstractmethod
    def tell(self, line: Line, message: Message) -> str | None:
        """Write it; what it is called there, or None where there is none to change. Raises Stopped, Unreached."""

    @abstractmethod
    def check(self, line: Line) -> str:
        """Look whether access does; what to say. Raises Stopped, Unreached."""

    def send(self, messages: Sequence[Message], now: Millis, post: Post) -> Sequence[Result]:
        (message,) = messages
        try:
            record = self.tell(self.line(post), message)
        except (Refused, Stopped) as no:
            return [no.result]
        if record is None:
            return [Result(Outcome.WITHHELD, NOT_THERE)]
        return [Result(Outcome.TAKEN, f"It is {record} there.")]

    def test(self, now: Millis, post: Post) -> Result:
        try:
            return Result(Outcome.TAKEN, self.check(self.line(post)))
        except (Refused, Stopped) as no:
            return no.result


def request(line: Line, method: str, path: str, told: object = None) -> Request:
    """One request on the line."""
    headers = {**line.headers, **({"Content-Type": "application/json"} if told is not None else {})}
    body = to_json(told) if told is not None else b""
    return Request(method, f"{line.url}{path}", headers, body, secrets=(line.secret,))


def only_changes(message: Message) -> bool:
    """True for what is told of calls that may not be there: only a record that is there is changed by it."""
    return isinstance(message.saying, Event) or message.saying is Saying.RETRACT


def marker(contact: Contact) -> str:
    """Our own name for the call, as it stands in the record."""
    return f"Swapboard {contact.contact_id}"


def subject(message: Message) -> str:
    """The record's title."""
    contact = message.contact
    who = contact.name or (international(contact.phone) if contact.phone else contact.email or "")
    if contact.kind is ContactKind.FORM:
        return f"Form: {who}"
    length = f"{contact.talk_seconds // 60}:{contact.talk_seconds % 60:02}"
    return f"Call: {who}, {length if contact.answered else 'not answered'}"


def description(message: Message) -> str:
    """All that is known of it, a line each; the last is the marker."""
    contact, origin, call = message.contact, message.contact.origin, message.contact.call
    sure = "" if contact.confidence is None else f"{contact.confidence:.0%}"
    known = {
        "Channel": origin.channel,
        "Source": origin.source,
        "Medium": origin.medium,
        "Campaign": origin.campaign,
        "Keyword": origin.keyword,
        "Landing page": origin.landing_page,
        "Click": ", ".join(f"{name} {each}" for name, each in origin.click_ids.items()),
        "How sure": sure,
        "Called": call.tracking_number if call else None,
        "Place": call.caller_place if call else None,
        "Tags": ", ".join(contact.tags),
        "Value": message.worth,
        "Good lead": {True: "yes", False: "no", None: ""}[contact.qualified],
        "Counts": "no, after all" if message.saying is Saying.RETRACT or contact.is_spam else "",
        "More": message.link,
    }
    lines = [f"{name}: {each}" for name, each in known.items() if each]
    return "\n".join([*lines, marker(contact)])


def names(contact: Contact) -> tuple[str, str]:
    """(first, last) name; the last is never empty."""
    # As typed, or as carriers fill it up: with blanks around.
    first, _blank, last = (contact.name or "").strip().rpartition(" ")
    return first.rstrip(), last or (international(contact.phone) if contact.phone else contact.email or "unknown")


def without_bad_address(contact: Contact, no: Stopped) -> Contact:
    """Who is not taken for their e-mail address, as somebody mistyped it, by their number alone.

    Raises Stopped where that is not why, or nothing else is known of them.
    """
    if _BAD_ADDRESS not in no.result.words or not (contact.phone and contact.email):
        raise no
    return replace(contact, email=None)


def ask_nobody(_request: Request) -> Answer:
    """What a preview asks with."""
    raise AssertionError("a preview asks nobody")


def _json(answer: Answer) -> Any:
    try:
        return from_json(answer.body) if answer.body else {}
    except ValueError:
        return {}
