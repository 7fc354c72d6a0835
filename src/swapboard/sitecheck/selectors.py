"""Plain CSS selectors, as site owners give them: a tag, an id, classes and attributes, without combinators."""

import re
from functools import lru_cache

from swapboard.sitecheck.document import Element

_PART = re.compile(
    r"""(?P<tag>^[a-zA-Z][\w-]*|^\*)
    | \#(?P<id>[\w-]+)
    | \.(?P<class>[\w-]+)
    | \[\s*(?P<name>[\w:-]+)\s*(?:=\s*(?P<quote>["']?)(?P<value>[^"'\]]*)(?P=quote)\s*)?\]""",
    re.VERBOSE,
)


@lru_cache(maxsize=256)
def is_plain(selector: str) -> bool:
    """Whether `matches` understands a selector."""
    return bool(selector) and "".join(match[0] for match in _PART.finditer(selector)) == selector


def matches(element: Element, selector: str) -> bool:
    """Whether a plain selector means an element. One that is not plain means none."""
    return is_plain(selector) and all(_fits(element, part) for part in _PART.finditer(selector))


def _fits(element: Element, part: re.Match[str]) -> bool:
    attributes = element.attributes
    if part["tag"]:
        return part["tag"] in {"*", element.tag}
    if part["id"]:
        return attributes.get("id") == part["id"]
    if part["class"]:
        return part["class"] in attributes.get("class", "").split()
    if part["value"] is None:
        return part["name"].lower() in attributes
    return attributes.get(part["name"].lower()) == part["value"]
