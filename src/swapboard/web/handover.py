"""A session goes on at another of the company's hosts: a signed word in a link says which.

Words get about: people share addresses, and pages tell them to third parties. So a word lasts a few minutes, is
good for the browser only that it was given to, and for one company.
"""

import hashlib
import hmac
import re

from swapboard.clock import MINUTE, SECOND, Millis

LASTS: Millis = 5 * MINUTE
"""The script asks for a new word in time (tracker/src/parts/handover.ts)."""
_SIGNATURE_LENGTH = 32
_IN_ADDRESS = re.compile(r"([?#&])_swb=([\w.-]+)&?")


def handover_word(key: str, company_id: str, user_agent: str, session_id: str, now: Millis) -> str:
    """The word for links to the company's other hosts, `session.seconds.signature` (HMAC-SHA-256)."""
    told = f"{session_id}.{(now + LASTS) // SECOND}"
    return f"{told}.{_signature(key, company_id, user_agent, told)}"


def handed_over(key: str, company_id: str, user_agent: str, word: str, now: Millis) -> str | None:
    """The session that goes on, or None where the word is too old, or not the company's own for this browser."""
    told, _, signature = word.rpartition(".")
    session_id, dot, seconds = told.partition(".")
    # As bytes: of two texts it takes ASCII only, and an address may say anything.
    signed = _signature(key, company_id, user_agent, told).encode()
    if not dot or not hmac.compare_digest(signature.encode(), signed):
        return None
    return session_id if int(seconds) * SECOND > now else None


def word_in(url: str) -> str | None:
    """The word that an address carries, if any."""
    found = _IN_ADDRESS.search(url) if "_swb=" in url else None
    return found[2] if found else None


def without_word(url: str) -> str:
    """The address as it is without the word."""
    return _IN_ADDRESS.sub(r"\1", url).rstrip("?#&") if "_swb=" in url else url


def _signature(key: str, company_id: str, user_agent: str, told: str) -> str:
    signed = hmac.new(key.encode(), f"{company_id} {told} {user_agent}".encode(), hashlib.sha256)
    return signed.hexdigest()[:_SIGNATURE_LENGTH]
