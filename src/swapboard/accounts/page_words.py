"""What people may write of how the script treats a site's pages, as every door checks it."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from swapboard.json_kinds import SOMETHING

MOST_WORDS = 20
"""In each of the lists."""
_SELECTOR = re.compile(r"[\w\s.#:>~+*=\"'\[\]()^$|-]+")


def _selector(text: str) -> str:
    if not _SELECTOR.fullmatch(text):
        raise ValueError("Write one CSS selector, such as code or .price; no commas.")
    return text


Attribute = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,60}$")]
Selector = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_selector),
    SOMETHING,
]
FieldName = Annotated[str, StringConstraints(pattern=r"^[\w-]{1,60}$")]
LinkedHost = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]{1,253}$")]
VanityTarget = Annotated[
    str,
    StringConstraints(pattern=r"^\+[1-9]\d{6,14}$"),
    Field(description="The number that the text stands for, E.164.", examples=["+12025550100"]),
]
VanityText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=60),
    Field(json_schema_extra={"pattern": r"^[^\u0000]*[^\s\u0085\u0000][^\u0000]+[^\s\u0085\u0000][^\u0000]*$"}),
]
VanityTemplate = Annotated[str, StringConstraints(min_length=1, max_length=100)]
