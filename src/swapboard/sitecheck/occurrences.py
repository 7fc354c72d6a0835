"""Every occurrence of the business's numbers on a page, and what the script would make of it."""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from urllib.parse import unquote

import phonenumbers

from swapboard.sitecheck.address import split
from swapboard.sitecheck.business import Business
from swapboard.sitecheck.document import Comment, Element, elements, parse_html, path_of, walk
from swapboard.sitecheck.finder import Spot, find, national_digits
from swapboard.sitecheck.links import linked_number
from swapboard.sitecheck.occurrence import Occurrence, Place
from swapboard.sitecheck.reasons import Reason
from swapboard.sitecheck.spotting import sight
from swapboard.sitecheck.swapping import (
    DEFAULT_RULES,
    Line,
    Rules,
    find_swapped,
    lines,
    swapped_attributes,
    untouchable,
    untouchable_text,
)

# A number, in digits or on the telephone's keys.
_MAY_HOLD_NUMBER = re.compile(r"\d\D*\d\D*\d")
_AROUND = 30
_LONGEST_PIECE = 24
_PLACES = {Reason.SCRIPT: Place.SCRIPT, Reason.JSON_LD: Place.SCRIPT, Reason.STYLE: Place.STYLE}
_NOT_READ = frozenset({Reason.SCRIPT, Reason.JSON_LD, Reason.STYLE, Reason.NOSCRIPT, Reason.HEAD, Reason.TEMPLATE})
_READ = frozenset({"aria-description", "aria-valuetext", "aria-placeholder", "label", "abbr", "summary", "alt"})
_ADDRESSES = frozenset(
    {"href", "src", "srcset", "poster", "action", "formaction", "data", "cite", "ping", "xlink:href"}
)
_BUTTONS = frozenset({"button", "submit", "reset"})


def occurrences(
    root: Element, business: Business, rules: Rules = DEFAULT_RULES, with_frames: bool = True
) -> list[Occurrence]:
    """All of a document's, texts first, each in the document's order; `with_frames` those in `srcdoc` too."""
    search = _Search(business, rules, with_frames)
    return [*search.in_texts(root), *search.in_elements(root), *search.in_comments(root)]


class _Search:
    """What is looked for, so that not every step has to hand it on."""

    def __init__(self, business: Business, rules: Rules, with_frames: bool) -> None:
        self.with_frames = with_frames
        self.numbers = business.known
        self.rules = rules
        looked_for = self.numbers if rules.numbers is None else rules.numbers
        self.others = [each for each in self.numbers if each not in looked_for]
        self.country = business.country or _region(business.numbers)

    def in_texts(self, root: Element) -> Iterator[Occurrence]:
        pieces: list[tuple[Line, Reason | None]] = []
        for line in lines(root, self.rules):
            reason = untouchable_text(line.block, self.rules)
            if reason in _NOT_READ:
                yield from self._in_line(line, reason)
            elif _is_piece(line.text):
                pieces.append((line, reason))
            else:
                yield from self._in_pieces(pieces)
                yield from self._in_line(line, reason)
                pieces = []
        yield from self._in_pieces(pieces)

    def _in_line(self, line: Line, reason: Reason | None) -> Iterator[Occurrence]:
        text = line.text
        place = _PLACES.get(reason, Place.TEXT) if reason else Place.TEXT
        found = find_swapped(text, self.numbers, self.rules)
        for spot in found:
            yield _occurrence(spot, text, place, path_of(_owner(line, spot.start)), reason)
        others = [spot for spot in find(text, self.others) if not any(map(spot.overlaps, found))]
        for spot in others:
            yield _occurrence(
                spot, text, place, path_of(_owner(line, spot.start)), reason or Reason.NOT_LOOKED_FOR
            )
        if reason in _NOT_READ:
            return
        for spot, why in self._sighted(text, [*found, *others]):
            yield _occurrence(spot, text, place, path_of(_owner(line, spot.start)), reason or why)

    def _sighted(self, text: str, swapped: Sequence[Spot]) -> Iterator[tuple[Spot, Reason]]:
        """What people read as a number and the script does not."""
        found: list[Spot] = list(swapped)
        places = [match.span() for match in re.finditer(r"\s+|\S", text)]
        collapsed = "".join(text[start] if not text[start].isspace() else " " for start, _ in places)
        for sighting in sight(collapsed, self.numbers, self.country):
            spot = Spot(places[sighting.spot.start][0], places[sighting.spot.end - 1][1], sighting.spot.number)
            if not any(spot.overlaps(other) for other in found):
                found.append(spot)
                yield spot, sighting.reason

    def _in_pieces(self, pieces: Sequence[tuple[Line, Reason | None]]) -> Iterator[Occurrence]:
        """Short lines that follow each other: the mark-up may have cut a number into several of them."""
        text = " ".join(line.text.strip() for line, _ in pieces)
        ends = list(accumulate(len(line.text.strip()) + 1 for line, _ in pieces))
        cut: set[int] = set()
        for spot in find(text, self.numbers):
            first, last = bisect(ends, spot.start), bisect(ends, spot.end - 1)
            if first < last:
                cut.update(range(first, last + 1))
                line, reason = pieces[first]
                yield _occurrence(spot, text, Place.TEXT, path_of(line.block), reason or Reason.SPLIT)
        for index, (line, reason) in enumerate(pieces):
            for each in self._in_line(line, reason):
                # The end of a number that was cut looks like one without its area code.
                if index not in cut or each.reason is not Reason.NO_AREA_CODE:
                    yield each

    def in_elements(self, root: Element) -> Iterator[Occurrence]:
        for element in elements(root):
            taken = dict(swapped_attributes(element, self.rules))
            for name, value in element.attributes.items():
                yield from self._in_attribute(element, name, value, name in taken)
            if self.with_frames and element.tag == "iframe" and "srcdoc" in element.attributes:
                yield from self._in_frame(element)
            if element.tag in {"img", "image"} or element.attributes.get("type") == "image":
                yield from self._in_image(element)

    def _in_attribute(self, element: Element, name: str, value: str, is_taken: bool) -> Iterator[Occurrence]:
        is_picture = element.tag in {"img", "image"} and name in _ADDRESSES
        if is_picture or name == "srcdoc" or not _MAY_HOLD_NUMBER.search(value):
            return
        path = f"{path_of(element)} @{name}"
        kept = untouchable(element, self.rules)
        place = Place.LINK if name in {"href", "xlink:href"} else Place.ATTRIBUTE
        found = find_swapped(value, self.numbers, self.rules) if is_taken else []
        for spot in found:
            yield _occurrence(spot, value, place, path, kept)
        number = linked_number(value, self.country) if place is Place.LINK and not found else None
        if number in self.numbers:
            why = Reason.NOTATION if is_taken else Reason.LINK
            yield _occurrence(Spot(0, len(value), number or ""), value, place, path, kept or why)
        elif not is_taken:
            for spot in find(value, self.numbers):
                yield _occurrence(spot, value, place, path, kept or _why_not(element, name))
        elif not found and place is Place.ATTRIBUTE:
            for spot, why in self._sighted(value, []):
                yield _occurrence(spot, value, place, path, kept or why)

    def _in_frame(self, frame: Element) -> Iterator[Occurrence]:
        """What stands in `srcdoc`: a page of the same origin, unless it is shut off."""
        sandbox = frame.attributes.get("sandbox")
        is_shut = sandbox is not None and "allow-same-origin" not in sandbox.lower().split()
        around = untouchable(frame, self.rules) or (Reason.FRAME if is_shut else None)
        content = parse_html(frame.attributes["srcdoc"])
        for each in (*self.in_texts(content), *self.in_elements(content)):
            yield replace(each, path=f"{path_of(frame)} | {each.path}", reason=each.reason or around)

    def _in_image(self, image: Element) -> Iterator[Occurrence]:
        told = [image.attributes.get(name, "") for name in ("alt", "title")]
        names = [_file_name(image.attributes.get(name, "")) for name in ("src", "data-src", "href")]
        for text in (*told, *names):
            digits = re.sub(r"\D", "", text)
            for number in self.numbers:
                if national_digits(number) in digits:
                    reason = untouchable(image, self.rules) or Reason.IMAGE
                    yield Occurrence(number, text, Place.IMAGE, path_of(image), text[:80], reason)
                    return

    def in_comments(self, root: Element) -> Iterator[Occurrence]:
        for node in walk(root):
            if isinstance(node, Comment):
                for spot in find(node.value, self.numbers):
                    yield _occurrence(spot, node.value, Place.COMMENT, path_of(node.parent), Reason.COMMENT)


def _occurrence(spot: Spot, text: str, place: Place, path: str, reason: Reason | None) -> Occurrence:
    around = text[max(0, spot.start - _AROUND) : spot.end + _AROUND]
    written = " ".join(text[spot.start : spot.end].split())
    return Occurrence(spot.number, written, place, path, " ".join(around.split()), reason)


def _why_not(element: Element, name: str) -> Reason:
    """Why an attribute is left alone."""
    if name == "content":
        return Reason.MICRODATA if "itemprop" in element.attributes else Reason.HEAD
    if name.startswith("on"):
        return Reason.SCRIPT
    if name == "value":
        kind = element.attributes.get("type", "text").lower()
        return Reason.ATTRIBUTE if element.tag == "input" and kind in _BUTTONS else Reason.INPUT
    if name in _ADDRESSES:
        return Reason.WEB_ADDRESS
    return Reason.STYLE if name == "style" else Reason.ATTRIBUTE if name in _READ else Reason.DATA


def _owner(line: Line, position: int) -> Element:
    """The element whose text holds the character at a position of a line."""
    for text in line.texts:
        if position < len(text.value):
            return text.parent
        position -= len(text.value)
    return line.block


def _is_piece(text: str) -> bool:
    """Whether it could be a part of a number: short, and with no letters but those of a label."""
    stripped = text.strip()
    return len(stripped) <= _LONGEST_PIECE and (not stripped or any(each.isdigit() for each in stripped))


def _file_name(address: str) -> str:
    return unquote(split(address).path.rpartition("/")[2])


def _region(numbers: Sequence[str]) -> str | None:
    return phonenumbers.region_code_for_number(phonenumbers.parse(numbers[0])) if numbers else None
