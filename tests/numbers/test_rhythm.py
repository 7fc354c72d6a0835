"""The weekly rhythm: what was seen is expected again, on the company's clocks, and a rush is met."""

from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import DAY, HOUR, MINUTE, SECOND, Millis
from swapboard.numbers.replay import Stay, replay, resting
from swapboard.numbers.rhythm import (
    HOURS_OF_WEEK,
    ComingDay,
    Rhythm,
    hour_of_week,
    numbers_for,
    rhythm,
    turned_away,
    week_ahead,
)
from swapboard.numbers.sizing import Callers, erlang_b, smallest_pool

NEW_YORK = "America/New_York"
MONDAY = round(datetime(2026, 11, 23, tzinfo=ZoneInfo(NEW_YORK)).timestamp()) * SECOND


def weeks_of(profile: list[int], weeks: int, until: Millis = MONDAY) -> dict[Millis, int]:
    """The same week again and again, up to a Monday's midnight in New York, through no change of clocks."""
    begins_at = until - weeks * 7 * DAY
    return {begins_at + place * HOUR: profile[place % HOURS_OF_WEEK] for place in range(weeks * HOURS_OF_WEEK)}


OFFICE_HOURS = [(30 if 8 <= hour < 18 else 2) if day < 5 else 3 for day in range(7) for hour in range(24)]


def test_what_was_seen_is_expected_again() -> None:
    # Three weeks: the fourth week back has another offset from UTC.
    found = rhythm(weeks_of(OFFICE_HOURS, 3), MONDAY, NEW_YORK, 4.0)
    assert found == Rhythm(tuple(map(float, OFFICE_HOURS)), 4.0, 1.0, 1.0, 21.0)
    days = week_ahead(found, MONDAY + 9 * HOUR, NEW_YORK)
    assert [day.starts_at for day in days] == [MONDAY + place * DAY for place in range(7)]
    assert [day.visits for day in days] == [
        tuple(map(float, OFFICE_HOURS[place * 24 :][:24])) for place in range(7)
    ]
    assert len({day.needed for day in days[:5]}) == 1
    assert days[0].needed > 2 * days[6].needed


def test_hours_are_the_companys_also_where_clocks_change() -> None:
    # New York goes back an hour on 1 November 2026: opening hours stay where they are on its clocks.
    zone = ZoneInfo(NEW_YORK)
    opened = {}
    for day in range(14):
        begins = datetime(2026, 10, 25 + day if day < 7 else day - 6, 8, tzinfo=zone)
        for hour in range(10):
            opened[round(begins.timestamp()) * SECOND + hour * HOUR] = 10
    now = round(datetime(2026, 11, 8, tzinfo=zone).timestamp()) * SECOND
    found = rhythm(opened, now, NEW_YORK, 4.0)
    assert found is not None
    assert {place % 24 for place, visits in enumerate(found.visits) if visits} == set(range(8, 18))


@given(st.integers(0, 2**31), st.sampled_from(["UTC", NEW_YORK, "Asia/Kolkata", "Australia/Lord_Howe"]))
def test_an_hour_of_the_week_is_what_clocks_say(seconds: int, name: str) -> None:
    zone = ZoneInfo(name)
    local = datetime.fromtimestamp(seconds, zone)
    assert divmod(hour_of_week(seconds * SECOND, zone), 24) == (local.weekday(), local.hour)


def test_too_little_is_no_rhythm() -> None:
    assert rhythm({}, MONDAY, "UTC", 4.0) is None
    assert rhythm({MONDAY - 5 * DAY: 1_000}, MONDAY, "UTC", 4.0) is None, "not yet a week"
    assert rhythm({MONDAY - 20 * DAY: 99}, MONDAY, "UTC", 4.0) is None, "not yet a hundred visits"
    assert rhythm({MONDAY - 20 * DAY: 99, MONDAY: 1_000}, MONDAY + 1, "UTC", 4.0) is None, "this hour is not over"
    assert rhythm({MONDAY - 20 * DAY: 100}, MONDAY, "UTC", 4.0) is not None


def test_what_grows_is_met_and_what_falls_is_followed_slowly() -> None:
    calm = weeks_of(OFFICE_HOURS, 3)
    doubled = calm | weeks_of([2 * each for each in OFFICE_HOURS], 1)
    grown = rhythm(doubled, MONDAY, NEW_YORK, 4.0)
    assert grown is not None
    assert [mean * grown.pace for mean in grown.visits] == pytest.approx(
        [2 * each for each in OFFICE_HOURS], rel=0.03
    )
    halved = rhythm(calm | weeks_of([each // 2 for each in OFFICE_HOURS], 1), MONDAY, NEW_YORK, 4.0)
    assert halved is not None
    assert (halved.pace, halved.rush) == (1.0, 1.0)
    assert 0.7 < sum(halved.visits) / sum(OFFICE_HOURS) < 0.9


def test_a_rush_of_a_day_is_met_for_the_next_days_only() -> None:
    rushed = weeks_of([40] * HOURS_OF_WEEK, 4) | {MONDAY - hour * HOUR: 160 for hour in range(1, 25)}
    found = rhythm(rushed, MONDAY, NEW_YORK, 4.0)
    assert found is not None
    needed = [day.needed for day in week_ahead(found, MONDAY, NEW_YORK)]
    assert min(needed[:3]) > 1.4 * max(needed[3:6])


def test_a_dozen_visits_by_chance_are_no_rush() -> None:
    chance = Random(11)
    quiet = {MONDAY - hour * HOUR: int(chance.random() < 0.3) for hour in range(1, 4 * HOURS_OF_WEEK + 1)}
    found = rhythm(quiet | {MONDAY - hour * HOUR: 1 for hour in range(1, 13)}, MONDAY, NEW_YORK, 4.0)
    assert found is not None
    assert found.rush < 1.4


@given(st.floats(0.1, 200), st.floats(0.5, 40), st.sampled_from([0.001, 0.01, 0.1]))
def test_hours_that_are_alike_need_what_the_sizing_rule_says(
    visits: float, minutes: float, promise: float
) -> None:
    load = visits * minutes / 60
    assert numbers_for([visits] * 5, minutes, promise) == max(1, smallest_pool(load, promise))
    day = ComingDay(0, (visits,) * 5, 0)
    assert turned_away(day, minutes, 7) == pytest.approx(erlang_b(load, 7))


@given(st.lists(st.floats(0, 300), min_size=24, max_size=24), st.floats(0.5, 40))
def test_the_promise_is_kept_over_the_day_with_the_fewest(visits: list[float], minutes: float) -> None:
    day = ComingDay(0, tuple(visits), numbers_for(visits, minutes, 0.01))
    assert turned_away(day, minutes, day.needed) <= 0.01
    if day.needed > 1:
        assert turned_away(day, minutes, day.needed - 1) > 0.01


def test_days_played_out_keep_the_promise() -> None:
    """Two hundred Mondays of random visits with the numbers that a Monday needs."""
    chance, quiet = Random(5), 20.0
    found = rhythm(weeks_of(OFFICE_HOURS, 3), MONDAY, NEW_YORK, 4.0)
    assert found is not None
    monday = week_ahead(found, MONDAY, NEW_YORK, quiet)[0]
    stays = []
    for day in range(200):
        for hour, expected in enumerate(monday.visits):
            at = 0.0
            while (at := at + chance.expovariate(expected)) < 1:
                from_at = day * 2 * DAY + round((hour + at) * HOUR)
                stays.append(Stay(from_at, from_at + round(chance.expovariate(1 / 4) * MINUTE)))
    kept = resting(stays, quiet)
    assert replay(kept, monday.needed, Callers()).overflow == pytest.approx(0.01, abs=0.002)
    assert replay(kept, round(monday.needed * 0.85), Callers()).overflow > 0.03
    assert replay(stays, monday.needed, Callers()).overflow == 0
