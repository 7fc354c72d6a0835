"""Phrases are found in their forms, on the side that counts, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.phrases import SaidBy, forms_of, merged, spot, tidy_phrase
from swapboard.calls.transcript import Side
from tests.calls.spoken import agent, caller

words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=10)


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("book", {"books", "booked", "booking", "book's"}),
        ("appointment", {"appointments"}),
        ("quote", {"quotes", "quoted", "quoting"}),
        ("plan", {"plans", "planned", "planning"}),
        ("reply", {"replies", "replied", "replying"}),
        ("fix", {"fixes", "fixed", "fixing"}),
        ("pay", {"pays", "paying"}),
        ("need", {"needs", "needed", "needing"}),
    ],
)
def test_regular_forms(word: str, others: set[str]) -> None:
    assert others <= set(forms_of(word))


def test_what_cannot_be_a_verb_has_no_verbs_forms() -> None:
    assert forms_of("appointment") == ("appointment", "appointments", "appointment's")
    assert forms_of("emergency") == ("emergency", "emergencies", "emergency's")
    assert "cemented" in forms_of("cement")


@given(words)
def test_a_word_is_one_of_its_own_forms(word: str) -> None:
    assert forms_of(word)[0] == word


@given(st.lists(words, min_size=1, max_size=20), st.data())
def test_what_was_said_is_found_as_often_as_it_was(said: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(said))

    [hit] = spot([caller(" ".join(said))], [f'"{word}"'])

    assert hit.count_by(SaidBy.CALLER) == said.count(word)
    assert hit.at(SaidBy.CALLER) == said.index(word) * 0.5
    assert hit.count_by(SaidBy.AGENT) == 0


def test_a_phrase_is_its_words_one_after_the_other() -> None:
    said = [caller("I'd like to make an", 0), caller("appointment, tomorrow. Emergency!", 4)]

    found = {hit.text for hit in spot(said, ["make an appointment", "appointment tomorrow", "emergency make"])}

    assert found == {"make an appointment", "appointment tomorrow"}


def test_who_said_it_counts() -> None:
    [hit] = spot([agent("Your appointments", 3), caller("the appointment", 9)], ["appointment"])

    assert [hit.count_by(each) for each in SaidBy] == [2, 1, 1]
    assert hit.heard == "appointments"
    assert hit.at(SaidBy.CALLER) == 9.5
    assert hit.at(SaidBy.ANYBODY) == 3.5


def test_in_quotation_marks_only_just_so() -> None:
    assert spot([caller("we booked it")], ['"book"']) == []
    assert len(spot([caller("we booked it")], ["book"])) == 1


def test_hits_of_two_recordings_are_added() -> None:
    [first] = spot([caller("a refund", 5)], ["refund"])
    [second] = spot([agent("no refund or refunds", 1)], ["refund"])

    [both] = merged([first, second])

    assert both.counts == {Side.CALLER: 1, Side.AGENT: 2}


def test_a_phrase_is_tidied_or_refused() -> None:
    assert tidy_phrase("  Book   NOW ") == "book now"
    with pytest.raises(ValueError, match="Write a word"):
        tidy_phrase(' "" ')
    with pytest.raises(ValueError, match="at most"):
        tidy_phrase("x" * 81)
