"""Which verbs and attributes a carrier documents in its XML, and what their values may be."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from swapboard.carriers.sandbox.verbs import DocumentProblem

Grammar = Mapping[str, Mapping[str, str]]
"""By verb, each attribute it may have, with a pattern for its value."""

ADDRESS = r"https?://\S+"
METHOD = "GET|POST"
BOOLEAN = "true|false"
NUMBER = r"\d+"


def whole(least: int, most: int) -> str:
    """A pattern for the whole numbers from one to another."""
    return "|".join(str(each) for each in range(least, most + 1))


def check(body: bytes, grammar: Grammar) -> None:
    """Raises DocumentProblem for what is not documented."""
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise DocumentProblem(f"the answer is not XML: {error}") from error
    for element in root.iter():
        if element is root:
            continue
        if element.tag not in grammar:
            raise DocumentProblem(f"there is no verb <{element.tag}>")
        for name, value in element.attrib.items():
            pattern = grammar[element.tag].get(name)
            if pattern is None:
                raise DocumentProblem(f"<{element.tag}> has no {name}")
            if not re.fullmatch(pattern, value):
                raise DocumentProblem(f"{name} of <{element.tag}> cannot be {value[:60]!r}")
