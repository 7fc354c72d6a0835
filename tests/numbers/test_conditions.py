"""What a condition takes, by examples and against a plainer way of saying the same."""

import re
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from swapboard.clock import from_iso
from swapboard.numbers.conditions import (
    Arrival,
    Field,
    condition,
    contradiction_of,
    facts_of,
    fault_of,
    hour_of,
    next_at_hour,
)
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


def test_the_hour_is_the_companys() -> None:
    assert hour_of(EVENING, "America/New_York") == 18
    assert hour_of(EVENING, "Europe/London") == 23
    assert hour_of(EVENING, "Nowhere/At_All") == 23


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


@given(st.integers(0, 23), st.integers(1, 24), st.integers(0, 23))
def test_hours_go_round_the_clock(begin: int, end: int, hour: int) -> None:
    if begin == end:
        assert fault_of(Field.HOUR, f"{begin}-{end}")
        return
    inside = begin <= hour < end if begin < end else hour >= begin or hour < end
    assert condition(Field.HOUR, [f"{begin}-{end}"]).holds([str(hour)]) is inside


@pytest.mark.parametrize(
    ("asked", "value", "is_fine"),
    [
        (Field.CHANNEL, "paid search", True),
        (Field.CHANNEL, "!Direct", True),
        (Field.CHANNEL, "Paid*", True),
        (Field.CHANNEL, "Paid Serach", False),
        (Field.DEVICE, "phone", True),
        (Field.DEVICE, "watch", False),
        (Field.VISITOR, "new", True),
        (Field.VISITOR, "old", False),
        (Field.HOUR, "8-18", True),
        (Field.HOUR, "25", False),
        (Field.HOUR, "8-8", False),
        (Field.HOUR, "noon", False),
        (Field.COUNTRY, "GB", True),
        (Field.COUNTRY, "England", False),
        (Field.CAMPAIGN, "anything at all", True),
    ],
)
def test_slips_of_the_pen_are_told(asked: Field, value: str, is_fine: bool) -> None:
    assert (fault_of(asked, value) is None) is is_fine


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])
@given(
    now=st.integers(from_iso("2026-01-01T00:00:00Z"), from_iso("2027-12-31T00:00:00Z")), hour=st.integers(0, 23)
)
@example(now=from_iso("2026-03-08T14:00:00Z"), hour=1)
@example(now=from_iso("2026-11-01T14:00:00Z"), hour=1)
def test_an_hour_is_met_on_days_when_clocks_change_too(zone: str, now: int, hour: int) -> None:
    assert hour_of(next_at_hour(now, hour, zone), zone) == hour
    assert next_at_hour(now, hour_of(now, zone), zone) == now


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


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (Field.COUNTRY, "UK"),
        (Field.COUNTRY, "EU"),
        (Field.REGION, "Narnia/City"),
        (Field.REGION, "UK-LND"),
        (Field.REGION, "Narnia/*"),
        (Field.LANDING_PAGE, "drains"),
        (Field.REFERRER, "google"),
        (Field.CLICK_ID, "gclid=abc"),
        (Field.HOUR, "13pm"),
        (Field.HOUR, "8:30"),
    ],
)
def test_what_no_visit_could_ever_have_is_refused(asked: Field, value: str) -> None:
    assert fault_of(asked, value) is not None
    assert fault_of(asked, f"!{value}") is not None


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (Field.COUNTRY, "xk"),
        (Field.COUNTRY, "GB"),
        (Field.REGION, "Asia/Calcutta"),
        (Field.REGION, "utc"),
        (Field.REGION, "US-*"),
        (Field.REGION, "Europe/*"),
        (Field.LANDING_PAGE, "*drains*"),
        (Field.REFERRER, "google.*"),
        (Field.CLICK_ID, "*"),
    ],
)
def test_what_a_visit_may_have_stands(asked: Field, value: str) -> None:
    assert fault_of(asked, value) is None


@pytest.mark.parametrize(
    ("asked", "values", "is_left"),
    [
        (Field.DEVICE, ["phone", "!phone"], False),
        (Field.DEVICE, ["phone", "tablet", "!Phone"], True),
        (Field.DEVICE, ["!phone", "!tablet"], True),
        (Field.CAMPAIGN, ["spring*", "!spring*"], False),
        (Field.CAMPAIGN, ["spring sale", "!*sale*"], False),
        (Field.CAMPAIGN, ["spring*", "!spring sale"], True),
        (Field.CAMPAIGN, ["*", "!*"], False),
        (Field.HOUR, ["9-11", "!8-18"], False),
        (Field.HOUR, ["8-18", "!9-11"], True),
    ],
)
def test_what_asks_for_what_it_excludes_is_told(asked: Field, values: list[str], is_left: bool) -> None:
    assert (contradiction_of(asked, values) is None) is is_left


@given(
    st.lists(st.text("ab*", min_size=1, max_size=3), min_size=1), st.lists(st.text("ab*", min_size=1, max_size=3))
)
def test_what_contradicts_itself_fits_no_visit(wanted: list[str], excluded: list[str]) -> None:
    values = [*wanted, *(f"!{value}" for value in excluded)]
    if contradiction_of(Field.CAMPAIGN, values):
        asked = condition(Field.CAMPAIGN, values)
        for length in range(5):
            assert not any(asked.holds(["".join(text)]) for text in product("ab", repeat=length))
