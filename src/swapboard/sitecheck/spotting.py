"""Finds the business's numbers in a text by Google's matcher, in notations that the script does not read too."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher

from swapboard.sitecheck.finder import Spot, national_digits
from swapboard.sitecheck.reasons import Reason

_LONGEST_TRIES = 65_535
# Digits and what may stand between them; Google's matcher is slow, and looks at these only.
_CLUSTER = re.compile(r"[^\w\s]{0,4}\d[\W\d]*")
_LONGEST_CLUSTER = 200
_BESIDE = 8
_LETTERED = re.compile(r"(?<![\w-])(?:\+?\d{1,3}[-. ]?)?\(?\d{2,4}\)?(?:[-. ]?[A-Za-z0-9]){4,14}(?![\w])")
_NORTH_AMERICAN_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Sighting:
    """A number that people can read in a text, and why the script may not."""

    spot: Spot
    reason: Reason


def sight(text: str, numbers: Sequence[str], country: str | None = None) -> Iterator[Sighting]:
    """Every place where one of the E.164 numbers stands in a text, by its start.

    `country` (ISO 3166) reads what has no country code.
    """
    for cluster in _CLUSTER.finditer(text):
        digits = _digits(cluster[0])
        is_near = any(national_digits(number) in digits for number in numbers)
        if is_near and len(cluster[0]) <= _LONGEST_CLUSTER:
            start, end = max(0, cluster.start() - _BESIDE), cluster.end() + _BESIDE
            yield from _matched(text[start:end], start, numbers, country)
    yield from _lettered(text, numbers, country)
    for number in numbers:
        yield from _local(text, number)


def _matched(text: str, offset: int, numbers: Sequence[str], country: str | None) -> Iterator[Sighting]:
    regions = dict.fromkeys(country or _region(number) for number in numbers)
    seen: set[Spot] = set()
    for region in regions:
        for match in PhoneNumberMatcher(text, region, Leniency.POSSIBLE, _LONGEST_TRIES):
            number = phonenumbers.format_number(match.number, PhoneNumberFormat.E164)
            spot = Spot(match.start, match.end, number)
            if number in numbers and spot not in seen and not _is_identifier(text, spot):
                seen.add(spot)
                yield Sighting(Spot(spot.start + offset, spot.end + offset, number), Reason.NOTATION)


def _is_identifier(text: str, spot: Spot) -> bool:
    """Whether it is digits alone, with letters or a number sign beside them: an order, not a telephone."""
    around = text[: spot.start][-1:] + text[spot.end :][:1]
    return text[spot.start : spot.end].isdigit() and bool(re.search(r"[\w#=]", around))


def _lettered(text: str, numbers: Sequence[str], country: str | None) -> Iterator[Sighting]:
    """Spelled on the telephone's keys: `1-800-FLOWERS`."""
    for match in _LETTERED.finditer(text):
        written = match.group()
        if not re.search("[A-Za-z]", written):
            continue
        for number in numbers:
            end = _spelled_end(written, number)
            if end:
                yield Sighting(Spot(match.start(), match.start() + end, number), Reason.LETTERS)
                break


def _spelled_end(written: str, number: str) -> int:
    """How much of a spelled text is the number, 0 if it is another. Letters beyond its length are decoration."""
    digits = _digits(phonenumbers.convert_alpha_characters_in_number(written))
    dialled = re.match(f"(?:{re.escape(_code(number))})?{national_digits(number)}", digits)
    if not dialled:
        return 0
    keys = [match.end() for match in re.finditer("[A-Za-z0-9]", written)]
    rest = written[keys[dialled.end() - 1] :]
    return len(written) - len(re.sub(r"^\w+", "", rest))


def _local(text: str, number: str) -> Iterator[Sighting]:
    """Seven digits without the area code, as North Americans write them."""
    if not number.startswith("+1") or len(number) != _NORTH_AMERICAN_LENGTH:
        return
    for match in re.finditer(rf"(?<![\w.#=/+-]){number[5:8]}[-. \u00a0\u2011\u2013]{number[8:]}(?![-.]?\w)", text):
        before = text[max(0, match.start() - _BESIDE) : match.start()]
        if not before.rstrip(" ()-./\u00a0\u2011\u2013")[-1:].isdigit():
            yield Sighting(Spot(match.start(), match.end(), number), Reason.NO_AREA_CODE)


def _digits(text: str) -> str:
    found = re.sub(r"\D", "", text)
    return found if found.isascii() else "".join(str(unicodedata.digit(each)) for each in found)


@lru_cache(maxsize=256)
def _region(number: str) -> str | None:
    return phonenumbers.region_code_for_number(phonenumbers.parse(number))


def _code(number: str) -> str:
    return number[1 : len(number) - len(national_digits(number))]
