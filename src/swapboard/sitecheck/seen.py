"""What a browser made of a page, in place of what the rules predict."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from swapboard.sitecheck.business import Business
from swapboard.sitecheck.document import Element
from swapboard.sitecheck.occurrence import Occurrence, Place
from swapboard.sitecheck.occurrences import occurrences
from swapboard.sitecheck.reasons import Reason
from swapboard.sitecheck.swapping import Rules


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame's page, as a visitor sees it."""

    url: str
    root: Element


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as a visitor's browser shows it, and as a search engine's does."""

    visitor: Element
    crawler: Element
    frames: tuple[Frame, ...]
    stand_ins: Mapping[str, str]
    """What the script was given to show for each of the business's numbers."""
    has_asked: bool
    """Whether the script asked for numbers."""
    trouble: tuple[str, ...]
    """What failed to load, or broke a policy."""
    crawler_swaps: tuple[str, ...]
    """Numbers that the server gave a search engine to show; it should give none."""


def stand_ins(business: Business) -> dict[str, str]:
    """For each number another one of its country and length that is nobody's here."""
    given: dict[str, str] = {}
    for number in business.numbers:
        taken = {*business.known, *given.values()}
        ending = int(number[-2:])
        others = (f"{number[:-2]}{(ending + step) % 100:02d}" for step in range(1, 100))
        given[number] = next(each for each in others if each not in taken)
    return given


def seen_occurrences(seen: Seen, business: Business, rules: Rules) -> list[Occurrence]:
    """The numbers on the page that a visitor sees: swapped where a stand-in stands."""
    found = _told(seen.visitor, seen, business, rules)
    for frame in seen.frames:
        inside = _told(frame.root, seen, business, rules)
        found.extend(
            replace(each, path=f"frame {frame.url} | {each.path}", reason=_in_frame(each)) for each in inside
        )
    return found


def _told(root: Element, seen: Seen, business: Business, rules: Rules) -> list[Occurrence]:
    originals = {shown: number for number, shown in seen.stand_ins.items()}
    looked_for = Business((*business.numbers, *originals), business.tracking_numbers, country=business.country)
    return [
        replace(each, number=originals[each.number], reason=_if_swapped(each))
        if each.number in originals
        else replace(each, reason=_if_not_swapped(each))
        for each in occurrences(root, looked_for, replace(rules, numbers=None), with_frames=False)
    ]


def _if_swapped(occurrence: Occurrence) -> Reason | None:
    # A picture's description is swapped; the picture is not.
    return occurrence.reason if occurrence.place is Place.IMAGE else None


def _if_not_swapped(occurrence: Occurrence) -> Reason:
    return occurrence.reason or Reason.NOT_SEEN


def _in_frame(occurrence: Occurrence) -> Reason | None:
    return Reason.FRAME if occurrence.reason is Reason.NOT_SEEN else occurrence.reason
