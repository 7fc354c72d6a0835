"""What the script on the page looks at and what it never touches: the same rules as `tracker/src`.

`tests/browser/test_check_site.py` holds the two together, in Chromium.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from swapboard.sitecheck.document import Element, Text, is_svg, walk
from swapboard.sitecheck.finder import Spot, find
from swapboard.sitecheck.reasons import Reason

# What may stand within a number; any other element ends the line (scan.ts).
_INLINE = re.compile(r"a|abbr|bd[io]|big|data|em|font|ins|[biqsu]|label|mark|small|span|strong|su[bp]|time|tt|wbr")
_MAX_NODES = 99
_LINK = re.compile(r"^(tel|sms):|/wa\.me/", re.IGNORECASE)
_PLAIN_LINK = re.compile(r"^(tel|sms):", re.IGNORECASE)
_READ_ATTRIBUTES = ("aria-label", "title", "alt", "placeholder")


@dataclass(frozen=True, slots=True)
class Rules:
    """What of the rules a site can set."""

    attributes: tuple[str, ...] = ()
    """More attributes in which numbers are swapped."""
    skipped_tags: frozenset[str] = frozenset()
    """More elements that are never touched, such as `code` and `pre`."""
    whatsapp: bool = True
    vanity_texts: tuple[str, ...] = ()
    """Spelled numbers that are replaced as they stand."""


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
    return next(filter(None, (_reason(each, rules) for each in element.ancestors())), None)


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
    for name in (*_READ_ATTRIBUTES, *rules.attributes):
        if name in element.attributes:
            yield name, element.attributes[name]
    href = element.attributes.get("href", "")
    if (_LINK if rules.whatsapp else _PLAIN_LINK).search(href) and not is_svg(element):
        yield "href", href


def find_swapped(text: str, numbers: Sequence[str], rules: Rules = DEFAULT_RULES) -> list[Spot]:
    """Where the script replaces something in a text that it may touch."""
    found = find(text, numbers)
    for vanity in rules.vanity_texts:
        start = text.find(vanity)
        while numbers and start >= 0:
            found.append(Spot(start, start + len(vanity), numbers[0]))
            start = text.find(vanity, start + len(vanity))
    return found


def _block_around(text: Text, rules: Rules) -> Element:
    return next(each for each in text.parent.ancestors() if not _is_inline(each, rules))


def _is_inline(element: Element, rules: Rules) -> bool:
    return _INLINE.fullmatch(element.tag) is not None and _reason(element, rules) is None


def _reason(element: Element, rules: Rules) -> Reason | None:
    """Why the script never touches an element, whatever is in it."""
    if element.attributes.get("data-swapboard") == "off" or element.tag in rules.skipped_tags:
        return Reason.OFF
    if "contenteditable" in element.attributes:
        return Reason.EDITABLE
    if element.tag == "template" and "shadowrootmode" in element.attributes:
        return Reason.SHADOW
    if element.tag == "script" and "ld+json" in element.attributes.get("type", "").lower():
        return Reason.JSON_LD
    if element.tag == "meta" and "itemprop" in element.attributes:
        return Reason.MICRODATA
    return _BY_TAG.get(element.tag)


_BY_TAG = {
    "template": Reason.TEMPLATE,
    "script": Reason.SCRIPT,
    "head": Reason.HEAD,
    "link": Reason.HEAD,
    "meta": Reason.HEAD,
    "style": Reason.STYLE,
    "noscript": Reason.NOSCRIPT,
}
