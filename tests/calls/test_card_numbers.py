"""No card's number stays in what was said, however it was said; telephone numbers, prices and names do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.card_numbers import REDACTED, redact
from swapboard.calls.transcript import plain_text
from tests.calls.spoken import agent, caller

NAMES = {
    "0": "zero", "1": "one", "2": "two", "3": "three", "4": "four",
    "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine",
}  # fmt: skip

digits = st.text("0123456789", min_size=13, max_size=19)


@st.composite
def spoken(draw: st.DrawFn) -> str:
    """A card's number as people and engines write it: in groups, in words, with something between."""
    number, parts = draw(digits), []
    while number:
        size = draw(st.integers(1, 4))
        group, number = number[:size], number[size:]
        in_words = draw(st.booleans())
        parts.append(" ".join(NAMES[digit] for digit in group) if in_words else group)
        parts.append(draw(st.sampled_from(["", "", "", "then", "uh huh"])))
    return " ".join(filter(None, parts[:-1]))


@given(spoken())
def test_no_digit_of_a_card_stays(number: str) -> None:
    [line] = redact([caller(f"My card is {number} thank you")])

    assert line.text == f"My card is {REDACTED} thank you"


@pytest.mark.parametrize(
    "text",
    [
        "Call me back on 2 1 2 5 5 5 0 1 7 7 please",
        "That is 1,250 dollars for 3 rooms at 10 o'clock",
        "one of the two, at five",
        "The number is 020 7946 0123",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert plain_text(redact([caller(text)])) == text


def test_what_comes_after_a_card_goes_too() -> None:
    said = redact([caller("4111 1111 1111 1111"), caller("and the code is 1 2 3", 12), caller("room 204", 90)])

    assert [line.text for line in said] == [REDACTED, f"and the code is {REDACTED}", "room 204"]


def test_a_card_that_is_broken_by_the_other_side_goes_from_both() -> None:
    said = redact(
        [
            caller("4111 1111", 0),
            agent("4111 1111 yes", 3),
            caller("1111 1111", 5),
            agent("1111 1111 thanks", 8),
        ]
    )

    assert not any(character.isdigit() for line in said for character in line.text)
    assert said[3].text == f"{REDACTED} thanks"
