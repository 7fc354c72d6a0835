"""What a condition takes, by examples and against a plainer way of saying the same."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import from_iso
from swapboard.numbers.conditions import Arrival, Field, condition, facts_of
from swapboard.visits.source import classify

AD = (
    "https://shop.example.com/drains/?utm_source=google&utm_medium=cpc&utm_campaign=Spring+Sale"
    "&utm_term=emergency+plumber&gclid=Cj0KCQ-test"
)
EVENING = from_iso("2026-11-24T23:30:00Z")
"""Half past six in New York."""
ARRIVAL = Arrival(
    classify(AD, "https://www.google.com/search?q=plumber"),
    device="phone",
    time_zone="America/Chicago",
    is_returning=True,
    at=EVENING,
)


def holds(asked: Field, *values: str, arrival: Arrival = ARRIVAL, zone: str = "America/New_York") -> bool:
    return condition(asked, values).holds(facts_of(arrival, asked, zone))


@pytest.mark.parametrize(
    ("asked", "values", "expected"),
    [
        (Field.CHANNEL, ["paid search"], True),
        (Field.CHANNEL, ["Direct", "Paid*"], True),
        (Field.CHANNEL, ["Direct"], False),
        (Field.CHANNEL, ["!Direct"], True),
        (Field.CHANNEL, ["Paid*", "!Paid Search"], False),
        (Field.SOURCE, ["google"], True),
        (Field.SOURCE, ["goo"], False),
        (Field.MEDIUM, ["CPC"], True),
        (Field.CAMPAIGN, ["spring*"], True),
        (Field.CAMPAIGN, ["*sale"], True),
        (Field.CAMPAIGN, ["*autumn*"], False),
        (Field.KEYWORD, ["*plumber*"], True),
        (Field.KEYWORD, ["emergency*plumber"], True),
        (Field.LANDING_PAGE, ["/drains"], True),
        (Field.LANDING_PAGE, ["/drains/"], True),
        (Field.LANDING_PAGE, ["/drain"], False),
        (Field.REFERRER, ["google.com/"], True),
        (Field.LANDING_PAGE, ["shop.example.com/drains"], True),
        (Field.LANDING_PAGE, ["https://shop.example.com/drains/"], True),
        (Field.LANDING_PAGE, ["*utm_campaign=Spring*"], True),
        (Field.REFERRER, ["google.com"], True),
        (Field.REFERRER, ["www.google.com/search"], True),
        (Field.REFERRER, ["bing.com"], False),
        (Field.CLICK_ID, ["gclid"], True),
        (Field.CLICK_ID, ["*"], True),
        (Field.CLICK_ID, ["msclkid"], False),
        (Field.CLICK_ID, ["!*"], False),
        (Field.COUNTRY, ["us"], True),
        (Field.COUNTRY, ["GB", "FR"], False),
        (Field.REGION, ["America/Chicago"], True),
        (Field.REGION, ["America/*"], True),
        (Field.REGION, ["US-NY"], False),
        (Field.DEVICE, ["phone", "tablet"], True),
        (Field.DEVICE, ["desktop"], False),
        (Field.VISITOR, ["returning"], True),
        (Field.VISITOR, ["new"], False),
        (Field.HOUR, ["18"], True),
        (Field.HOUR, ["8-18"], False),
        (Field.HOUR, ["8-19"], True),
        (Field.HOUR, ["17-9"], True),
        (Field.HOUR, ["!8-18"], True),
        (Field.HOUR, ["0-24"], True),
        (Field.HOUR, ["6pm"], True),
        (Field.HOUR, ["8 am - 6 pm"], False),
        (Field.HOUR, ["8:00\N{EN DASH}19:00"], True),
        (Field.HOUR, ["8-19 Uhr"], True),
        (Field.HOUR, ["18h-0h"], True),
        (Field.HOUR, ["12am"], False),
        (Field.HOUR, ["nonsense"], False),
    ],
)
def test_conditions(asked: Field, values: list[str], expected: bool) -> None:
    assert holds(asked, *values) is expected


def test_geolocation_knows_better_than_the_clock() -> None:
    arrival = Arrival(ARRIVAL.source, time_zone="America/New_York", region="CA-ON")
    assert holds(Field.COUNTRY, "CA", arrival=arrival)
    assert holds(Field.REGION, "ca-on", arrival=arrival)
    assert not holds(Field.COUNTRY, "US", arrival=arrival)


def test_what_is_not_known_fits_nothing_and_is_excluded_by_nothing() -> None:
    unknown = Arrival(classify("https://shop.example.com/"))
    for asked in (Field.CAMPAIGN, Field.KEYWORD, Field.CLICK_ID, Field.COUNTRY, Field.REFERRER):
        assert not holds(asked, "*", arrival=unknown), asked
        assert holds(asked, "!*", arrival=unknown), asked


TEXT = st.text(alphabet="ab*", max_size=8)


@given(TEXT, st.text(alphabet="ab", max_size=12))
def test_stars_stand_for_any_text(value: str, fact: str) -> None:
    wanted = re.fullmatch(".*".join(map(re.escape, value.split("*"))), fact) is not None
    assert condition(Field.SOURCE, [value]).holds([fact] if fact else [""]) is wanted


@given(st.lists(TEXT, max_size=4), st.lists(TEXT, max_size=4), st.lists(st.sampled_from("ab"), max_size=3))
def test_one_wanted_and_no_excluded(wanted: list[str], excluded: list[str], facts: list[str]) -> None:
    def fits(values: list[str]) -> bool:
        return any(condition(Field.SOURCE, [value]).holds([fact]) for value in values for fact in facts)

    both = condition(Field.SOURCE, [*wanted, *(f"!{value}" for value in excluded)])
    assert both.holds(facts) is ((not wanted or fits(wanted)) and not fits(excluded))


def test_a_country_alone_is_no_region() -> None:
    abroad = replace(ARRIVAL, region="FR")
    assert holds(Field.COUNTRY, "FR", arrival=abroad)
    assert not holds(Field.REGION, "FR*", arrival=abroad)
    assert holds(Field.REGION, "FR-IDF", arrival=replace(ARRIVAL, region="FR-IDF"))


def test_a_page_is_the_same_with_its_last_slash_and_without() -> None:
    plain = Arrival(classify("https://shop.example.com/drains"))
    for written in ("/drains/", "shop.example.com/drains/", "https://shop.example.com/drains/"):
        assert holds(Field.LANDING_PAGE, written, arrival=plain), written
    assert not holds(Field.LANDING_PAGE, "/", arrival=plain)
