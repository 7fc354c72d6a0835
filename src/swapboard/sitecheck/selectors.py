"""Plain CSS selectors, as site owners give them: a tag, an id, classes and attributes, without combinators."""

import re
from dataclasses import dataclass
from functools import lru_cache

from swapboard.sitecheck.document import Element

_PART = re.compile(
    r"""(?P<tag>^[a-zA-Z][\w-]*|^\*)
    | \#(?P<id>[\w-]+)
    | \.(?P<class>[\w-]+)
    | \[\s*(?P<name>[\w:-]+)\s*(?:=\s*(?P<quote>["']?)(?P<value>[^"'\]]*)(?P=quote)\s*)?\]""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Selector:
    """What an element must have; empty texts and tuples ask for nothing."""

    tag: str
    ids: tuple[str, ...]
    classes: tuple[str, ...]
    attributes: tuple[tuple[str, str | None], ...]
    """Names, with the values that they must have, or None for any."""


def is_plain(selector: str) -> bool:
    """Whether `matches` understands a selector."""
    return _parsed(selector) is not None


def matches(element: Element, selector: str) -> bool:
    """Whether a plain selector means an element. One that is not plain means none."""
    wanted = _parsed(selector)
    if wanted is None or wanted.tag not in {"", "*", element.tag}:
        return False
    given = element.attributes
    return (
        all(given.get("id") == each for each in wanted.ids)
        and all(each in given.get("class", "").split() for each in wanted.classes)
        and all(name in given and value in {None, given[name]} for name, value in wanted.attributes)
    )


@lru_cache(maxsize=256)
def _parsed(selector: str) -> _Selector | None:
    parts = list(_PART.finditer(selector))
    if not selector or "".join(part[0] for part in parts) != selector:
        return None
    return _Selector(
        "".join(part["tag"] or "" for part in parts),
        tuple(part["id"] for part in parts if part["id"]),
        tuple(part["class"] for part in parts if part["class"]),
        tuple((part["name"].lower(), part["value"]) for part in parts if part["name"]),
    )
