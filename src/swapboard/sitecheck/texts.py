"""The occurrences in a page's texts: shown, hidden, and cut into pieces by the mark-up."""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import accumulate

from swapboard.sitecheck.document import Element, path_of
from swapboard.sitecheck.finder import find
from swapboard.sitecheck.occurrence import Occurrence, Place
from swapboard.sitecheck.reasons import Reason
from swapboard.sitecheck.search import Search, occurrence
from swapboard.sitecheck.swapping import Line, lines, untouchable_text

_LONGEST_PIECE = 24
_PLACES = {Reason.SCRIPT: Place.SCRIPT, Reason.JSON_LD: Place.SCRIPT, Reason.STYLE: Place.STYLE}
_NOT_READ = frozenset({Reason.SCRIPT, Reason.JSON_LD, Reason.STYLE, Reason.NOSCRIPT, Reason.HEAD, Reason.TEMPLATE})

Piece = tuple[Line, Reason | None]
"""A short line, with why nothing in it is swapped."""


def in_texts(root: Element, search: Search) -> Iterator[Occurrence]:
    """The occurrences in the texts under an element, in the document's order."""
    pieces: list[Piece] = []
    for line in lines(root, search.rules):
        if not search.may_hold(line.text):
            if re.search(r"[^\W\d]", line.text):
                yield from _in_pieces(pieces, search)
                pieces = []
            elif line.text.strip():
                # A hyphen on a line of its own may belong to a number.
                pieces.append((line, None))
            continue
        reason = untouchable_text(line.block, search.rules)
        if reason in _NOT_READ:
            yield from _in_source(line, reason, search)
        elif _is_piece(line.text):
            pieces.append((line, reason))
        else:
            yield from _in_pieces(pieces, search)
            yield from _in_line(line, reason, search)
            pieces = []
    yield from _in_pieces(pieces, search)


def _in_source(line: Line, reason: Reason | None, search: Search) -> Iterator[Occurrence]:
    """Scripts and what else nobody reads: only plain numbers count there."""
    place = _PLACES.get(reason, Place.TEXT) if reason else Place.TEXT
    for spot in find(line.text, search.numbers):
        yield occurrence(spot, line.text, place, path_of(_owner(line, spot.start)), reason)


def _in_line(line: Line, reason: Reason | None, search: Search, is_cut: bool = False) -> Iterator[Occurrence]:
    for spot, why in search.all_in(line.text):
        # The end of a number that was cut looks like one without its area code.
        if is_cut and why is Reason.NO_AREA_CODE:
            continue
        yield occurrence(spot, line.text, Place.TEXT, path_of(_owner(line, spot.start)), reason or why)


def _in_pieces(pieces: Sequence[Piece], search: Search) -> Iterator[Occurrence]:
    """Short lines that follow each other: the mark-up may have cut a number into several of them."""
    text = " ".join(line.text.strip() for line, _ in pieces)
    ends = list(accumulate(len(line.text.strip()) + 1 for line, _ in pieces))
    cut: set[int] = set()
    for spot in find(text, search.numbers):
        first, last = bisect(ends, spot.start), bisect(ends, spot.end - 1)
        if first < last:
            cut.update(range(first, last + 1))
            line, reason = pieces[first]
            yield occurrence(spot, text, Place.TEXT, path_of(line.block), reason or Reason.SPLIT)
    for index, (line, reason) in enumerate(pieces):
        yield from _in_line(line, reason, search, index in cut)


def _owner(line: Line, position: int) -> Element:
    """The element whose text holds the character at a position of a line."""
    for text in line.texts:
        if position < len(text.value):
            return text.parent
        position -= len(text.value)
    return line.block


def _is_piece(text: str) -> bool:
    """Whether it could be a part of a number: short, with digits."""
    stripped = text.strip()
    return len(stripped) <= _LONGEST_PIECE and bool(re.search(r"\d", stripped))
