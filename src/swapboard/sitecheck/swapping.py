"""What the script on the page looks at and what it never touches, as in `web/script_config.py` and `tracker/src`.

`tests/browser/test_check_site.py` holds the two together, in Chromium.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from swapboard.sitecheck.document import Element, Text, walk
from swapboard.sitecheck.finder import Spot, find
from swapboard.sitecheck.reasons import Reason
from swapboard.sitecheck.selectors import matches
from swapboard.web.script_config import ATTRIBUTES, LINKS, UNTOUCHABLE, WHATSAPP

# What may stand within a number; any other element ends the line (parts/lines.ts).
_INLINE = re.compile(r"a|abbr|bd[io]|big|data|em|font|ins|[biqsu]|label|mark|small|span|strong|su[bp]|time|tt|wbr")
_MAX_NODES = 100
_LINK = re.compile(LINKS + WHATSAPP)
_PLAIN_LINK = re.compile(LINKS)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the script is told of its site; without that, as it is by default."""

    numbers: tuple[str, ...] | None = None
    """What it looks for, E.164: targets, and tracking numbers that a stored page may show; None is everything."""
    attributes: tuple[str, ...] = ATTRIBUTES
    skip: tuple[str, ...] = UNTOUCHABLE
    """Selectors of what is never touched, whatever is in it. Only plain ones count here."""
    whatsapp: bool = True
    vanity: tuple[tuple[str, str], ...] = ()
    """Texts that stand for a number, such as `1-800-FLOWERS`, each with the target that it means."""


DEFAULT_RULES = Rules()


@dataclass(frozen=True, slots=True)
class Line:
    """Text nodes that the script reads as one text."""

    texts: Sequence[Text]
    block: Element

    @property
    def text(self) -> str:
        return "".join(text.value for text in self.texts)


def untouchable(element: Element, rules: Rules) -> Reason | None:
    """Why nothing in an element is swapped; None where it is."""
    for each in element.ancestors():
        reason = _reason(each, rules)
        # What stands around a shadow root's host says nothing of what is in it (`closest` ends there).
        if reason or _is_open_root(each):
            return reason
    return None


def untouchable_text(block: Element, rules: Rules) -> Reason | None:
    """Why no text in an element is swapped; None where it is."""
    typed = any(each.tag == "textarea" for each in block.ancestors())
    return untouchable(block, rules) or (Reason.INPUT if typed else None)


def lines(root: Element, rules: Rules = DEFAULT_RULES) -> Iterator[Line]:
    """The lines of text under an element, as the script puts them together."""
    line: list[Text] = []
    block: Element | None = None
    for node in walk(root):
        if isinstance(node, Text):
            its = _block_around(node, rules)
            if line and block is not None and (its is not block or len(line) > _MAX_NODES):
                yield Line(line, block)
                line = []
            block = its
            line.append(node)
        elif isinstance(node, Element) and not _is_inline(node, rules) and line and block is not None:
            yield Line(line, block)
            line = []
    if line and block is not None:
        yield Line(line, block)


def swapped_attributes(element: Element, rules: Rules = DEFAULT_RULES) -> Iterator[tuple[str, str]]:
    """The attributes of an element in which the script looks for numbers, with their values."""
    link = _LINK if rules.whatsapp else _PLAIN_LINK
    for name in rules.attributes:
        value = element.attributes.get(name)
        if value is not None and (name != "href" or link.search(value)):
            yield name, value


def find_swapped(text: str, numbers: Sequence[str], rules: Rules = DEFAULT_RULES) -> list[Spot]:
    """Where the script replaces something in a text that it may touch."""
    found = find(text, [each for each in numbers if rules.numbers is None or each in rules.numbers])
    for text_of_number, target in rules.vanity:
        if target in numbers:
            matches_of = (match.span(2) for match in _vanity(text_of_number).finditer(text))
            spots = (Spot(start, end, target) for start, end in matches_of)
            found.extend([spot for spot in spots if not any(map(spot.overlaps, found))])
    return found


@lru_cache(maxsize=64)
def _vanity(text: str) -> re.Pattern[str]:
    """A text in any case, with any spaces and hyphens, and never inside a longer word (`parts/vanity.ts`)."""
    words = "[\\s.\u2010-\u2015-]*".join(map(re.escape, re.split("[\\s.\u2010-\u2015-]+", text)))
    return re.compile(rf"(^|[^A-Za-z0-9_-])({words})(?![A-Za-z0-9_-])", re.IGNORECASE)


def _block_around(text: Text, rules: Rules) -> Element:
    return next(each for each in text.parent.ancestors() if not _is_inline(each, rules))


def _is_inline(element: Element, rules: Rules) -> bool:
    return _INLINE.fullmatch(element.tag) is not None and _reason(element, rules) is None


def _reason(element: Element, rules: Rules) -> Reason | None:
    """Why the script never touches an element, whatever is in it."""
    if element.tag == "template" and not _is_open_root(element):
        return Reason.SHADOW if "shadowrootmode" in element.attributes else Reason.TEMPLATE
    for selector in rules.skip:
        if matches(element, selector):
            return _told(element, selector)
    return None


def _is_open_root(element: Element) -> bool:
    return element.tag == "template" and element.attributes.get("shadowrootmode", "").lower() == "open"


def _told(element: Element, selector: str) -> Reason:
    if selector == "script" and "ld+json" in element.attributes.get("type", "").lower():
        return Reason.JSON_LD
    if element.tag in {"meta", "link"} and "itemprop" in element.attributes:
        return Reason.MICRODATA
    return _REASONS.get(selector, Reason.OFF)


_REASONS = {
    "head": Reason.HEAD,
    "script": Reason.SCRIPT,
    "style": Reason.STYLE,
    "noscript": Reason.NOSCRIPT,
    "link": Reason.HEAD,
    "meta": Reason.HEAD,
    "[itemprop=telephone]": Reason.MICRODATA_SHOWN,
    "[contenteditable]": Reason.EDITABLE,
    "textarea": Reason.INPUT,
}
