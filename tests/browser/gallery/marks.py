"""How a page of the gallery says where its numbers stand, and what they become.

`⟦(202) 555-0100⟧` is a number that is swapped digit for digit. Where that is not what happens, the mark says what
does: `⟦written⇒template⟧`; in the template, the letters A to J stand for the ten digits of the number to show,
without its calling code. `⟦2:…⟧` is the business's second number. A page is rendered as it was written, or with
other numbers in its marks: that is what the tracker must make of it.
"""

import re
from collections.abc import Sequence

_MARK = re.compile(r"⟦(?:([12]):)?([^⟧⇒]*)(?:⇒([^⟧]*))?⟧")
_LETTERS = "ABCDEFGHIJ"


def as_written(source: str) -> str:
    """The page before anything is swapped."""
    return _MARK.sub(lambda mark: mark[2], source)


def with_numbers(source: str, numbers: Sequence[str]) -> str:
    """The page as it must look to a visitor with these numbers (E.164), in the order of the targets."""

    def swapped(mark: re.Match[str]) -> str:
        digits = numbers[int(mark[1] or 1) - 1][-len(_LETTERS) :]
        if mark[3] is None:
            return _digit_for_digit(mark[2], digits)
        return mark[3].translate(str.maketrans(_LETTERS, digits))

    return _MARK.sub(swapped, source)


def _digit_for_digit(written: str, digits: str) -> str:
    """The last digits of what is written replaced; a calling code or trunk prefix before them stays."""
    spare = len(re.findall(r"\d", written)) - len(digits)
    assert spare >= 0, f"{written} has too few digits: write a template"
    replacement = iter(digits)
    kept = iter(range(spare))
    return re.sub(r"\d", lambda digit: digit[0] if next(kept, None) is not None else next(replacement), written)
