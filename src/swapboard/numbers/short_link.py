"""Short links of placements: `/go/CODE` opens the page with the placement's source in its address."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Nothing that is read wrong from paper: no 0 and o, no 1, i and l."""
_LENGTH = 7
_HOST_FIRST = re.compile(r"[^\s/:?#@]+\.[^\s/:?#@.]+([/?#]|$)")


def short_code(randomness: Callable[[int], bytes]) -> str:
    """A code that is easily typed; there are 27 thousand million of them."""
    value = int.from_bytes(randomness(8), "big")
    code = ""
    for _ in range(_LENGTH):
        value, place = divmod(value, len(_ALPHABET))
        code += _ALPHABET[place]
    return code


def tagged(url: str, source: str | None, medium: str | None, campaign: str | None) -> str:
    """The address with the placement's UTM tags; what it has itself stays as it is written."""
    parts = urlsplit(url)
    tags: Mapping[str, str | None] = {"utm_source": source, "utm_medium": medium, "utm_campaign": campaign}
    known = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    more = [(name, value) for name, value in tags.items() if value and name not in known]
    query = "&".join(each for each in (parts.query, urlencode(more)) if each)
    return urlunsplit(parts._replace(query=query))


def with_scheme(url: str) -> str:
    """An address as people write it, without https://, with that; any other text as it is."""
    url = url.strip()
    return f"https://{url}" if _HOST_FIRST.match(url) else url


def is_web_address(url: str) -> bool:
    """True for an http or https address with a host, which a browser may be sent to."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(c.isspace() for c in url)
