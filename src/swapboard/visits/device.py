"""What a visitor holds or sits at, from the user agent: "phone", "tablet" or "desktop"."""

from functools import lru_cache

_PHONES = ("iphone", "ipod", "windows phone")
_TABLETS = ("ipad", "tablet", "kindle", "silk")


@lru_cache(maxsize=4096)
def device_of(user_agent: str) -> str:
    """The kind of device behind a user agent; never raises."""
    words = user_agent.lower()
    if any(word in words for word in _TABLETS):
        return "tablet"
    if "android" in words:
        # Android's own rule: a tablet's browser leaves "Mobile" out.
        return "phone" if "mobile" in words else "tablet"
    return "phone" if any(word in words for word in _PHONES) else "desktop"
