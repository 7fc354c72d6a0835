"""The call list's free-text search: what each word, or each phone number however it is written, must occur as."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from itertools import groupby

from sqlalchemy import ColumnElement, and_, or_

from swapboard.numbers.e164 import NotANumber, parse_number

_NUMBER_CHARACTERS = frozenset("0123456789+()-./")
_SHORTEST_NATIONAL = 6


def mentions(searched: ColumnElement[str], text: str, country: str | None = None) -> list[ColumnElement[bool]]:
    """Conditions that all words of the text occur in the column, which holds small letters and E.164 numbers.

    Neighbouring words that could be one phone number together may occur as that number's digits instead;
    `country` (ISO 3166) reads one that is written without its country code.
    """
    words = text.replace("\0", " ").lower().split()
    conditions: list[ColumnElement[bool]] = []
    for is_number, run in groupby(words, key=_is_number_part):
        parts = list(run)
        as_words = [searched.contains(word, autoescape=True) for word in parts]
        digits = spellings(" ".join(parts), country) if is_number else ()
        if digits and [*digits] != parts:
            conditions.append(or_(and_(*as_words), *(searched.contains(each) for each in digits)))
        else:
            conditions.extend(as_words)
    return conditions


def spellings(text: str, country: str | None = None) -> Sequence[str]:
    """The digits a phone number, or a part of one, may have in E.164: as typed, without a leading 0, in full."""
    digits = "".join(filter(str.isdigit, text))
    found = {digits}
    if len(digits) >= _SHORTEST_NATIONAL:
        found.add(digits.lstrip("0"))
        with suppress(NotANumber):
            found.add(parse_number(text, country).lstrip("+"))
    return _shortest(found - {""})


def _shortest(found: Collection[str]) -> Sequence[str]:
    """Where a longer one occurs, the shorter one in it does: to look for both is to look twice."""
    return sorted(each for each in found if not any(other in each for other in found if other != each))


def _is_number_part(word: str) -> bool:
    return _NUMBER_CHARACTERS.issuperset(word)
