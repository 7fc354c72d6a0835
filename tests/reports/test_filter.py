"""What a person types to narrow a report."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.reports.dimension import Dimension
from swapboard.reports.filter import LONGEST_FILTER, BadFilter, Term, read_filter, write_filter

TERMS = st.lists(
    st.builds(
        Term,
        st.sampled_from(Dimension),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30),
        st.booleans(),
        st.booleans(),
    ),
    max_size=5,
).map(tuple)


@given(TERMS)
def test_what_is_written_is_read_again(terms: tuple[Term, ...]) -> None:
    assert read_filter(write_filter(terms)) == terms


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(BadFilter):
        terms = read_filter(text)
        assert read_filter(write_filter(terms)) == terms


def test_a_person_may_write_it_so() -> None:
    assert read_filter(' channel:paid campaign="Spring \\"sale\\""  -outcome:missed keyword="" ') == (
        Term(Dimension.CHANNEL, "paid", is_exact=False),
        Term(Dimension.CAMPAIGN, 'Spring "sale"', is_exact=True),
        Term(Dimension.OUTCOME, "missed", is_exact=False, is_turned=True),
        Term(Dimension.KEYWORD, "", is_exact=True),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("spring", "write what it is of, such as campaign:spring"),
        ("colour:red", "There is no 'colour'; there are: channel, source,"),
        ('campaign:"spring', "quotation marks"),
        ('campaign:"spring"sale', "quotation marks"),
        ("campaign:" + "x" * LONGEST_FILTER, "at most"),
        ("campaign:a\0b", "NUL"),
    ],
)
def test_what_cannot_be_read_is_explained(text: str, words: str) -> None:
    with pytest.raises(BadFilter, match=words):
        read_filter(text)


@pytest.mark.parametrize(
    ("term", "value", "is_met"),
    [
        ("channel:paid", "Paid Search", True),
        ("channel:paid", None, False),
        ("-channel:paid", None, True),
        ('channel="Paid Search"', "Paid Search", True),
        ('channel="paid search"', "Paid Search", False),
        ('channel=""', None, True),
        ("channel:", "anything", True),
    ],
)
def test_what_meets_a_condition(term: str, value: str | None, is_met: bool) -> None:
    assert read_filter(term)[0].met_by(value) is is_met
