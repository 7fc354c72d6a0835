"""The e-mail that tells of a message, for a telephone's screen: as plain text, and as HTML."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from swapboard import letter
from swapboard.clock import Millis
from swapboard.letter import Letter, Link
from swapboard.numbers.e164 import international


@dataclass(frozen=True, slots=True)
class Message:
    """What is known of a message that a caller left."""

    caller: str | None
    """E.164; None when withheld."""
    caller_name: str | None
    caller_place: str | None
    tracking_number: str | None
    left_at: Millis
    seconds: float | None
    source: str
    """What brought the call, in a few words; empty when nobody knows."""
    trouble: str | None
    """Why there is no sound."""


def letter_of(message: Message, time_zone: str, link: str, *, attaches: bool) -> Letter:
    """The e-mail; `link` leads to the call's page."""
    who = message.caller_name or (international(message.caller) if message.caller else "a withheld number")
    length = f", {int(message.seconds) // 60}:{int(message.seconds) % 60:02}" if message.seconds else ""
    rows = _rows(message, time_zone, attaches=attaches)
    return letter.letter_of(f"Message from {who}{length}", rows, Link(link, "Open the call", "Hear it"))


def _rows(message: Message, time_zone: str, *, attaches: bool) -> list[tuple[str, str]]:
    left_at = datetime.fromtimestamp(message.left_at / 1000, ZoneInfo(time_zone))
    sound = message.trouble or ("attached to this e-mail" if attaches else "on the call's page")
    known = {
        "From": " · ".join(filter(None, (message.caller and international(message.caller), message.caller_place))),
        "Left": f"{left_at:%A, %d %B %Y, %H:%M}",
        "Called": international(message.tracking_number) if message.tracking_number else "",
        "Came by": message.source,
        "Sound": sound,
    }
    return [(name, value) for name, value in known.items() if value]
