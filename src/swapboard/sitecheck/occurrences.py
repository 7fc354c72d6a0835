"""Every occurrence of the business's numbers on a page, and what the script would make of it."""

from collections.abc import Iterator
from dataclasses import replace

from swapboard.sitecheck.attributes import in_attributes
from swapboard.sitecheck.business import Business
from swapboard.sitecheck.document import Comment, Element, elements, parse_html, path_of, walk
from swapboard.sitecheck.finder import find
from swapboard.sitecheck.occurrence import Occurrence, Place
from swapboard.sitecheck.reasons import Reason
from swapboard.sitecheck.search import Search, occurrence
from swapboard.sitecheck.swapping import DEFAULT_RULES, Rules, untouchable
from swapboard.sitecheck.texts import in_texts


def occurrences(
    root: Element, business: Business, rules: Rules = DEFAULT_RULES, with_frames: bool = True
) -> list[Occurrence]:
    """All of a document's: texts, attributes, frames, comments, each in the document's order.

    `with_frames` looks into `srcdoc` too, whose content a browser shows as a document of its own.
    """
    search = Search(business, rules)
    found = [*in_texts(root, search)]
    for element in elements(root):
        found.extend(in_attributes(element, search))
    if with_frames:
        found.extend(_in_frames(root, search))
    return [*found, *_in_comments(root, search)]


def _in_frames(root: Element, search: Search) -> Iterator[Occurrence]:
    """A frame made of `srcdoc` is of the page's own origin, unless it is shut off."""
    for frame in elements(root, "iframe"):
        if "srcdoc" not in frame.attributes:
            continue
        sandbox = frame.attributes.get("sandbox")
        is_shut = sandbox is not None and "allow-same-origin" not in sandbox.lower().split()
        around = untouchable(frame, search.rules) or (Reason.FRAME if is_shut else None)
        content = parse_html(frame.attributes["srcdoc"])
        for each in occurrences(content, search.business, search.rules):
            yield replace(each, path=f"{path_of(frame)} | {each.path}", reason=each.reason or around)


def _in_comments(root: Element, search: Search) -> Iterator[Occurrence]:
    for node in walk(root):
        if isinstance(node, Comment):
            for spot in find(node.value, search.numbers):
                yield occurrence(spot, node.value, Place.COMMENT, path_of(node.parent), Reason.COMMENT)
