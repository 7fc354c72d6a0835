"""What counts, and why not: the reasons are whole and agree with the finding."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.conversions.contact import Contact
from swapboard.conversions.conversion import Condition, Rule, judge, worth
from swapboard.conversions.event import Event
from swapboard.conversions.message import Said, Saying, next_saying
from swapboard.leads.lead import ContactKind
from tests.conversions.people import CALL, FORM, cents, contacts, rules

EVERYTHING = Rule(answered=False)
STRICT = Rule(
    forms=False,
    least_talk_seconds=60,
    first_time_only=True,
    qualified_only=True,
    tags=("sale",),
    least_confidence=0.6,
)


@given(rules, contacts)
def test_a_contact_counts_when_every_reason_is_met(rule: Rule, contact: Contact) -> None:
    finding = judge(rule, contact)
    assert finding.counts == all(reason.is_met for reason in finding.reasons)
    assert len({reason.condition for reason in finding.reasons}) == len(finding.reasons)
    assert all("{" not in str(reason) for reason in finding.reasons)
    assert finding.value_cents == (worth(rule, contact) if finding.counts else None)


@given(rules, contacts)
def test_spam_never_counts(rule: Rule, contact: Contact) -> None:
    assert not judge(rule, replace(contact, is_spam=True)).counts


@given(contacts)
def test_a_rule_that_asks_for_nothing_takes_everything_but_spam(contact: Contact) -> None:
    assert judge(EVERYTHING, contact).counts != contact.is_spam


@pytest.mark.parametrize(
    ("change", "condition", "words"),
    [
        (
            {"talk_seconds": 41},
            Condition.TALK_TIME,
            "They talked for 41 s, less than the 60 s that are asked for.",
        ),
        ({"answered": False}, Condition.ANSWERED, "It was not answered."),
        ({"is_first": False}, Condition.FIRST_TIME, "They had called before."),
        ({"qualified": None}, Condition.QUALIFIED, "Nobody has marked it as a good lead yet."),
        ({"qualified": False}, Condition.QUALIFIED, "Nobody has marked it as a good lead yet."),
        ({"tags": ("quote",)}, Condition.TAG, "It has none of the tags sale."),
        (
            {"confidence": 0.41},
            Condition.CONFIDENCE,
            "It is matched with a visit with only 0.41, below your rule's 0.60.",
        ),
        ({"confidence": None}, Condition.CONFIDENCE, "No visit to the site is known to have made it."),
        ({"kind": ContactKind.FORM}, Condition.KIND, "Forms do not count here, only calls."),
        ({"is_spam": True}, Condition.SPAM, "It is marked as spam."),
    ],
)
def test_what_is_missing_is_named(change: dict[str, object], condition: Condition, words: str) -> None:
    good = replace(CALL, qualified=True, tags=("sale",))
    assert judge(STRICT, good).counts
    finding = judge(STRICT, replace(good, **change))  # type: ignore[arg-type]
    assert not finding.counts
    assert [(each.condition, str(each)) for each in finding.reasons if not each.is_met] == [(condition, words)]


def test_a_form_is_not_asked_how_long_it_talked() -> None:
    assert judge(Rule(least_talk_seconds=60), FORM).counts


def test_what_somebody_said_is_worth_more_than_what_a_tag_is() -> None:
    rule = Rule(value_cents=100, tag_cents={"sale": 5_000, "quote": 700})
    assert worth(rule, CALL) == 100
    assert worth(rule, replace(CALL, tags=("quote", "sale"))) == 5_000
    assert worth(rule, replace(CALL, tags=("sale",), value_cents=0)) == 0


@pytest.mark.parametrize(
    "wrong", [{"least_confidence": 1.5}, {"least_talk_seconds": -1}, {"calls": False, "forms": False}]
)
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\."):
        Rule(**wrong)  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.booleans(), cents), max_size=12))
def test_a_destination_that_believes_what_it_is_told_knows_what_is_so(
    history: list[tuple[bool, int | None]],
) -> None:
    """Whatever becomes of a contact, and however often one looks: the sayings alone tell the last of it."""
    said: Said | None = None
    told: int | None = None
    is_told = False
    for counts, value in history:
        finding = replace(judge(EVERYTHING, CALL), counts=counts, value_cents=value if counts else None)
        for _again in range(2):
            match next_saying(said, finding):
                case Saying.CONVERT:
                    assert not is_told
                    is_told, told = True, finding.value_cents
                case Saying.RESTATE:
                    assert is_told
                    told = finding.value_cents
                case Saying.RETRACT:
                    assert is_told
                    is_told, told = False, None
                case None:
                    continue
            said = Said("k", finding.counts, finding.value_cents)
        assert (is_told, told) == (finding.counts, finding.value_cents)


def test_who_is_told_what_happens_only_says_so() -> None:
    rule = Rule(calls=False, forms=False, events=(Event.ENDED,))
    finding = judge(rule, CALL)
    assert not finding.counts
    assert str(finding.reasons[0]) == "It is told what happens to calls, and not what counts."
    with pytest.raises(ValueError, match="something else that it is to be told of"):
        Rule(calls=False, forms=False)
