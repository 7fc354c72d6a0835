"""Traffic as a log of JSON Lines, ordered by time: visits, what their pages told, and calls. One record a line.

    {"t":0.0,"type":"visit","visitor":"v1","session":"s1","url":"…","referrer":"…","user_agent":"…","region":"US-NY"}
    {"t":20.0,"type":"beat","session":"s1","state":"visible"}
    {"t":31.0,"type":"tap","session":"s1"}
    {"t":95.0,"type":"beat","session":"s1","state":"gone"}
    {"t":99.0,"type":"call","id":"c1","dialled_by":"s1","caller":"+12125550111"}

`t` is in seconds from any beginning. `copy`, `form`, `page` and `custom` are written like `tap`. A call whose
`dialled_by` is null is a stranger's; a `caller` of null withheld the number. Fields are in any order; a line that
begins with its `type` is read a sixth sooner.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, TypeAlias

import msgspec

MOST_SECONDS = 1e11
"""Three thousand years: a moment of today in milliseconds is more."""
LONGEST_LINE = 1_048_576
"""Bytes. Whoever reads a file gives at most so much at once, so that one without line ends fills no memory."""
IDS_KEPT = 10_000
"""So many of the latest calls' ids are remembered: a call that is told of twice is told of soon."""
_BOM = b"\xef\xbb\xbf"
Seconds: TypeAlias = Annotated[float, msgspec.Meta(ge=-MOST_SECONDS, le=MOST_SECONDS)]
"""Of a line; compared with these limits as it is read, which costs nothing for each line."""


class TrafficError(ValueError):
    """A line is no record of traffic; the message names the line, what is wrong with it and what to do."""


class VisitLine(msgspec.Struct, tag_field="type", tag="visit", gc=False):
    """A page view."""

    t: Seconds
    visitor: str
    session: str
    url: str = ""
    referrer: str | None = ""
    user_agent: str | None = None
    region: str | None = None


class BeatLine(msgspec.Struct, tag_field="type", tag="beat", gc=False):
    """A page says that it is still there, or that it goes."""

    t: Seconds
    session: str
    state: Literal["visible", "hidden", "gone"]


class Deed(msgspec.Struct, tag_field="type", gc=False):
    """Something a visitor did."""

    t: Seconds
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

    t: Seconds
    id: str
    dialled_by: str | None
    caller: str | None = None


Line: TypeAlias = VisitLine | BeatLine | TapLine | CopyLine | FormLine | PageLine | CustomLine | CallLine
encode = msgspec.json.Encoder().encode
"""A record as a line of the log, without the line's end."""
decode = msgspec.json.Decoder(Line).decode
_KINDS = "visit, beat, tap, copy, form, page, custom, call"


def read_traffic(file: Iterable[bytes]) -> Iterator[Line]:
    """The log's records, one after the other; empty lines are passed over. Raises TrafficError."""
    latest = -MOST_SECONDS
    rung: OrderedDict[str, int] = OrderedDict()
    for at, text in enumerate(file, 1):
        try:
            line = decode(text)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            if not text.strip():
                continue
            line = _without_mark(at, text, error)
        now = line.t
        if now < latest:
            raise TrafficError(f"line {at}: {_disordered(now, latest)}")
        latest = now
        if type(line) is CallLine:
            _note_call(rung, line.id, at)
        yield line


def _without_mark(at: int, text: bytes, error: Exception) -> Line:
    """The first line of a log may begin with a byte order mark, as some editors write it. Raises TrafficError."""
    if at == 1 and text.startswith(_BOM):
        try:
            line: Line = decode(text.removeprefix(_BOM))
            return line
        except (msgspec.MsgspecError, UnicodeDecodeError) as again:
            error = again
    raise TrafficError(f"line {at}: {_explain(text, error)}") from error


def _note_call(rung: OrderedDict[str, int], call_id: str, at: int) -> None:
    if call_id in rung:
        raise TrafficError(
            f"line {at}: the call {call_id[:40]!r} is on line {rung[call_id]} already; leave one of the two out"
        )
    rung[call_id] = at
    if len(rung) > IDS_KEPT:
        rung.popitem(last=False)


def _disordered(at: float, latest: float) -> str:
    return f"its time ({at:g}) is before that of an earlier line ({latest:g}); sort the log by `t`"


def _explain(text: bytes, error: Exception) -> str:
    if len(text) >= LONGEST_LINE:
        return f"it is longer than {LONGEST_LINE:,} bytes; write one JSON object on each line"
    if isinstance(error, msgspec.ValidationError):
        return _explain_record(str(error))
    if "truncated" in str(error):
        return "it breaks off before its JSON object ends; leave the line out, or write the log anew"
    said = str(error).removeprefix("JSON is malformed: ")
    return f"this is not one JSON object in UTF-8 ({said}); a compressed log must be unpacked first"


def _explain_record(said: str) -> str:
    if said.startswith("Invalid value") and "$.type" in said:
        return f"its `type` is none of {_KINDS}"
    if said.startswith(("Expected `float` <=", "Expected `float` >=")):
        return "its time is too far off; `t` is in seconds, is this in milliseconds?"
    if said.startswith("Expected `object`"):
        return 'this is no JSON object; write one such as {"t":0,"type":"tap","session":"s1"}'
    return said[:1].lower() + said[1:].replace(" - at `$.", " in `")
