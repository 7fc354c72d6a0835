"""How platforms want to be told of people: SHA-256 of an address or number, written in one way.

https://support.google.com/google-ads/answer/13262500: trimmed, lower case; of gmail.com and googlemail.com without
dots, and without what follows a plus sign in the name. Numbers are E.164.
"""

import hashlib

_GOOGLE_MAIL = {"gmail.com", "googlemail.com"}


def sha256(text: str) -> str:
    """In hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def google_email(address: str) -> str:
    """An address as Google hashes it."""
    name, _at, host = address.strip().lower().rpartition("@")
    if host in _GOOGLE_MAIL:
        name = name.partition("+")[0].replace(".", "")
    return f"{name}@{host}"


def plain_email(address: str) -> str:
    """An address as the others hash it: trimmed, lower case."""
    return address.strip().lower()
