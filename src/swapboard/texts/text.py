"""Whether a caller whom nobody answered is written a text message, and what: pure.

Nobody is written twice within a day, nor after they wrote STOP (CTIA Messaging Principles and Best Practices:
STOP, END, CANCEL, UNSUBSCRIBE, QUIT and the like end all messages from a number; START begins them again).
Canada has ARRET (https://docs.aws.amazon.com/sms-voice/latest/userguide/opt-out-list-keywords.html),
Germans write STOPP.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from swapboard.calls.call import Status
from swapboard.clock import DAY, HOUR, SECOND, Millis
from swapboard.numbers.e164 import international, may_take_texts

NUMBER = "{number}"
"""In a text: the number that was called."""
ANY_LINE = ""
"""In place of a number: all that have no text of their own."""
EVERY: Millis = DAY
SENT_AFTER: Millis = 20 * SECOND
"""News of a call comes in no order: by then it is known whether somebody answered after all."""
TOO_LATE_AFTER: Millis = HOUR
"""Who is written hours after the call wonders why."""

_MISSED = frozenset((Status.MISSED, Status.BUSY, Status.FAILED, Status.ABANDONED))
_STOPS = frozenset(
    (
        *("stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"),
        *("remove", "stopp", "arret", "arrêt", "baja"),
    )
)
_BEGINS = frozenset(("stop", "stopp", "stopall", "unsubscribe"))
_STARTS = frozenset(("start", "unstop", "yes"))


class TextState(StrEnum):
    """Where a text message is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    """The carrier has it."""
    FAILED = "failed"
    DROPPED = "dropped"
    """It was not to be sent after all."""
    RECEIVED = "received"
    """Somebody wrote to us."""


class WhyNot(StrEnum):
    """Why a missed call's caller is not written."""

    WITHHELD = "withheld"
    NO_TEXTS = "no_texts"
    """Their line is known to take none: a landline."""
    SPAM = "spam"
    LATE = "late"
    STOPPED = "stopped"
    """They wrote STOP."""
    ANSWERED = "answered"
    """Somebody talked with them after all."""


@dataclass(frozen=True, slots=True)
class MissedCall:
    """What is known of a call when it is over."""

    status: Status
    tracking_number: str | None
    caller: str | None
    """E.164; None when withheld."""
    ended_at: Millis | None
    is_spam: bool = False


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A text message, ours or a caller's."""

    company_id: str
    message_id: str
    carrier_id: str
    call_id: str | None
    """The missed call that it answers."""
    sender: str
    recipient: str
    body: str
    state: TextState
    written_at: Millis
    due_at: Millis
    attempts: int
    words: str | None
    """Why it was not sent, in the carrier's own words."""
    carrier_ref: str | None


def is_missed(call: MissedCall) -> bool:
    """True for a call that ended and that nobody, and no mailbox, took."""
    return call.status in _MISSED and call.ended_at is not None and call.tracking_number is not None


def why_not(call: MissedCall, now: Millis) -> WhyNot | None:
    """Why the caller of a missed call is not written, as far as the call itself tells; None when they are."""
    if call.caller is None:
        return WhyNot.WITHHELD
    if call.is_spam:
        return WhyNot.SPAM
    if not may_take_texts(call.caller):
        return WhyNot.NO_TEXTS
    return WhyNot.LATE if now - (call.ended_at or now) > TOO_LATE_AFTER else None


def text_for(texts: Mapping[str, str], line: str, of_flow: str) -> str:
    """What is written: the number's own words (also none at all), else its flow's, else those of all numbers."""
    if line in texts:
        return texts[line].strip()
    return of_flow.strip() or texts.get(ANY_LINE, "").strip()


def filled_in(text: str, line: str) -> str:
    """The words with the number that was called."""
    return text.replace(NUMBER, international(line))


def stops(body: str) -> bool | None:
    """True when a text says that no more are wanted, False when it takes that back, None when it says neither.

    A STOP too many costs a reply, one that is not understood a complaint: so it need only begin with it.
    """
    # An accent may come as a letter of its own.
    letters = normalize("NFKC", body).lower()
    said = " ".join("".join(letter if letter.isalnum() else " " for letter in letters).split())
    if said in _STARTS:
        return False
    return True if said in _STOPS or said.split(" ")[0] in _BEGINS else None
