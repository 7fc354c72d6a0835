"""What all destinations share that people read: which events, and which facts may be told."""

from collections.abc import Mapping

from swapboard.clock import MINUTE, Millis
from swapboard.conversions.conversion import Rule
from swapboard.conversions.destinations.fields import SettingField, picked
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message
from swapboard.conversions.notice import FACTS, SPAM, USUAL
from swapboard.language import _

TELLS = SettingField(
    "tells",
    "What it may say",
    "What is not ticked does not leave this server.",
    required=False,
    choices=FACTS,
    many=True,
    default=", ".join(USUAL),
)
FIRST_RULE = Rule(calls=False, forms=True, answered=False, events=(Event.ENDED,))
RINGS_FOR: Millis = 10 * MINUTE
"""Who reads later that a call is coming in looks for one in vain; that it was missed is told all the same."""


def chosen(settings: Mapping[str, str]) -> tuple[str, ...]:
    """The facts that may be told; the usual ones where nobody chose."""
    return tuple(picked(settings.get("tells", TELLS.default)))


def disturbing(message: Message, now: Millis) -> str | None:
    """Why people should not be disturbed with it."""
    if message.contact.is_spam:
        return SPAM
    is_past = message.saying is Event.BEFORE_ANSWER and now - message.contact.happened_at > RINGS_FOR
    return _("The call rings no longer: it came in too long ago.") if is_past else None
