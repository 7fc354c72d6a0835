"""Finds numbers in a text as the script does: the same rules as `web/script_config.py` and `tracker/src/find.ts`.

`tests/browser/test_check_site.py` holds the two together, in Chromium.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

# What may stand between two digits of one number: spaces, hyphens, dots, brackets, also percent-encoded in a link.
_GAP = r"(?:[^\w,:+%]|%2\w)*"
# What stands before a number: nothing that would make it a part of an identifier or of more digits.
_BEFORE = r"(^|[^-.\w#=]|(?:^|\D)[-.]|[a-z](?=\W))"
_AFTER = r"(?![-.]?\d|_)"

_OTHER_COUNTRY = re.compile(r"\+([0-9]([^A-Za-z0-9_]|[0-9]){0,7})?$")
_GROUPS_OF_FOUR = re.compile(r"[0-9]{4}\s[0-9]{4}(?![A-Za-z0-9_])")
_GROUP_AFTER = re.compile(r"\s[0-9]{4}")
_GROUP_BEFORE = re.compile(r"[0-9]{2}\s$")
_CONTEXT = 9


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


@dataclass(frozen=True, slots=True)
class _Shape:
    """What numbers of one country and length have in common."""

    code: str
    trunk: str
    length: int


def find(text: str, numbers: Sequence[str]) -> list[Spot]:
    """The E.164 numbers in a text, in any usual notation, but never inside a longer string of digits."""
    found: list[Spot] = []
    for shape, known in _shapes(tuple(numbers)).items():
        spots = [spot for spot in _of_shape(text, shape, known) if not any(map(spot.overlaps, found))]
        found.extend(spots)
    return sorted(found, key=lambda spot: spot.start)


def national_digits(number: str) -> str:
    """An E.164 number without its calling code: the digits that every notation has."""
    return number[1 + len(calling_code(number)) :]


@lru_cache(maxsize=1024)
def calling_code(number: str) -> str:
    """The calling code of an E.164 number, without `+`."""
    return str(phonenumbers.parse(number).country_code)


def _of_shape(text: str, shape: _Shape, known: Mapping[str, str]) -> Iterator[Spot]:
    pattern, position = _pattern(shape), 0
    while match := pattern.search(text, position):
        start, end = match.span(2)
        number = known.get(re.sub(r"%\w\w|[^0-9]", "", match[2], flags=re.ASCII)[-shape.length :])
        position = match.end() if number else match.start() + 1
        if number and not _is_part_of_longer(text[max(0, start - _CONTEXT) : start], match[2], text[end:]):
            yield Spot(start, end, number)


@lru_cache(maxsize=64)
def _shapes(numbers: tuple[str, ...]) -> dict[_Shape, dict[str, str]]:
    shapes: dict[_Shape, dict[str, str]] = {}
    for number in numbers:
        national = national_digits(number)
        code = calling_code(number)
        shapes.setdefault(_Shape(code, _trunk_prefix(code), len(national)), {})[national] = number
    # The longest first, so that a number is not taken for a shorter one that it begins with.
    return dict(sorted(shapes.items(), key=lambda each: -each[0].length))


def _trunk_prefix(code: str) -> str:
    """What a country's people dial before a national number; none where it is the calling code."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(
        phonenumbers.region_code_for_country_code(int(code)), None
    )
    prefix = metadata.national_prefix if metadata else None
    return prefix if prefix and prefix != code else ""


@lru_cache(maxsize=64)
def _pattern(shape: _Shape) -> re.Pattern[str]:
    """Numbers of a shape as people write them: with or without calling code and trunk prefix."""
    trunk = f"(?:{_GAP.join(shape.trunk)}{_GAP})?" if shape.trunk else ""
    international = rf"(?:(?:(?:\+|%2B|00|011){_GAP})?{_GAP.join(shape.code)}{_GAP})?"
    national = rf"\d(?:{_GAP}\d){{{shape.length - 1}}}"
    return re.compile(rf"{_BEFORE}(\(?{international}{trunk}{national}){_AFTER}", re.IGNORECASE | re.ASCII)


def _is_part_of_longer(before: str, written: str, after: str) -> bool:
    """Whether it is another country's number, or a piece of a card or account number in groups of four."""
    if _OTHER_COUNTRY.search(before):
        return True
    return bool(_GROUPS_OF_FOUR.match(written) and (_GROUP_AFTER.match(after) or _GROUP_BEFORE.search(before)))
