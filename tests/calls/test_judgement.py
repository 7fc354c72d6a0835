"""A person's word stands above a survey's, and both above the rules', for good."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.judgement import By, Judgement, Word, ruled, said_by_person, verdict_of
from swapboard.calls.lead_rules import Finding
from swapboard.calls.verdict import Verdict

NOTHING_SAID = Verdict((), None, None)
said = st.none() | st.booleans()
worth = st.none() | st.integers(0, 10_000)
words = st.builds(Word, said, worth)
findings = st.builds(
    Finding, qualified=said, value_cents=worth, tags=st.lists(st.sampled_from("abc"), unique=True)
)


@given(words, words, st.lists(findings, max_size=4))
def test_whoever_stands_highest_is_heard(person: Word, survey: Word, found: list[Finding]) -> None:
    judgement, tags = Judgement(person, survey), ()
    for finding in found:
        judgement, tags = ruled(judgement, tags, finding)
    holds = verdict_of(judgement, tags)
    last = found[-1] if found else Finding()

    order = (person.qualified, survey.qualified, last.qualified)
    assert holds.qualified == next((each for each in order if each is not None), None)
    assert (judgement.qualified_by is By.PERSON) == (person.qualified is not None)
    values = (person.value_cents, survey.value_cents, last.value_cents)
    assert holds.value_cents == next((each for each in values if each is not None), None)
    # What rules gave before, and give no more, is gone.
    assert set(holds.tags) == set(last.tags)


@given(st.lists(st.sampled_from("abcd"), unique=True), findings, findings)
def test_rules_take_only_their_own_tags_away(own: list[str], first: Finding, second: Finding) -> None:
    judgement, tags = ruled(Judgement(), own, first)
    _judgement, tags = ruled(judgement, tags, second)

    assert set(tags) == set(own) | set(second.tags)


def test_a_tag_that_a_person_took_off_stays_off() -> None:
    judgement, tags = ruled(Judgement(), (), Finding(tags=("a", "b")))
    judgement = said_by_person(judgement, Verdict(tags, None, None), Verdict(("b",), None, None), ())

    judgement, tags = ruled(judgement, ("b",), Finding(tags=("a", "b")))

    assert tags == ("b",)


def test_what_a_person_leaves_as_it_is_is_not_their_word() -> None:
    judgement, _tags = ruled(Judgement(), (), Finding(qualified=True, value_cents=5))
    holds = verdict_of(judgement, ())

    after = said_by_person(judgement, holds, Verdict(("new",), 7, True), ())

    assert (after.qualified_by, after.value_by) == (By.RULES, By.PERSON)
    named = said_by_person(judgement, holds, holds, {"qualified"})
    assert named.qualified_by is By.PERSON


def test_a_word_that_is_taken_back_leaves_it_to_the_rules() -> None:
    judgement, _tags = ruled(Judgement(person=Word(False)), (), Finding(qualified=True))
    assert verdict_of(judgement, ()).qualified is False

    back = said_by_person(judgement, Verdict((), None, False), NOTHING_SAID, ())

    assert verdict_of(back, ()).qualified is True
