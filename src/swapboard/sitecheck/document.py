"""A page's elements, texts and comments, as a browser that runs scripts parses them (WHATWG HTML, by lexbor)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode


@dataclass(eq=False, slots=True)
class Element:
    """An element. A `<template>` has its content as children, which the document of a browser has not."""

    tag: str
    """In lower case; `#document` at the root."""
    attributes: Mapping[str, str]
    parent: "Element | None"
    children: "list[Node]" = field(default_factory=list)
    place: int = 1
    """Which of its parent's children with this tag it is."""
    tags: dict[str, int] = field(default_factory=dict)
    """How many children it has of each tag."""

    def ancestors(self) -> "Iterator[Element]":
        """This element, its parent and so on up to the root."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent


@dataclass(eq=False, slots=True)
class Text:
    """A text node."""

    value: str
    parent: Element


@dataclass(eq=False, slots=True)
class Comment:
    """A comment."""

    value: str
    parent: Element


Node: TypeAlias = Element | Text | Comment


def parse_html(html: str) -> Element:
    """The document's root. Broken mark-up gives the tree that a browser makes of it, never an error."""
    parsed = LexborHTMLParser(html, scripting=True)
    root = Element("#document", {}, None)
    if parsed.root is None:
        return root
    waiting = [(parsed.root.parent or parsed.root, root)]
    while waiting:
        source, parent = waiting.pop()
        for child in _children(source):
            node = _node(child, parent)
            if node is not None:
                parent.children.append(node)
            if isinstance(node, Element):
                waiting.append((child, node))
    return root


def walk(root: Element) -> Iterator[Node]:
    """Everything under an element, in document order."""
    waiting: list[Node] = list(reversed(root.children))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Element):
            waiting.extend(reversed(node.children))


def elements(root: Element, *tags: str) -> Iterator[Element]:
    """The elements under an element, in document order; only those with one of the tags, if any are given."""
    return (node for node in walk(root) if isinstance(node, Element) and (not tags or node.tag in tags))


def text_of(element: Element) -> str:
    """The text of everything under an element (`textContent`)."""
    return "".join(node.value for node in walk(element) if isinstance(node, Text))


def path_of(element: Element) -> str:
    """Where it stands, as a CSS selector: `html > body > p:nth-of-type(2)`."""
    return " > ".join(reversed([_step(each) for each in element.ancestors() if each.parent is not None]))


def _step(element: Element) -> str:
    assert element.parent is not None
    is_only = element.parent.tags[element.tag] == 1
    return element.tag if is_only else f"{element.tag}:nth-of-type({element.place})"


def _children(node: LexborNode) -> Iterator[LexborNode]:
    source = node.template_fragments()[0] if node.tag == "template" else node
    child = source.first_child
    while child is not None:
        yield child
        child = child.next


def _node(source: LexborNode, parent: Element) -> Node | None:
    if source.is_text_node:
        return Text(source.text_content or "", parent)
    if source.is_comment_node:
        return Comment(source.comment_content or "", parent)
    if source.is_element_node and source.tag:
        attributes = {name.lower(): value or "" for name, value in source.attributes.items()}
        place = parent.tags[source.tag] = parent.tags.get(source.tag, 0) + 1
        return Element(source.tag, attributes, parent, place=place)
    return None
