"""The ways that people took before they got in touch: which channels, one after the other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

LONGEST_WAY = 4
"""Of a longer way the last visits are shown: they are nearest to the call."""


@dataclass(frozen=True, slots=True)
class LeadPath:
    """What the visits counted for, the oldest first, and how the person then got in touch (`call`, `form`)."""

    steps: tuple[str, ...]
    ended_as: str
    leads: int
    is_cut: bool = False
    """Whether there were visits before."""
    otherwise: str = ""
    """Without steps what credit calls them by: where the number stands that was called."""


@dataclass(frozen=True, slots=True)
class Link:
    """So many people went from one stop to the next. A stop is how far from the end it is, and its name."""

    start: tuple[int, str]
    end: tuple[int, str]
    leads: int


def path_of(steps: Sequence[str], ended_as: str, otherwise: str) -> LeadPath:
    """One person's, by all steps; without them it is known by something else."""
    is_cut = len(steps) > LONGEST_WAY
    return LeadPath(tuple(steps[-LONGEST_WAY:]), ended_as, 1, is_cut, "" if steps else otherwise)


def laid_together(paths: Iterable[LeadPath]) -> Sequence[LeadPath]:
    """Alike ones as one, the most common first."""
    found: Counter[LeadPath] = Counter()
    for path in paths:
        found[replace(path, leads=0)] += path.leads
    together = [replace(path, leads=leads) for path, leads in found.items()]
    return sorted(together, key=lambda each: (-each.leads, each.steps, each.ended_as, each.is_cut, each.otherwise))


def links_of(paths: Iterable[LeadPath]) -> Sequence[Link]:
    """The paths laid over each other, aligned at their ends (place 0), the largest links first."""
    found: Counter[tuple[tuple[int, str], tuple[int, str]]] = Counter()
    for path in paths:
        stops = [*path.steps, path.ended_as]
        places = range(len(stops) - 1, -1, -1)
        named = list(zip(places, stops, strict=True))
        for start, end in pairwise(named):
            found[start, end] += path.leads
    links = [Link(start, end, leads) for (start, end), leads in found.items()]
    return sorted(links, key=lambda each: (-each.leads, each.start, each.end))


def sizes_of(links: Iterable[Link]) -> Mapping[tuple[int, str], int]:
    """How many people passed through each stop: what goes in, or, where a way begins, what goes out."""
    into: Counter[tuple[int, str]] = Counter()
    out: Counter[tuple[int, str]] = Counter()
    for link in links:
        out[link.start] += link.leads
        into[link.end] += link.leads
    return {stop: max(into[stop], out[stop]) for stop in {*into, *out}}
