"""Rules say what a call is worth, and why; a score says how good it sounds, and why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.call import Status
from swapboard.calls.lead_rules import (
    NOTHING,
    CallFacts,
    Conditions,
    Ground,
    LeadRule,
    Outcome,
    decide,
    fits,
    phrases_in,
)
from swapboard.calls.lead_score import POINTS, Sign, score
from swapboard.calls.phrases import Meaning, Phrase, SaidBy, spot
from tests.calls.spoken import agent, caller

SAID = [caller("I want an appointment", 10), agent("sorry no refund", 20)]
FACTS = CallFacts(
    Status.ANSWERED,
    talk_seconds=90,
    first_time_caller=True,
    channel="Paid Search",
    campaign="Spring",
    tracking_number="+12025550143",
    caller_share=0.6,
    has_words=True,
    hits=spot(SAID, ["appointment", "refund"]),
)
BOOKED = LeadRule(
    "Booked", Conditions(talk_seconds=60, says=("appointment",)), Outcome(True, 25_000, "appointment")
)
SHORT = LeadRule("Too short", Conditions(talk_seconds_below=100), Outcome(False))


def test_over_60_s_and_says_appointment() -> None:
    found = decide([BOOKED], FACTS, 0)

    assert (found.qualified, found.value_cents, found.tags) == (True, 25_000, ("appointment",))
    assert found.qualified_because
    assert found.qualified_because.rule == "Booked"
    talked, said = found.qualified_because.reasons
    assert (talked.ground, talked.number, talked.asked) == (Ground.TALKED, 90, 60)
    assert (said.ground, said.text, said.at) == (Ground.SAID, "appointment", 11.5)


@pytest.mark.parametrize("changed", [{"talk_seconds": 59}, {"hits": ()}, {"is_spam": True}])
def test_without_one_of_them_nothing(changed: dict[str, object]) -> None:
    assert decide([BOOKED], replace(FACTS, **changed), 0) == NOTHING  # type: ignore[arg-type]


def test_the_first_that_fits_decides_and_all_add_their_tags() -> None:
    tagged = LeadRule("Tag", Conditions(), Outcome(tag="seen"))

    found = decide([tagged, SHORT, BOOKED], FACTS, 0, ["refund"])

    assert found.qualified is False
    assert found.qualified_because
    assert found.qualified_because.rule == "Too short"
    assert found.value_cents == 25_000
    assert found.tags == ("seen", "appointment", "refund")


@pytest.mark.parametrize(
    ("conditions", "is_so"),
    [
        (Conditions(says=("refund",), said_by=SaidBy.CALLER), False),
        (Conditions(says=("refund",), said_by=SaidBy.AGENT), True),
        (Conditions(never_says=("refund",)), False),
        (Conditions(never_says=("refund",), said_by=SaidBy.CALLER), True),
        (Conditions(never_says=("price",)), True),
        (Conditions(first_time_caller=True), True),
        (Conditions(first_time_caller=False), False),
        (Conditions(channels=("paid search", "Direct")), True),
        (Conditions(campaigns=("Autumn",)), False),
        (Conditions(numbers=("+12025550143",)), True),
        (Conditions(outcomes=(Status.VOICEMAIL,)), False),
        (Conditions(caller_share=0.5), True),
        (Conditions(caller_share=0.7), False),
        (Conditions(score=70), True),
        (Conditions(score=71), False),
        (Conditions(), True),
    ],
)
def test_each_condition(conditions: Conditions, is_so: bool) -> None:
    assert bool(fits(LeadRule("r", conditions, Outcome(True)), FACTS, 70)) is is_so


def test_silence_is_no_proof_before_the_words_are_known() -> None:
    rule = LeadRule("r", Conditions(never_says=("price",)), Outcome(False))

    assert fits(rule, replace(FACTS, has_words=False), 0) is None


def test_a_talk_of_unknown_length_was_not_short() -> None:
    """Nobody told us of its end: it may have been the longest of all."""
    unknown = replace(FACTS, talk_seconds=0, is_length_known=False)

    assert fits(SHORT, replace(unknown, is_length_known=True), 0)
    assert fits(SHORT, unknown, 0) is None
    assert Sign.SHORT_TALK in {point.sign for point in score(replace(unknown, is_length_known=True), []).reasons}
    assert Sign.SHORT_TALK not in {point.sign for point in score(unknown, []).reasons}


def test_all_phrases_that_rules_ask_for_are_listened_for() -> None:
    rules = [BOOKED, LeadRule("r", Conditions(never_says=("price",)), Outcome(False))]

    assert list(phrases_in(rules)) == ["appointment", "price"]


facts = st.builds(
    CallFacts,
    status=st.sampled_from(Status),
    talk_seconds=st.integers(0, 4_000),
    voicemail_seconds=st.integers(0, 200),
    first_time_caller=st.booleans(),
    channel=st.sampled_from([None, "Paid Search", "Direct"]),
    is_spam=st.booleans(),
    caller_share=st.none() | st.floats(0, 1),
)


@given(facts)
def test_a_score_is_the_sum_of_its_reasons(each: CallFacts) -> None:
    found = score(each, [])

    assert 0 <= found.score <= 100
    assert (found.score > 30) == (sum(reason.points for reason in found.reasons) > 0.02) or found.score == 30


@given(facts)
def test_good_words_raise_it_and_bad_ones_lower_it(each: CallFacts) -> None:
    each = replace(each, hits=FACTS.hits)
    plain = score(each, [Phrase("appointment"), Phrase("refund")]).score
    good = score(each, [Phrase("appointment", meaning=Meaning.GOOD)])
    bad = score(each, [Phrase("refund", meaning=Meaning.BAD)])

    assert bad.score <= plain <= good.score
    assert [(point.sign, point.words) for point in good.reasons if point.words] == [
        (Sign.GOOD_WORDS, ("appointment",))
    ]


def test_words_of_the_side_that_does_not_count_do_not_count() -> None:
    of_caller = Phrase("refund", SaidBy.CALLER, Meaning.BAD)

    assert score(FACTS, [of_caller]) == score(FACTS, [])


def test_every_sign_has_points() -> None:
    assert set(POINTS) == set(Sign)
