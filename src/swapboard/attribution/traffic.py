"""Traffic as a log of JSON Lines, ordered by time: visits, what their pages told, and calls. One record a line.

    {"t":0.0,"type":"visit","visitor":"v1","session":"s1","url":"…","referrer":"…","user_agent":"…","region":"US-NY"}
    {"t":20.0,"type":"beat","session":"s1","state":"visible"}
    {"t":31.0,"type":"tap","session":"s1"}
    {"t":95.0,"type":"beat","session":"s1","state":"gone"}
    {"t":99.0,"type":"call","id":"c1","dialled_by":"s1","caller":"+12125550111"}

`t` is in seconds from any beginning. `copy`, `form`, `page` and `custom` are written like `tap`. A call whose
`dialled_by` is null is a stranger's; a `caller` of null withheld the number.
"""

from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Literal, TypeAlias

import msgspec


class TrafficError(ValueError):
    """A line is no record of traffic; the message names the line and what is wrong with it."""


class VisitLine(msgspec.Struct, tag_field="type", tag="visit", gc=False):
    """A page view."""

    t: float
    visitor: str
    session: str
    url: str = ""
    referrer: str | None = ""
    user_agent: str | None = None
    region: str | None = None


class BeatLine(msgspec.Struct, tag_field="type", tag="beat", gc=False):
    """A page says that it is still there, or that it goes."""

    t: float
    session: str
    state: Literal["visible", "hidden", "gone"]


class Deed(msgspec.Struct, tag_field="type", gc=False):
    """Something a visitor did."""

    t: float
    session: str


class TapLine(Deed, tag="tap"):
    """The visitor tapped the number."""


class CopyLine(Deed, tag="copy"):
    """The visitor copied the number."""


class FormLine(Deed, tag="form"):
    """The visitor sent a form."""


class PageLine(Deed, tag="page"):
    """The visitor looked at another page."""


class CustomLine(Deed, tag="custom"):
    """The site's own event."""


class CallLine(msgspec.Struct, tag_field="type", tag="call", gc=False):
    """Somebody called the number that a session was shown, or (null) a number of the pool by chance."""

    t: float
    id: str
    dialled_by: str | None
    caller: str | None = None


Line: TypeAlias = VisitLine | BeatLine | TapLine | CopyLine | FormLine | PageLine | CustomLine | CallLine
_decode = msgspec.json.Decoder(Line).decode
_KINDS = "visit, beat, tap, copy, form, page, custom, call"


def read_traffic(file: Iterable[bytes]) -> Iterator[Line]:
    """The log's records, one after the other; empty lines are passed over. Raises TrafficError."""
    latest = float("-inf")
    for at, text in enumerate(file, 1):
        try:
            line = _decode(text)
        except msgspec.MsgspecError as error:
            if not text.strip():
                continue
            raise TrafficError(f"line {at}: {_explain(error)}") from error
        except UnicodeDecodeError as error:
            raise TrafficError(f"line {at}: this is not UTF-8 text") from error
        if not line.t >= latest:
            raise TrafficError(f"line {at}: {_misplaced(line.t, latest)}")
        latest = line.t
        yield line


def _misplaced(at: float, latest: float) -> str:
    if not isfinite(at):
        return "`t` must be a number of seconds"
    return f"its time ({at:g}) is before that of an earlier line ({latest:g}); sort the log by `t`"


def _explain(error: msgspec.MsgspecError) -> str:
    text = str(error)
    if text.startswith("Invalid value") and "$.type" in text:
        return f"its `type` is none of {_KINDS}"
    if isinstance(error, msgspec.ValidationError):
        return text[:1].lower() + text[1:].replace(" - at `$.", " in `")
    return f"this is not one JSON object ({text[:1].lower() + text[1:]})"
