"""Card numbers are taken out of what was said, as typed ones are out of the sound (`recordings/tones.py`); no I/O.

Twelve digits or more in a row are a card's number, whether a checksum fits or not: one may have been misheard.
What people say between the digits ("then", "uh-huh") does not end the row; so a long telephone number that
somebody dictates with its country code goes, too. After it the short numbers, expiry and security code, go too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from swapboard.calls.transcript import Segment, Side, SpokenWord, tokens_in

CARD_DIGITS = 12
REDACTED = "[card number]"
AFTERWARDS_SECONDS = 45.0
"""For so long after a card's number, numbers of three to six digits are its expiry or its security code."""
_BETWEEN_WORDS = 3
_BETWEEN_SECONDS = 8.0
_SHORT = range(3, CARD_DIGITS)

_ONES = ("zero", "oh", "o", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPOKEN = {**dict.fromkeys(_ONES, 1), **dict.fromkeys((*_TEENS, *_TENS), 2)}
"""How many digits a spoken English number stands for, at least."""
_TIMES = {"double": 1, "triple": 2}
"""How many more the next digit stands for."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A word with its place: which segment, and which word of it."""

    segment: int
    place: int
    word: SpokenWord
    digits: int


def redact(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The same without card numbers: each word of one becomes `[card number]`, neighbours one together."""
    found: set[tuple[int, int]] = set()
    for side in Side:
        for row in _to_redact(_placed(segments, side)):
            found |= {(each.segment, each.place) for each in row}
    return tuple(_without(segment, index, found) for index, segment in enumerate(segments))


def _placed(segments: Sequence[Segment], side: Side) -> list[_Placed]:
    return [
        _Placed(index, place, word, _digits(word.text))
        for index, segment in enumerate(segments)
        if segment.side is side
        for place, word in enumerate(segment.words)
    ]


def _digits(text: str) -> int:
    """How many digits the word stands for."""
    told = "".join(filter(str.isdigit, text))
    if told:
        return len(told)
    return sum(_SPOKEN.get(token, _TIMES.get(token, 0)) for token in tokens_in(text.replace("-", " ")))


def _to_redact(spoken: Sequence[_Placed]) -> list[list[_Placed]]:
    """The rows of digits that are card numbers, and the short ones that follow them."""
    taken: list[list[_Placed]] = []
    until = -1.0
    for row in _rows(spoken):
        count = sum(each.digits for each in row)
        if count >= CARD_DIGITS:
            until = row[-1].word.ends + AFTERWARDS_SECONDS
        if count >= CARD_DIGITS or (row[0].word.begins <= until and count in _SHORT):
            taken.append(row)
    return taken


def _rows(spoken: Sequence[_Placed]) -> list[list[_Placed]]:
    """Digits that belong together, with what stands between them."""
    rows: list[list[_Placed]] = []
    last = -1
    for index, each in enumerate(spoken):
        if not each.digits:
            continue
        is_near = (
            rows
            and index - last <= _BETWEEN_WORDS + 1
            and each.word.begins - spoken[last].word.ends <= _BETWEEN_SECONDS
        )
        if is_near:
            rows[-1].extend(spoken[last + 1 : index + 1])
        else:
            rows.append([each])
        last = index
    return rows


def _without(segment: Segment, index: int, found: set[tuple[int, int]]) -> Segment:
    words: list[SpokenWord] = []
    for place, word in enumerate(segment.words):
        if (index, place) not in found:
            words.append(word)
        elif words and words[-1].text == REDACTED:
            words[-1] = replace(words[-1], ends=word.ends)
        else:
            words.append(SpokenWord(REDACTED, word.begins, word.ends))
    return replace(segment, words=tuple(words))
