"""Every reason has its words in the dashboard, so that it can be translated."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from swapboard.conversions.contact import Contact
from swapboard.conversions.conversion import Rule, judge
from swapboard.conversions.outbox import State
from swapboard.language import LANGUAGES, speaking
from swapboard.reports.agreement import Theirs, compare
from swapboard.web.dashboard.reason_words import REASON
from tests.conversions.people import contacts, rules
from tests.reports.test_agreement import one


@given(rules, contacts)
def test_of_what_counts(rule: Rule, contact: Contact) -> None:
    for reason in judge(rule, contact).reasons:
        assert REASON[reason.words].format(**reason.figures) == str(reason)


@given(st.lists(st.tuples(st.sampled_from(State), st.sampled_from([0, 1, 31]), st.booleans())), st.integers(0, 9))
def test_of_what_was_counted(made: list[tuple[State, int, bool]], theirs: int) -> None:
    ours = [one(state, click_days=days, click="gclid=a", back=back) for state, days, back in made]
    days = sorted({each.day(True) for each in ours} | {each.day(False) for each in ours} | {date(2026, 11, 20)})
    told = Theirs({day: Decimal(theirs) for day in days}, "Conversions")
    for each in compare(ours, told, days, by_click=bool(theirs % 2)):
        for reason in each.reasons:
            assert str(reason).startswith(REASON[reason.words].format(**reason.figures))


def test_each_language_keeps_what_stands_in_them() -> None:
    figures = dict.fromkeys(("talk", "least", "sure", "tags", "days"), "7")
    for language in LANGUAGES:
        with speaking(language):
            for text in REASON:
                assert REASON[text].format(**figures).count("7") == text.format(**figures).count("7"), language
