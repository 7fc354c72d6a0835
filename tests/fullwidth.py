"""A language that nobody speaks: every text of ours in full-width letters, so that what stays ASCII is English.

It is written from right to left, and its days and months are Hebrew ones.
"""

import re
from gettext import NullTranslations

import pytest
from babel.messages.catalog import Message

from integrations.translate_dashboard import TEMPLATE, read
from swapboard import language

CODE = "he"
_KEPT = re.compile(r"(%\([a-z_]+\)[a-z]|%[sd]|%%|\{[a-z_]*\}|</?[a-z]+[^>]*>|&[a-z]+;)")
"""What is filled in or is HTML within a text."""
_WIDE = {letter: letter + 0xFEE0 for letter in (*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1))}


class FullWidth(NullTranslations):
    """Says what the catalogues have, in letters twice as wide."""

    def __init__(self) -> None:
        super().__init__()
        self._known = {text for each in read(TEMPLATE) for text in forms(each)}

    def gettext(self, message: str) -> str:
        return self._widened(message) if message in self._known else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def _widened(self, message: str) -> str:
        parts = enumerate(_KEPT.split(message))
        return "".join(part if place % 2 else part.translate(_WIDE) for place, part in parts)


def forms(message: Message) -> tuple[str, ...]:
    """A message's text, or the one and the many."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


@pytest.fixture
def full_width(monkeypatch: pytest.MonkeyPatch) -> str:
    """Its code, as long as it can be spoken."""
    monkeypatch.setitem(language.LANGUAGES, CODE, "Full width")
    monkeypatch.setitem(language.PSEUDO, CODE, lambda _code: FullWidth())
    return CODE
