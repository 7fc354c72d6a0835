"""Finds numbers in a text as the script on the page does, by the same patterns (`web/script_config.py`).

`tests/browser/test_check_site.py` holds the two together, in Chromium.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from swapboard.numbers.e164 import calling_code
from swapboard.web.script_config import LONGER, shape

_CONTEXT = 9
_CONTEXT_AFTER = 20
# What JavaScript takes for space; Python's ASCII mode, which the rest needs, knows fewer.
_SPACE = r"[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]"
_LONGER = re.compile(LONGER.replace(r"\s", _SPACE), re.ASCII)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a number stands in a text."""

    start: int
    end: int
    number: str
    """E.164."""

    def overlaps(self, other: "Spot") -> bool:
        """Whether both share a character."""
        return self.start < other.end and other.start < self.end


def find(text: str, numbers: Sequence[str]) -> list[Spot]:
    """The E.164 numbers in a text, in any usual notation, but never inside a longer string of digits."""
    found: list[Spot] = []
    for pattern, known in _shapes(tuple(numbers)).items():
        spots = [spot for spot in _of_shape(text, pattern, known) if not any(map(spot.overlaps, found))]
        found.extend(spots)
    return sorted(found, key=lambda spot: spot.start)


def national_digits(number: str) -> str:
    """An E.164 number without its calling code: the digits that every notation has."""
    return number[1 + len(calling_code(number)) :]


def _of_shape(text: str, pattern: re.Pattern[str], known: Mapping[str, str]) -> Iterator[Spot]:
    length, position = len(next(iter(known))), 0
    while match := pattern.search(text, position):
        start, end = match.span(2)
        number = known.get(re.sub(r"%\w\w|[^0-9]", "", match[2], flags=re.ASCII)[-length:])
        position = match.end() if number else match.start() + 1
        around = f"{text[max(0, start - _CONTEXT) : start]}\0{match[2]}\0{text[end : end + _CONTEXT_AFTER]}"
        if number and not _LONGER.search(around):
            yield Spot(start, end, number)


@lru_cache(maxsize=64)
def _shapes(numbers: tuple[str, ...]) -> dict[re.Pattern[str], dict[str, str]]:
    """The numbers of each shape by their national digits, the longest first, as the script has them."""
    shapes: dict[tuple[str, int], dict[str, str]] = {}
    for number in numbers:
        national = national_digits(number)
        shapes.setdefault((calling_code(number), len(national)), {})[national] = number
    ordered = sorted(shapes.items(), key=lambda each: (-each[0][1], each[0][0]))
    return {re.compile(shape(*kind)[2], re.IGNORECASE | re.ASCII): known for kind, known in ordered}
