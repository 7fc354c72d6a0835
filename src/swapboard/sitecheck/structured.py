"""What a page tells search engines of the business: name, address and phone in JSON-LD and microdata."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from swapboard.sitecheck.document import Element, elements, path_of, text_of

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_ADDRESS_PARTS = ("streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry")
# The same word to people and to search engines.
_SHORT_FORMS = {
    "street": "st",
    "avenue": "ave",
    "road": "rd",
    "boulevard": "blvd",
    "drive": "dr",
    "lane": "ln",
    "suite": "ste",
    "floor": "fl",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
}


@dataclass(frozen=True, slots=True)
class Listing:
    """One thing with a telephone, as a page describes it."""

    kind: str
    """schema.org's type, such as `Plumber`."""
    name: str | None
    address: str | None
    telephone: str
    """As written."""
    source: str
    """`JSON-LD` or `microdata`."""
    path: str


@dataclass(frozen=True, slots=True)
class StructuredData:
    """All of a page's."""

    listings: tuple[Listing, ...]
    broken: tuple[str, ...]
    """Where JSON-LD cannot be read, with the reason."""


def structured_data(root: Element) -> StructuredData:
    """A page's descriptions of the business. Never fails: what cannot be read is told in `broken`."""
    listings: list[Listing] = []
    broken: list[str] = []
    for script in elements(root, "script"):
        if "ld+json" not in script.attributes.get("type", "").lower():
            continue
        try:
            document = json.loads(text_of(script), strict=False)
        except (ValueError, RecursionError) as error:
            broken.append(f"{path_of(script)}: {error}")
            continue
        listings.extend(_json_listings(document, path_of(script)))
    return StructuredData((*listings, *_microdata_listings(root)), tuple(broken))


def comparable(text: str | None) -> str | None:
    """A name or address without what makes no difference: case, punctuation, common short forms."""
    words = re.findall(r"\w+", (text or "").casefold())
    return " ".join(_SHORT_FORMS.get(word, word) for word in words) or None


def _json_listings(document: Json, path: str) -> Iterator[Listing]:
    waiting: list[tuple[Json, Mapping[str, Json]]] = [(document, {})]
    while waiting:
        value, owner = waiting.pop(0)
        if isinstance(value, list):
            waiting.extend((each, owner) for each in value)
        elif isinstance(value, dict):
            # A contact point has the name and address of whose it is.
            own = value if value.get("name") or value.get("address") else {**owner, "@type": value.get("@type")}
            for telephone in _texts(value.get("telephone")):
                yield Listing(
                    _last_word(_first(value.get("@type"))),
                    _first(own.get("name")),
                    _address(own.get("address")),
                    telephone,
                    "JSON-LD",
                    path,
                )
            waiting.extend((each, own) for name, each in value.items() if name != "telephone")


def _texts(value: Json) -> list[str]:
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if isinstance(value, dict):
        return _texts(value.get("@value"))
    return [str(value).strip()] if isinstance(value, (str, int)) and not isinstance(value, bool) and value else []


def _first(value: Json) -> str | None:
    return next(iter(_texts(value)), None)


def _address(value: Json) -> str | None:
    if isinstance(value, list):
        return next(filter(None, map(_address, value)), None)
    if isinstance(value, dict):
        country = value.get("addressCountry")
        plain = {**value, "addressCountry": country.get("name") if isinstance(country, dict) else country}
        return ", ".join(filter(None, (_first(plain.get(part)) for part in _ADDRESS_PARTS))) or None
    return _first(value)


def _last_word(kind: str | None) -> str:
    return re.split("[/#:]", kind or "Thing")[-1]


def _microdata_listings(root: Element) -> Iterator[Listing]:
    for item in elements(root):
        if "itemscope" not in item.attributes:
            continue
        properties = list(_properties(item))
        for element, names in properties:
            if "telephone" in names:
                kind = _last_word(item.attributes.get("itemtype"))
                name = next((_value(each) for each, names in properties if "name" in names), None)
                address = next((_item_address(each) for each, names in properties if "address" in names), None)
                yield Listing(kind, name, address, _value(element), "microdata", path_of(element))


def _properties(item: Element) -> Iterator[tuple[Element, list[str]]]:
    """The item's own properties, not those of items within it (WHATWG microdata, without `itemref`)."""
    waiting = list(reversed(item.children))
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Element):
            continue
        if "itemprop" in node.attributes:
            yield node, node.attributes["itemprop"].split()
        if "itemscope" not in node.attributes:
            waiting.extend(reversed(node.children))


def _item_address(element: Element) -> str | None:
    if "itemscope" not in element.attributes:
        return _value(element) or None
    parts = {name: _value(each) for each, names in _properties(element) for name in names}
    return ", ".join(filter(None, (parts.get(part, "") for part in _ADDRESS_PARTS))) or None


def _value(element: Element) -> str:
    """A property's value. Google reads `content` on any element, the standard on `<meta>` only."""
    for name in ("content", "href" if element.tag in {"a", "area", "link"} else "content"):
        if name in element.attributes:
            return element.attributes[name].strip()
    return " ".join(text_of(element).split())
