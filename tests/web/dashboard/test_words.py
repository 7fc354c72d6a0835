"""What the dashboard calls things."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.accounts.company import Consent, Role
from swapboard.calls.call import LegStatus, Status
from swapboard.numbers.board import NumberState
from swapboard.numbers.rules import Field, Overflow
from swapboard.visits.visit import EventKind, Presence
from swapboard.web.dashboard import words
from swapboard.web.dashboard.periods import PERIOD, Period


def test_everything_has_a_name() -> None:
    named: dict[type[StrEnum], object] = {
        Status: words.STATUS,
        LegStatus: words.LEG,
        NumberState: words.STATE,
        Presence: words.PRESENCE,
        Role: words.ROLE,
        Consent: words.CONSENT,
        EventKind: words.HAPPENED,
        Overflow: words.OVERFLOW,
        Period: PERIOD,
    }
    for kinds, names in named.items():
        assert set(kinds) == set(names)
    for asked in Field:
        assert words.condition(asked, ("x",)).endswith(" is “x”")


@pytest.mark.parametrize(
    ("number", "country", "said"),
    [
        ("+12025550100", "US", "(202) 555-0100"),
        ("+12025550100", "CA", "(202) 555-0100"),
        ("+12025550100", "GB", "+1 202-555-0100"),
        ("+442079460123", "GB", "020 7946 0123"),
        ("+442079460123", "US", "+44 20 7946 0123"),
        ("+442079460123", "ZZ", "+44 20 7946 0123"),
    ],
)
def test_numbers_are_written_as_at_home_or_from_abroad(number: str, country: str, said: str) -> None:
    assert words.phone(number, country) == said


def test_confidence_in_words_and_percent() -> None:
    assert [words.confidence(each) for each in (1, 0.95, 0.94, 0.8, 0.6, 0.4, 0.39, 0)] == [
        "Almost certain",
        "Almost certain",
        "Very likely",
        "Very likely",
        "Likely",
        "Possible",
        "A guess",
        "A guess",
    ]
    said = [words.percent(each) for each in (1, 0.999, 0.97, 0.006, 0.0049, 0)]
    assert said == ["100%", ">99%", "97%", "1%", "<1%", "0%"]


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_what_is_not_certain_is_never_called_so(probability: float) -> None:
    assert words.percent(probability) not in {"0%", "100%"}


def test_a_condition_is_a_sentences_part() -> None:
    said = words.condition(Field.CHANNEL, ("Paid Search", "Display"))
    assert said == "channel is “Paid Search” or is “Display”"
    assert words.condition(Field.CAMPAIGN, ("Spring*",)) == "campaign begins with “Spring”"
    assert (
        words.condition(Field.CAMPAIGN, ("Spring*", "100% off"))
        == "campaign begins with “Spring” or is “100% off”"
    )


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "//host/x",
        "",
        None,
        "ftp://example.com/",
        "http://",
        "https:///x",
        "http://[",
        "vbscript:x",
        "java\nscript:alert(1)",
    ],
)
def test_what_is_no_web_page_is_no_link(url: str | None) -> None:
    assert words.web_link(url) is None


def test_a_web_page_is_a_link() -> None:
    for url in ("https://example.com/", "http://example.com/a?b=c#d", "HTTPS://example.com"):
        assert words.web_link(url) == url


def test_a_page_is_named_without_what_nobody_reads() -> None:
    assert words.page_name("https://shop.example.com/drains?utm_source=x#top") == "shop.example.com/drains"
    assert words.page_name("https://shop.example.com/") == "shop.example.com"
    assert words.page_name("http://[") == "http://["
    assert len(words.page_name("x:" + "y" * 5000)) <= 120
