"""Who calls, as carriers tell it."""

from dataclasses import dataclass
from urllib.parse import unquote

from swapboard.numbers.e164 import carrier_number

_WITHHELD_WORDS = frozenset(
    ("", "anonymous", "restricted", "blocked", "unknown", "unavailable", "private", "withheld")
)
# What the words ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE spell on a keypad
# (https://help.twilio.com/articles/223179988); since November 2022 the words themselves come too.
_WITHHELD_DIGITS = frozenset(("266696687", "7378742833", "2562533", "8656696", "86282452253"))
_SCHEMES = ("sip:", "sips:", "tel:", "client:")
_SEPARATORS = str.maketrans("", "", "-.()")
"""What a `tel:` address may have between its digits (RFC 3966, 5.1.1)."""

MAX_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller's number in E.164, if there is one; a SIP or browser caller may have a name instead."""

    number: str | None
    withheld: bool
    name: str | None = None


def caller_of(address: str) -> Caller:
    """The caller behind a phone number (its `+` may be missing), a SIP address or a withheld number's stand-in."""
    user, is_address = _user(address)
    # Some carriers put a plus before the word, or leave out the scheme before an anonymous address.
    word = user.partition("@")[0].removeprefix("+").lower()
    if (word in _WITHHELD_WORDS and user != "+") or word in _WITHHELD_DIGITS:
        return Caller(None, withheld=True)
    number = carrier_number(user)
    return Caller(number, withheld=False, name=printable(user) if is_address and number is None else None)


def number_in(address: str) -> str | None:
    """The phone number, E.164, of a number or of an address such as `sip:+12025550101@example.com`."""
    return carrier_number(_user(address)[0])


def printable(text: str) -> str | None:
    """A name fit to keep and to show: no control characters, not endless; None when nothing is left."""
    return "".join(filter(str.isprintable, text))[:MAX_NAME_LENGTH].strip() or None


def _user(address: str) -> tuple[str, bool]:
    """The user part of an address, and whether it was an address rather than a bare number."""
    text = address.strip()
    scheme, colon, rest = text.partition(":")
    if f"{scheme.lower()}{colon}" not in _SCHEMES:
        return text, False
    user = unquote(rest.partition("@")[0].partition(";")[0]).strip()
    return user.translate(_SEPARATORS) if scheme.lower() == "tel" else user, True
