"""E-mail addresses as people type several of them: with commas, blanks or lines between."""

import re

from swapboard.language import _
from swapboard.mail.outbox import MOST_ADDRESSES

# Written out, for `\s` is other signs in Python, in pydantic, and for readers of the API's description.
_BLANKS = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
ADDRESS = rf"[^{_BLANKS}@<>,;:\"]{{1,64}}@[A-Za-z0-9.-]{{1,190}}"
"""A pattern of one, as lenient as mail servers are."""
_ADDRESS = re.compile(ADDRESS)


def read_addresses(text: str) -> tuple[str, ...]:
    """Each once. Raises ValueError, in words for people."""
    found = tuple(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))
    for each in found:
        if not _ADDRESS.fullmatch(each):
            raise ValueError(_("%(text)s is no e-mail address.") % {"text": each[:60]})
    if len(found) > MOST_ADDRESSES:
        raise ValueError(_("Write at most %(most)s addresses.") % {"most": MOST_ADDRESSES})
    return found
