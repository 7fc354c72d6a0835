"""What people paste or upload of callers is read however it is written; what cannot be is named by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.caller_csv import CallerLine, pattern_of, read_callers, write_callers
from swapboard.calls.caller_word_store import CallerWord
from swapboard.calls.spam import Word


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("(212) 555-0111", "+12125550111"),
        (" +44 20 7946 0001 ", "+442079460001"),
        ("+1900*", "+1900*"),
        ("+1 (900) *", "+1900*"),
    ],
)
def test_numbers_and_beginnings_as_people_write_them(text: str, pattern: str) -> None:
    assert pattern_of(text, "US") == pattern


@pytest.mark.parametrize("text", ["", "*", "+*", "1900*", "+19a0*", "hello", "+123456789012345*", "+1900*x"])
def test_what_is_none_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        pattern_of(text, "US")


def test_lines_with_and_without_words() -> None:
    text = 'number,word,note\n+12125550111\n\n+1900*,BLOCK,"premium, dear"\n+12125550112,allow\n'
    lines, faults = read_callers(text, "US", Word.BLOCK)
    assert faults == []
    assert lines == [
        CallerLine("+12125550111", Word.BLOCK, ""),
        CallerLine("+1900*", Word.BLOCK, "premium, dear"),
        CallerLine("+12125550112", Word.ALLOW, ""),
    ]


def test_what_cannot_be_read_is_named_by_its_line() -> None:
    lines, faults = read_callers("+12125550111\nnonsense\n+12125550112,perhaps\n", "US", Word.BLOCK)
    assert len(lines) == 1
    assert faults[0].startswith("Line 2: 'nonsense' is not a phone number")
    assert faults[1] == "Line 3: 'perhaps' is neither block nor allow."


def test_any_ends_of_lines_and_a_cell_without_end() -> None:
    for end in ("\n", "\r\n", "\r"):
        lines, faults = read_callers(f"+12125550111{end}+12125550112{end}", "US", Word.BLOCK)
        assert ([each.pattern for each in lines], faults) == (["+12125550111", "+12125550112"], [])
    lines, faults = read_callers("x" * 200_000, "US", Word.BLOCK)
    assert (lines, len(faults)) == ([], 1)
    assert "cannot be read as a table near line 1" in faults[0]


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).map(str.strip)


@given(st.lists(st.tuples(st.integers(100, 199), st.sampled_from(Word), texts), max_size=5))
def test_what_is_written_is_read_again(entries: list[tuple[int, Word, str]]) -> None:
    words = [CallerWord("w", f"+12125550{last}", word, note, "me", 0) for last, word, note in entries]
    lines, faults = read_callers(write_callers(words), "US", Word.BLOCK)
    assert faults == []
    assert lines == [CallerLine(each.pattern, each.word, each.note) for each in words]
