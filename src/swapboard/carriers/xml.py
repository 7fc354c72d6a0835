"""Elements of a carrier's XML document."""

from typing import TypeAlias
from xml.etree.ElementTree import Element, SubElement, tostring

Attribute: TypeAlias = str | int | bool | None


def add(parent: Element, tag: str, text: str = "", /, **attributes: Attribute) -> Element:
    """A new last child; an attribute that is None is left out. What no XML may have in it is left out, too."""
    given = {name: _written(value) for name, value in attributes.items() if value is not None}
    child = SubElement(parent, tag, given)
    child.text = "".join(each if each.isprintable() else " " for each in text) or None
    return child


def written(root: Element) -> str:
    """The document."""
    return '<?xml version="1.0" encoding="UTF-8"?>' + tostring(root, encoding="unicode")


def _written(value: Attribute) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
