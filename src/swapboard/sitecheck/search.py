"""What is looked for on a page, and the numbers in one text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from swapboard.sitecheck.business import Business
from swapboard.sitecheck.finder import Spot, find
from swapboard.sitecheck.occurrence import Occurrence, Place
from swapboard.sitecheck.reasons import Reason
from swapboard.sitecheck.spotting import sight
from swapboard.sitecheck.swapping import Rules, find_swapped

_AROUND = 30


@dataclass(frozen=True, slots=True)
class Search:
    """The business's numbers and the script's rules."""

    business: Business
    rules: Rules

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number to find, E.164."""
        return self.business.known

    @property
    def country(self) -> str | None:
        """Whose national notation is read."""
        return self.business.country or _region(self.business.numbers[0])

    def may_hold(self, text: str) -> bool:
        """Whether it is worth looking into a text: it has digits, or a text that stands for a number."""
        return bool(self.rules.vanity) or re.search(r"\d", text) is not None

    def swapped(self, text: str) -> list[Spot]:
        """Where the script replaces something, if it may touch the text."""
        return find_swapped(text, self.numbers, self.rules)

    def not_looked_for(self, text: str) -> list[Spot]:
        """Numbers that the script could read, but is not told of."""
        told = self.rules.numbers
        return [] if told is None else find(text, [each for each in self.numbers if each not in told])

    def misread(self, text: str, found: Sequence[Spot]) -> Iterator[tuple[Spot, Reason]]:
        """What people read as a number and the script does not, beside what was found."""
        taken = bytearray(len(text))
        for spot in found:
            taken[spot.start : spot.end] = b"\1" * (spot.end - spot.start)
        places = [match.span() for match in re.finditer(r"\s+|\S", text)]
        collapsed = "".join(text[start] if not text[start].isspace() else " " for start, _ in places)
        for sighting in sight(collapsed, self.numbers, self.country):
            spot = Spot(places[sighting.spot.start][0], places[sighting.spot.end - 1][1], sighting.spot.number)
            if not any(taken[spot.start : spot.end]):
                taken[spot.start : spot.end] = b"\1" * (spot.end - spot.start)
                yield spot, sighting.reason

    def all_in(self, text: str) -> Iterator[tuple[Spot, Reason | None]]:
        """All three, each with why it is not swapped."""
        found = self.swapped(text)
        others = [spot for spot in self.not_looked_for(text) if not any(map(spot.overlaps, found))]
        yield from ((spot, None) for spot in found)
        yield from ((spot, Reason.NOT_LOOKED_FOR) for spot in others)
        yield from self.misread(text, [*found, *others])


def occurrence(spot: Spot, text: str, place: Place, path: str, reason: Reason | None) -> Occurrence:
    """A spot in a text as the report tells it."""
    around = text[max(0, spot.start - _AROUND) : spot.end + _AROUND]
    written = " ".join(text[spot.start : spot.end].split())
    return Occurrence(spot.number, written, place, path, " ".join(around.split()), reason)


@lru_cache(maxsize=64)
def _region(number: str) -> str | None:
    return phonenumbers.region_code_for_number(phonenumbers.parse(number))
