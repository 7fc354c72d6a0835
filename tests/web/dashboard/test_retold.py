"""What was kept in English is told in the reader's language: all that is raised far from a page."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import swapboard
from swapboard.language import speaking
from swapboard.web.dashboard.retold import LONGEST, retold
from tests.fullwidth import full_width

__all__ = ["full_width"]
SOURCE = Path(swapboard.__file__).parent
KEPT = frozenset({"AdsError", "CarrierError", "NoRates", "NotHeard", "NotSent", "NotThere", "Unreached"})
"""Errors whose words are shown on a page, at once or later."""
NOT_SHOWN = ("bench", "carriers/sandbox", "cli", "demo")
OURS = re.compile(r"\b[a-z]{2,}")
"""A word of a sentence; names of carriers and platforms begin with a capital letter."""


def raised() -> Iterator[tuple[str, str]]:
    """Where, and the sentence with 12 for whatever is filled in."""
    for path in sorted(SOURCE.rglob("*.py")):
        place = str(path.relative_to(SOURCE))
        if place.startswith(NOT_SHOWN):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEPT:
                yield from ((f"{place}:{node.lineno}", said) for said in map(sample, node.args[:1]) if said)


def sample(said: ast.expr) -> str:
    if isinstance(said, ast.Constant):
        return str(said.value)
    if isinstance(said, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "12" for part in said.values)
    return ""


def test_whatever_is_raised_far_from_the_page_is_told_in_the_readers_language(full_width: str) -> None:
    sentences = list(raised())
    with speaking(full_width):
        left = [(place, said, retold(said)) for place, said in sentences if OURS.search(retold(said))]
    assert left == []
    assert len(sentences) > 40


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Telnyx did not answer: ReadTimeout.", "Telnyx hat nicht geantwortet: ReadTimeout."),
        ("had this number until 1 minute before", "hatte diese Nummer bis 1 Minute vorher"),
        ("had this number until 90 minutes before", "hatte diese Nummer bis 90 Minuten vorher"),
        ("was last heard of 2 hours before", "meldete sich zuletzt 2 Stunden vorher"),
        ("Plivo's answer could not be read.", "Die Antwort von Plivo war nicht lesbar."),
        ("Twilio: +1 is not a valid number (HTTP 400)", "Twilio: +1 is not a valid number (HTTP 400)"),
        (
            "Plivo: the request was refused without a reason (HTTP 500)",
            "Plivo: Die Anfrage wurde ohne Begründung abgelehnt (HTTP 500)",
        ),
        (
            "The European Central Bank did not answer. No answer: timed out.",
            "Die Europäische Zentralbank hat nicht geantwortet. Keine Antwort: timed out.",
        ),
        (
            "This server is not recording this call at the moment.",
            "Dieser Server nimmt diesen Anruf gerade nicht auf.",
        ),
        ("50% of it {broke} %(so)s", "50% of it {broke} %(so)s"),
        ("x" * LONGEST + " did not answer: y", "x" * LONGEST + " did not answer: y"),
        (
            "Twilio: The number is on hold, and not allowed on trials (HTTP 400)",
            "Twilio: The number is on hold, and not allowed on trials (HTTP 400)",
        ),
        ("", ""),
    ],
)
def test_our_words_are_told_and_theirs_stay(said: str, told: str) -> None:
    assert retold(said) == said
    with speaking("de"):
        assert retold(said) == told
