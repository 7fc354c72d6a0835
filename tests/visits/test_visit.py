"""The session rule: thirty minutes of silence, or a new campaign click, begin another session."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import SECOND
from swapboard.visits.source import Source, classify
from swapboard.visits.visit import Session, continues, has_ended, is_amp_id, is_told_again

NOW = 1_795_000_000_000
HALF_AN_HOUR = 1_800
PAGE = "https://www.example.com/"
AD = f"{PAGE}?utm_source=google&utm_medium=cpc&utm_campaign=spring&gclid=one"


def source(url: str = PAGE, referrer: str = "") -> Source:
    return classify(url, referrer, own_hosts=("example.com",))


def session(of: Source, silent_ms: int = 0) -> Session:
    return Session(
        "s", "v", NOW - silent_ms, of, NOW - silent_ms - 60 * SECOND, "desktop", "UTC", is_returning=False
    )


def goes_on(of: Source, arriving: Source, silent_ms: int = SECOND) -> bool:
    return continues(session(of, silent_ms), arriving, NOW, HALF_AN_HOUR)


@pytest.mark.parametrize(
    ("silent_ms", "expected"),
    [
        (0, True),
        (HALF_AN_HOUR * SECOND - 1, True),
        (HALF_AN_HOUR * SECOND, False),
        (HALF_AN_HOUR * SECOND + 1, False),
    ],
)
def test_silence_ends_a_session_after_half_an_hour_to_the_millisecond(silent_ms: int, expected: bool) -> None:
    assert goes_on(source(), source(), silent_ms) is expected
    assert has_ended(session(source(), silent_ms), NOW, HALF_AN_HOUR) is not expected


@pytest.mark.parametrize(
    "arriving",
    [
        source(AD),
        source(AD.replace("spring", "summer")),
        source(f"{PAGE}?gclid=one"),
        source(f"{PAGE}?utm_source=news&utm_medium=email&utm_campaign=spring"),
    ],
)
def test_a_campaigns_click_begins_a_session_within_another(arriving: Source) -> None:
    assert not goes_on(source(), arriving)


@pytest.mark.parametrize(
    ("began", "arriving"),
    [
        (source(AD), source(AD)),
        (source(AD), source(f"{PAGE}contact", PAGE)),
        (source(AD), source(f"{PAGE}contact")),
        (source(AD), source(PAGE, "https://www.google.com/")),
        (source(), source(PAGE, "https://www.facebook.com/")),
        (source(AD), source(f"{PAGE}contact?utm_source=google&utm_medium=cpc&utm_campaign=spring")),
        (source(f"{AD}&gad_source=1&gad_campaignid=7"), source(f"{PAGE}contact?gclid=one")),
        (source(AD), source(f"{PAGE}thanks", "https://checkout.stripe.com/c/pay/x")),
        (source(AD), source(f"{PAGE}thanks?token=EC-1", "https://www.paypal.com/checkoutnow")),
        (source(AD), source(f"{PAGE}thanks?gclid=one", "https://pay.klarna.com/")),
    ],
)
def test_reloads_own_pages_and_untagged_arrivals_go_on_in_the_same_session(
    began: Source, arriving: Source
) -> None:
    assert goes_on(began, arriving)


def test_a_second_click_on_the_same_ad_is_a_new_click() -> None:
    assert not goes_on(source(AD), source(AD.replace("gclid=one", "gclid=two")))
    assert not goes_on(source(AD), source(f"{AD}&msclkid=one"))


TAGGED = source(AD)._replace(click_ids={})


@pytest.mark.parametrize(
    "other",
    [
        TAGGED._replace(source="another"),
        TAGGED._replace(medium="another"),
        TAGGED._replace(campaign="another"),
    ],
)
def test_each_part_of_a_campaign_tells_it_from_another(other: Source) -> None:
    assert not goes_on(TAGGED, other)
    assert goes_on(TAGGED, TAGGED._replace(term="another", content="another"))


@given(silent_ms=st.integers(-HALF_AN_HOUR * SECOND, 3 * HALF_AN_HOUR * SECOND), seconds=st.integers(1, 86_400))
def test_for_an_untagged_arrival_going_on_and_having_ended_are_opposites(silent_ms: int, seconds: int) -> None:
    """A clock that was put back (a negative silence) ends no session."""
    seen = session(source(AD), silent_ms)
    assert continues(seen, source(), NOW, seconds) is not has_ended(seen, NOW, seconds)
    assert has_ended(seen, NOW, seconds) is (silent_ms >= seconds * SECOND)


@given(silent_ms=st.integers(0, HALF_AN_HOUR * SECOND), more=st.integers(0, HALF_AN_HOUR * SECOND))
def test_more_silence_never_brings_a_session_back(silent_ms: int, more: int) -> None:
    if goes_on(source(AD), source(), silent_ms + more):
        assert goes_on(source(AD), source(), silent_ms)


def test_the_landing_page_told_a_moment_later_is_the_same_view() -> None:
    began = session(source(AD))._replace(started_at=NOW)
    assert is_told_again(began, source(AD), NOW + 9_999)
    assert not is_told_again(began, source(AD), NOW + 10_000)
    assert not is_told_again(began, source(f"{PAGE}contact"), NOW + 1)


@pytest.mark.parametrize(
    ("visitor_id", "expected"),
    [("amp-" + "x" * 16, True), ("amp-" + "x" * 15, False), ("x" * 30, False), ("", False), (None, False)],
)
def test_only_long_ids_of_amps_own_are_amps(visitor_id: str | None, expected: bool) -> None:
    assert is_amp_id(visitor_id) is expected
