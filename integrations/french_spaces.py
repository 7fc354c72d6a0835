"""Where a French line must not end: translators write plain spaces, and the built form has those that hold on."""

import re
from copy import deepcopy

from babel.messages.catalog import Catalog

_SPACE = re.compile(r"(?<=«) | (?=[»:;?!])")
"""Inside the quotation marks, and before the double signs."""


def held_together(catalogue: Catalog) -> Catalog:
    """The messages with no-break spaces where French typography has them."""
    held = deepcopy(catalogue)
    for message in held:
        if message.id and message.string:
            said = message.string
            message.string = _held(said) if isinstance(said, str) else tuple(map(_held, said))
    return held


def _held(text: str) -> str:
    return _SPACE.sub("\u00a0", text)
