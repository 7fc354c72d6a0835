"""Which of a page's requests go out when the check shows it in a browser."""

import json
from collections.abc import Mapping
from enum import Enum, auto

from swapboard.sitecheck.address import split

# They would count the check as a visitor. Tag managers are let through: they may bring our script.
_COUNTERS = (
    "google-analytics.com",
    "analytics.google.com",
    "doubleclick.net",
    "googleadservices.com",
    "facebook.com",
    "facebook.net",
    "clarity.ms",
    "bat.bing.com",
    "hotjar.com",
    "hs-analytics.net",
    "plausible.io",
)
_UNSEEN = frozenset({"image", "media", "font", "ping", "beacon"})


class Way(Enum):
    """What becomes of a request."""

    GO = auto()
    VISIT = auto()
    """The script asks for numbers. We answer for the server, so that no session begins and no number is taken."""
    BEAT = auto()
    STOP = auto()


def way_of(method: str, url: str, kind: str, body: str | None) -> Way:
    """What to do with a request; `kind` is Playwright's resource type."""
    path = split(url).path
    told = _message(body) if method == "POST" else {}
    if path.endswith("/visit") and "targets" in told:
        return Way.VISIT
    if path.endswith("/beat") and "session" in told:
        return Way.BEAT
    host = split(url).hostname or ""
    if kind in _UNSEEN or any(host == each or host.endswith(f".{each}") for each in _COUNTERS):
        return Way.STOP
    return Way.GO


def visit_answer(body: str | None, stand_ins: Mapping[str, str]) -> str:
    """What the server would say, with the stand-ins for its numbers."""
    wanted = _message(body).get("targets")
    targets = wanted if isinstance(wanted, list) else []
    swaps = {each: {"number": stand_ins[each]} for each in targets if each in stand_ins}
    return json.dumps({"visitor": "check", "session": "check", "swaps": swaps, "beat": 3600})


def swapped_numbers(answer: str) -> list[str]:
    """The numbers in a server's answer to a visit."""
    swaps = _message(answer).get("swaps")
    given = swaps.values() if isinstance(swaps, dict) else ()
    return [str(each.get("number")) for each in given if isinstance(each, dict)]


def _message(body: str | None) -> Mapping[str, object]:
    try:
        told = json.loads(body or "")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
