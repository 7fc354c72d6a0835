"""What a visitor browses with, from the user agent (ua-parser), as a label a person understands."""

from dataclasses import dataclass
from functools import lru_cache

from ua_parser import parse

_PHONES = ("iphone", "ipod", "windows phone")
_TABLETS = ("ipad", "tablet", "kindle", "silk")


@dataclass(frozen=True, slots=True)
class Device:
    """`kind` is phone, tablet or desktop; `label` is `Safari on iOS`."""

    kind: str
    label: str


@lru_cache(maxsize=4096)
def device_of(user_agent: str) -> Device:
    """The device behind a user agent; never raises."""
    found = parse(user_agent)
    browser = found.user_agent.family if found.user_agent else None
    system = found.os.family if found.os else None
    label = " on ".join(part for part in (browser, system) if part) or "an unknown browser"
    return Device(_kind(user_agent.lower()), label)


def _kind(user_agent: str) -> str:
    if any(word in user_agent for word in _TABLETS):
        return "tablet"
    if "android" in user_agent:
        # Android's own rule: a tablet's browser leaves "Mobile" out.
        return "phone" if "mobile" in user_agent else "tablet"
    return "phone" if any(word in user_agent for word in _PHONES) else "desktop"
