"""What is wrong with how a page lies in its window, as a browser tells: it moves, is too wide or cut, overlaps."""

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

MOST_SHIFT = 0.02
"""Google calls 0.1 good; nothing of ours need move at all."""
_ASKED = Path(__file__).with_suffix(".js").read_text(encoding="utf-8").strip()


def shifts(page: Page) -> list[str]:
    """What moved since the page was opened, if it was too much."""
    found = page.evaluate(f"{_ASKED}.shifts()")
    moved = sum(value for value, _nodes in found)
    return [f"moves by {moved:.3f}: {[nodes for _value, nodes in found]}"] if moved > MOST_SHIFT else []


def misplaced(page: Page) -> list[str]:
    """What is too wide, cut, broken within its words, or lies on something else, as wide as the window is now."""
    return [str(each) for each in page.evaluate(f"{_ASKED}.misplaced()")]


def unseen_focus(page: Page) -> list[str]:
    """What does not show that a keyboard has come to it, or is reached out of order."""
    return [str(each) for each in page.evaluate(f"{_ASKED}.unseenFocus()")]


def misplaced_in_longer_words(page: Page, way: Literal["ltr", "rtl"]) -> list[str]:
    """The same, with every text longer and accented, as some language would have it; what people wrote stays.

    In one go, so that no news of a call comes between. It cannot be undone but by opening the page anew.
    """
    return [str(each) for each in page.evaluate(f"{_ASKED}.misplacedInLongerWords('{way}')")]
