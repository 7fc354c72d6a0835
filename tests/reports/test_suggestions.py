"""What is suggested follows the rule on the screen, and nothing without evidence is."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from swapboard.reports.figures import NOTHING, Figures
from swapboard.reports.ledger import AMOUNTS, Ledger, Part, ledger_of
from swapboard.reports.roi import Returned, returned
from swapboard.reports.suggestions import (
    BY_KEYWORD,
    DayKind,
    HourOfDays,
    Suggestions,
    read_hour,
    suggestions,
)
from swapboard.reports.sums import read_sums

UNIT = 1_000_000
QUIET = [NOTHING] * 168
COUNTS = st.integers(0, 30)
OUTCOMES = st.builds(
    lambda answered, missed, voicemail: Figures(
        calls=answered + missed + voicemail, answered=answered, missed=missed, voicemail=voicemail
    ),
    COUNTS,
    COUNTS,
    COUNTS,
)


def returns(*lines: tuple[str, str, int, Figures]) -> Returned:
    """By campaign and keyword; a cost in whole units."""
    counted = ledger({(campaign, keyword): figures for campaign, keyword, _cost, figures in lines})
    spent = read_sums([(campaign, keyword, cost * UNIT) for campaign, keyword, cost, _figures in lines], 2, 1)
    (found,) = returned((counted,), (spent,), len(BY_KEYWORD))
    return found


def ledger(figures: Mapping[tuple[str, str], Figures]) -> Ledger:
    names = [name for name in AMOUNTS if not name.startswith("value")]
    rows = [(*cell, *(getattr(each, name) for name in names)) for cell, each in figures.items()]
    return ledger_of([Part(read_sums(rows, 2, len(names)), names)], 2, 1)


def of_keywords(*lines: tuple[str, str, int, Figures]) -> Suggestions:
    return suggestions(returns(*lines), "USD", QUIET)


def test_a_keyword_that_should_have_brought_three_calls_and_brought_nothing() -> None:
    found = of_keywords(
        ("a", "good", 600, Figures(calls=20)),
        ("a", "dear", 400, NOTHING),
        ("a", "too little yet", 100, NOTHING),
        ("a", "writes", 400, Figures(forms=1)),
        ("a", "", 900, NOTHING),
        ("b", "free", 0, Figures(calls=90)),
    )
    assert found.usual_per_call == 75 * UNIT, (
        "1,500 for 20 calls: what costs nothing, or has no keyword, is left out"
    )
    assert [(each.keyword, each.expected_calls) for each in found.wasted] == [("dear", Fraction(16, 3))]


def test_without_a_call_from_any_keyword_nothing_can_be_expected() -> None:
    assert of_keywords(("a", "x", 10_000, NOTHING)).wasted == ()
    assert of_keywords().usual_per_call is None


def test_hours_of_weekdays_are_taken_together() -> None:
    week = [NOTHING] * 168
    for day in range(5):
        week[day * 24 + 12] = Figures(calls=2, missed=2)
    week[9] = Figures(calls=90, answered=90)
    week[6 * 24 + 3] = Figures(calls=9, missed=9)
    (found,) = suggestions(returns(), "USD", week).hours
    assert (found.days, found.hour, found.figures.missed) == (DayKind.WEEKDAY, 12, 10)


@given(st.dictionaries(st.sampled_from("abcdef"), OUTCOMES), OUTCOMES)
def test_a_campaign_is_named_exactly_when_the_rule_says_so(by_name: dict[str, Figures], rest: Figures) -> None:
    week = [sum(by_name.values(), rest), *QUIET[1:]]
    found = suggestions(returns(*((name, "", 0, each) for name, each in by_name.items())), "USD", week)
    everything = week[0]
    for name, each in by_name.items():
        lost, usually_lost = each.missed + each.voicemail, everything.missed + everything.voicemail
        is_much = 4 * lost >= each.calls and 2 * lost * everything.calls >= 3 * usually_lost * each.calls
        expected = each.calls >= 10 and is_much
        assert (name in {campaign.campaign for campaign in found.campaigns}) == expected


@settings(max_examples=20)
@given(st.datetimes())
def test_the_address_of_an_hour_finds_its_calls(local: datetime) -> None:
    day = local.strftime("%A").lower()
    kinds = {day} if day in {"saturday", "sunday"} else {day, "weekday"}
    for kind in DayKind:
        for hour in range(24):
            read = read_hour(f"{kind}-{hour}")
            assert read == HourOfDays(kind, hour)
            assert read.has(local) == (kind.value in kinds and hour == local.hour)
    for text in ("", "weekday", "weekday-24", "weekday--1", "someday-1", "weekday-²"):
        assert read_hour(text) is None
