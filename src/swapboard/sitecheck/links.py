"""The number that a link rings, texts or chats with."""

import re
from urllib.parse import parse_qs, unquote

import phonenumbers

from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.sitecheck.address import split

# Those that only applications know, beside tel: and sms: (RFC 3966, RFC 5724).
_SCHEMES = frozenset({"tel", "sms", "smsto", "mms", "callto", "facetime", "facetime-audio", "whatsapp", "viber"})
_CHAT_HOSTS = frozenset({"wa.me", "api.whatsapp.com", "web.whatsapp.com", "www.whatsapp.com", "whatsapp.com"})


def linked_number(href: str, country: str | None) -> str | None:
    """The E.164 number of a link; None when it is no such link or holds no number.

    `country` (ISO 3166) reads what has no country code.
    """
    # Browsers drop these before they read an address (WHATWG URL, basic parser).
    cleaned = re.sub(r"[\t\n\r]", "", href.strip(" \0\x1f\t\n\r\f"))
    scheme, _, rest = cleaned.partition(":")
    if scheme.lower() in _SCHEMES:
        return _number(_subscriber(rest), country)
    if scheme.lower() in {"http", "https"} or cleaned.startswith("//"):
        return _chat_number(cleaned)
    return None


def _subscriber(rest: str) -> str:
    """Without parameters, and what an application calls the number."""
    named = re.search(r"(?:phone|number)=([^&]+)", rest)
    return unquote(named[1] if named else re.split("[?;&]", rest.lstrip("/"))[0])


def _chat_number(href: str) -> str | None:
    parts = split(href)
    if parts.hostname not in _CHAT_HOSTS:
        return None
    digits = (
        parts.path.strip("/") if parts.hostname == "wa.me" else "".join(parse_qs(parts.query).get("phone", []))
    )
    return _number(f"+{unquote(digits).strip().lstrip('+')}", None)


def _number(text: str, country: str | None) -> str | None:
    try:
        return parse_number(phonenumbers.normalize_diallable_chars_only(text), country)
    except NotANumber:
        return None
