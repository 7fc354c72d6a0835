"""Words become lines of who said them, in order, and none gets lost."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.transcript import (
    PAUSE_SECONDS,
    Side,
    SpokenWord,
    in_order,
    plain_text,
    segments_of,
    sides_of,
    tokens_in,
)
from tests.calls.spoken import agent, caller

gaps = st.lists(st.tuples(st.floats(0.01, 2.0), st.floats(0.0, 3.0), st.sampled_from(["so", "well.", "Yes"])))


@given(gaps)
def test_lines_break_at_pauses_only_and_lose_nothing(spoken: list[tuple[float, float, str]]) -> None:
    words: list[SpokenWord] = []
    at = 0.0
    for length, pause, text in spoken[:30]:
        words.append(SpokenWord(text, at, at + length))
        at += length + pause

    lines = segments_of(words, Side.CALLER)

    assert [word for line in lines for word in line.words] == words
    for before, after in pairwise(lines):
        assert after.begins - before.ends > PAUSE_SECONDS
    for line in lines:
        assert all(after.begins - before.ends <= PAUSE_SECONDS for before, after in pairwise(line.words))


def test_a_long_line_breaks_at_a_sentence() -> None:
    words = [
        SpokenWord("on." if index % 10 == 9 else "and", index * 0.3, index * 0.3 + 0.3) for index in range(90)
    ]

    assert [len(line.words) for line in segments_of(words, Side.AGENT)] == [40, 40, 10]


def test_both_sides_stand_by_when_they_began() -> None:
    said = in_order([caller("I need a plumber", 2), caller("today", 9), agent("Hello", 0), agent("When", 5)])

    assert [line.text for line in said] == ["Hello", "I need a plumber", "When", "today"]
    assert plain_text(said).splitlines()[1] == "I need a plumber"


def test_channels_have_sides() -> None:
    assert sides_of(2, is_message=False) == (Side.CALLER, Side.AGENT)
    assert sides_of(1, is_message=False) == (Side.UNKNOWN,)
    assert sides_of(1, is_message=True) == (Side.CALLER,)


def test_words_are_compared_without_case_and_punctuation() -> None:
    assert tokens_in("Don\N{RIGHT SINGLE QUOTATION MARK}t, e-mail: ÉCLAIRS! (24/7)") == [
        "don't",
        "e",
        "mail",
        "éclairs",
        "24",
        "7",
    ]
