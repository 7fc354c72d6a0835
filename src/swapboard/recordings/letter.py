"""The e-mail that tells of a message, for a telephone's screen: as plain text, and as HTML."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from swapboard import letter
from swapboard.clock import Millis
from swapboard.language import _, long_day, weekday
from swapboard.letter import Letter, Link
from swapboard.numbers.e164 import international

_ATTACHED, _ON_THE_PAGE = _("attached to this e-mail"), _("on the call's page")


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
    who = message.caller_name or (international(message.caller) if message.caller else _("a withheld number"))
    length = f", {int(message.seconds) // 60}:{int(message.seconds) % 60:02}" if message.seconds else ""
    heading = _("Message from %(who)s") % {"who": who}
    rows = _rows(message, time_zone, attaches=attaches)
    return letter.letter_of(f"{heading}{length}", rows, Link(link, _("Open the call"), _("Hear it")))


def without_sound(written: Letter) -> Letter:
    """The same letter where the mail server does not take what was attached."""
    was, now = _(_ATTACHED), _(_ON_THE_PAGE)
    html = written.html.replace(escape(was), escape(now), 1)
    return Letter(written.subject, written.plain.replace(was, now, 1), html)


def _rows(message: Message, time_zone: str, *, attaches: bool) -> list[tuple[str, str]]:
    left_at = datetime.fromtimestamp(message.left_at / 1000, ZoneInfo(time_zone))
    sound = message.trouble or _(_ATTACHED if attaches else _ON_THE_PAGE)
    known = {
        _("From"): " · ".join(
            filter(None, (message.caller and international(message.caller), message.caller_place))
        ),
        _("Left at"): f"{weekday(left_at)}, {long_day(left_at)}, {left_at:%H:%M}",
        _("Number dialled"): international(message.tracking_number) if message.tracking_number else "",
        _("Came by"): message.source,
        _("Sound"): sound,
    }
    return [(name, value) for name, value in known.items() if value]
