"""A session goes on at another of the company's hosts: a signed word in a link says whose it is."""

import hashlib
import hmac
import re
from dataclasses import dataclass

from swapboard.clock import SECOND, Millis

_SIGNATURE_LENGTH = 32
_IN_ADDRESS = re.compile(r"([?#&])_swb=([\w.-]+)&?")


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Whose visit a link brought."""

    visitor_id: str
    session_id: str


def handover_word(key: str, company_id: str, handed: HandedOver, expires_at: Millis) -> str:
    """The word for links to the company's other hosts, `visitor.session.seconds.signature` (HMAC-SHA-256)."""
    told = f"{handed.visitor_id}.{handed.session_id}.{expires_at // SECOND}"
    return f"{told}.{_signature(key, company_id, told)}"


def handed_over(key: str, company_id: str, word: str, now: Millis) -> HandedOver | None:
    """Whose the word is, or None where it is not the company's own, or too old."""
    told, _, signature = word.rpartition(".")
    parts = told.split(".")
    if len(parts) != 3 or not hmac.compare_digest(signature, _signature(key, company_id, told)):
        return None
    return HandedOver(parts[0], parts[1]) if int(parts[2]) * SECOND > now else None


def word_in(url: str) -> str | None:
    """The word that an address carries, if any."""
    found = _IN_ADDRESS.search(url) if "_swb=" in url else None
    return found[2] if found else None


def without_word(url: str) -> str:
    """The address as it is without the word."""
    return _IN_ADDRESS.sub(r"\1", url).rstrip("?#&") if "_swb=" in url else url


def _signature(key: str, company_id: str, told: str) -> str:
    signed = hmac.new(key.encode(), f"{company_id} {told}".encode(), hashlib.sha256)
    return signed.hexdigest()[:_SIGNATURE_LENGTH]
