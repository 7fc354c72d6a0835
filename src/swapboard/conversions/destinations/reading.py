"""What all destinations share that people read: which events, and which facts may be told."""

from collections.abc import Mapping

from swapboard.conversions.conversion import Rule
from swapboard.conversions.destinations.fields import SettingField, picked
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message
from swapboard.conversions.notice import FACTS, SPAM, USUAL

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


def chosen(settings: Mapping[str, str]) -> tuple[str, ...]:
    """The facts that may be told; the usual ones where nobody chose."""
    return tuple(picked(settings.get("tells", TELLS.default)))


def disturbing(message: Message) -> str | None:
    """Why people should not be disturbed with it."""
    return SPAM if message.contact.is_spam else None
