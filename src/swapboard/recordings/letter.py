"""The e-mail that tells of a message, for a telephone's screen: as plain text, and as HTML."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from swapboard.clock import Millis
from swapboard.numbers.e164 import international

_PAGE = """<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body style="margin:0;padding:16px;font:16px/1.5 sans-serif">
<div style="max-width:32em;margin:auto">
<h1 style="font-size:20px;margin:0 0 12px">{title}</h1>
{rows}
<p style="margin:20px 0"><a href="{link}" style="display:inline-block;padding:12px 20px;border:2px solid;\
border-radius:8px;font-weight:bold;text-decoration:none">{button}</a></p>
</div></body></html>"""
_ROW = '<p style="margin:4px 0"><b>{name}</b><br>{value}</p>'


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


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail's words."""

    subject: str
    plain: str
    html: str


def letter_of(message: Message, time_zone: str, link: str, *, attaches: bool) -> Letter:
    """The e-mail; `link` leads to the call's page."""
    who = message.caller_name or (international(message.caller) if message.caller else "a withheld number")
    length = f", {int(message.seconds) // 60}:{int(message.seconds) % 60:02}" if message.seconds else ""
    # A name comes from outside: no line of it may become a header of the letter.
    subject = " ".join(f"Message from {who}{length}".split())[:200]
    rows = _rows(message, time_zone, attaches=attaches)
    plain = "\n".join([subject, "", *(f"{name}: {value}" for name, value in rows), "", f"Hear it: {link}", ""])
    html = _PAGE.format(
        title=escape(subject),
        rows="\n".join(_ROW.format(name=escape(name), value=escape(value)) for name, value in rows),
        link=escape(link),
        button="Open the call",
    )
    return Letter(subject, plain, html)


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
