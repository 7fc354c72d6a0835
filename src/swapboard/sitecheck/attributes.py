"""The occurrences in an element's attributes: links, what is read out, form fields, pictures."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from swapboard.sitecheck.address import split
from swapboard.sitecheck.document import Element, path_of
from swapboard.sitecheck.finder import Spot, find, national_digits
from swapboard.sitecheck.links import linked_number
from swapboard.sitecheck.occurrence import Occurrence, Place
from swapboard.sitecheck.reasons import Reason
from swapboard.sitecheck.search import Search, occurrence
from swapboard.sitecheck.swapping import swapped_attributes, untouchable

_MAY_HOLD_NUMBER = re.compile(r"\d\D*\d\D*\d")
_READ = frozenset({"aria-description", "aria-valuetext", "aria-placeholder", "label", "abbr", "summary", "alt"})
_LINKS = frozenset({"href", "xlink:href"})
_ADDRESSES = _LINKS | {"src", "srcset", "poster", "action", "formaction", "data", "cite", "ping"}
_BUTTONS = frozenset({"button", "submit", "reset"})
_PICTURES = frozenset({"img", "image"})


def in_attributes(element: Element, search: Search) -> Iterator[Occurrence]:
    """The occurrences in an element's attributes, and in the picture that it shows."""
    taken = dict(swapped_attributes(element, search.rules))
    is_picture = element.tag in _PICTURES or element.attributes.get("type", "").lower() == "image"
    for name, value in element.attributes.items():
        if name == "srcdoc" or not _MAY_HOLD_NUMBER.search(value) or (is_picture and name in _ADDRESSES):
            continue
        path = f"{path_of(element)} @{name}"
        kept = untouchable(element, search.rules)
        place = Place.LINK if name in _LINKS else Place.ATTRIBUTE
        for spot, why in _spots(element, name, name in taken, search):
            yield occurrence(spot, value, place, path, kept or why)
    if is_picture:
        yield from _in_picture(element, search)


def _spots(element: Element, name: str, is_taken: bool, search: Search) -> Iterator[tuple[Spot, Reason | None]]:
    value = element.attributes[name]
    if name in _LINKS:
        yield from _in_link(value, is_taken, search)
    elif is_taken:
        yield from search.all_in(value)
    else:
        yield from ((spot, _why_not(element, name)) for spot in find(value, search.numbers))


def _in_link(href: str, is_taken: bool, search: Search) -> Iterator[tuple[Spot, Reason | None]]:
    found = search.swapped(href) if is_taken else []
    yield from ((spot, None) for spot in found)
    number = linked_number(href, search.country)
    if found:
        return
    if number in search.numbers:
        is_told = search.rules.numbers is None or number in search.rules.numbers
        why = Reason.LINK if not is_taken else Reason.NOTATION if is_told else Reason.NOT_LOOKED_FOR
        yield Spot(0, len(href), number or ""), why
    else:
        yield from ((spot, Reason.WEB_ADDRESS) for spot in find(href, search.numbers))


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


def _in_picture(image: Element, search: Search) -> Iterator[Occurrence]:
    """A guess: a picture whose description or file name has the number's digits shows the number."""
    told = [image.attributes.get(name, "") for name in ("alt", "title")]
    names = [_file_name(image.attributes.get(name, "")) for name in ("src", "data-src", "href")]
    for text in (*told, *names):
        digits = re.sub(r"\D", "", text)
        number = next((each for each in search.numbers if national_digits(each) in digits), None)
        if number:
            reason = untouchable(image, search.rules) or Reason.IMAGE
            yield Occurrence(number, text, Place.IMAGE, path_of(image), text[:80], reason)
            return


def _file_name(address: str) -> str:
    return unquote(split(address).path.rpartition("/")[2])
