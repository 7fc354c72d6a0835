"""Late callers keep hours: as many as left so long before could have called at each of them."""

from itertools import pairwise
from math import exp, lgamma, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.away_by_hour import AwayByHour
from swapboard.attribution.hazard import EDGES, FIRST_CELL, Phase, cell, prior_rates
from swapboard.attribution.hours import (
    HOURS,
    SPANS,
    STEPS,
    expected_by_hour,
    factors,
    fitted,
    gained,
    hour_of,
    shares_of_time,
    time_by_hour,
)
from swapboard.clock import DAY, HOUR, MINUTE, Millis


def counted_plainly(ended: list[Millis], until: Millis) -> list[float]:
    """Each visit, hour by hour, beginning with the hour in which the first one ended."""
    found = [0.0] * (HOURS * SPANS)
    for hour in range(min(ended) // HOUR, until // HOUR):
        for at in ended:
            for span, (begin, end) in enumerate(pairwise(STEPS)):
                found[hour % HOURS * SPANS + span] += begin <= hour - at // HOUR < end
    return found


@given(st.integers(0, 400 * MINUTE), st.integers(0, 60 * HOUR), st.integers(0, 5))
def test_time_lies_at_the_hours_at_which_a_clock_shows_it(begin: Millis, lasts: Millis, many: int) -> None:
    end = begin + lasts
    shown = [0.0] * HOURS
    for hour in range(begin // HOUR, end // HOUR + 1):
        shown[hour % HOURS] += many * max(0, min(end, (hour + 1) * HOUR) - max(begin, hour * HOUR))
    assert time_by_hour(begin, end, many) == shown


@given(st.lists(st.integers(0, 300 * HOUR), min_size=1, max_size=12), st.integers(0, 200))
def test_those_away_are_counted_by_hour_and_for_how_long(ended: list[Millis], later: int) -> None:
    away = AwayByHour()
    for at in sorted(ended):
        away.leave(at)
    until = max(ended) + later * HOUR
    assert away.up_to(until) == counted_plainly(ended, until)
    assert away.up_to(until) == away.up_to(until)


def test_hours_that_are_counted_together_are_counted_once() -> None:
    ended = [day * DAY + day % 7 * HOUR for day in range(50)]
    away = AwayByHour()
    for at in ended:
        away.leave(at)
        if at % (14 * DAY) == 0:
            away.up_to(at)
    assert away.up_to(60 * DAY) == counted_plainly(ended, 60 * DAY)


def test_nothing_is_counted_before_anybody_left() -> None:
    assert not any(AwayByHour().up_to(10**12))


def spent_away(left_at_hour: int, days: int = 30) -> list[float]:
    away = AwayByHour()
    for day in range(days):
        away.leave((24 * day + left_at_hour) * HOUR)
    return away.up_to((24 * days + left_at_hour) * HOUR)


@given(st.integers(0, 23))
def test_calls_are_expected_in_the_hours_after_people_left(hour: int) -> None:
    expected = expected_by_hour(prior_rates(), spent_away(hour))
    assert max(expected) == max(expected[hour], expected[(hour + 1) % HOURS])
    assert min(expected) > 0


@given(st.lists(st.floats(0.5, 200.0), min_size=HOURS, max_size=HOURS), st.floats(0.1, 10.0))
def test_as_many_calls_as_expected_teach_no_hours(expected: list[float], height: float) -> None:
    flat = np.ones(HOURS)
    assert factors(np.array(expected) * height, np.array(expected), flat) == pytest.approx(flat)


def test_hours_without_a_call_are_believed_when_calls_are_many() -> None:
    expected = np.full(HOURS, 10.0)
    by_day_only = np.array([0.0] * 8 + [20.0] * 12 + [0.0] * 4)
    found = factors(by_day_only, expected, np.ones(HOURS))
    assert all(each < 0.3 for each in (*found[:8], *found[20:]))
    assert all(each > 1.6 for each in found[8:20])
    few = factors(by_day_only / 40, expected, np.ones(HOURS))
    assert min(few) > 0.8


def test_an_hour_is_believed_to_be_like_the_ones_beside_it() -> None:
    by_day_only = [0.0] * 8 + [4.0] * 12 + [0.0] * 4
    scattered = [0.0, 4.0] * 12
    even, flat = np.full(HOURS, 2.0), np.ones(HOURS)
    together, apart = (factors(np.array(each), even, flat) for each in (by_day_only, scattered))
    assert together[2] < 0.7 < apart[2]
    assert together[14] > 1.3 > apart[13]


def test_what_was_fitted_is_set_against_all_that_could_have_been() -> None:
    """One hour's calls, by factors in small steps, each as probable as it was believed to be."""
    calls, goal, firm, step = 7.0, 2.5, 1.5, 0.001
    steps = [step * (at + 0.5) for at in range(30_000)]
    believed = [
        exp((firm - 1) * log(each) - firm * each + firm * log(firm) - lgamma(firm)) * step for each in steps
    ]
    mean = sum(part * exp(calls * log(each) - goal * each) for each, part in zip(steps, believed, strict=True))
    likeliest = (calls + firm) / (goal + firm)
    gain = calls * log(likeliest) - goal * likeliest - log(mean)
    found = gained(np.array([calls]), np.array([goal]), np.array([likeliest]), np.array([[firm]]))
    assert found == pytest.approx(gain, abs=1e-3)
    assert gain > 0.5


def test_many_hours_that_differ_fit_anything_and_hours_that_do_not_matter_little() -> None:
    even, before = [5.0] * HOURS, (1.0,) * HOURS
    assert fitted([1.0, 9.0, 4.0] * 8, even, before) > fitted(even, even, before) + 2.0
    assert fitted([0.0] * HOURS, even, before) == fitted(even, [0.0] * HOURS, before) == 0.0


def test_without_calls_or_time_the_hours_stay_as_they_were() -> None:
    before, none, all_ = 1.0 + np.arange(HOURS) / 100, np.zeros(HOURS), np.ones(HOURS)
    assert factors(none, all_, before).tolist() == before.tolist()
    assert factors(all_, none, before).tolist() == before.tolist()


@given(st.integers(0, 23), st.sampled_from([0, 1, 2]))
def test_time_away_counts_as_much_as_its_hours_allow(left_at_hour: int, hours_ago: int) -> None:
    by_hour = np.full(HOURS, 0.1)
    by_hour[(left_at_hour + hours_ago) % HOURS] = 5.0
    shares = shares_of_time(spent_away(left_at_hour), by_hour).tolist()
    places = [FIRST_CELL[Phase.LEFT] + at for at, (begin, end) in enumerate(pairwise(EDGES[Phase.LEFT]))
              if (begin + end) // 2 // HOUR == hours_ago]  # fmt: skip
    assert places
    assert [shares[place] for place in places] == pytest.approx([5.0] * len(places))
    assert shares[: FIRST_CELL[Phase.LEFT]] == [1.0] * FIRST_CELL[Phase.LEFT]
    assert shares[cell(Phase.LEFT, 30 * 24 * HOUR)] == 1.0


def test_the_hour_of_the_day_is_by_the_common_clock() -> None:
    assert [hour_of(at) for at in (0, HOUR - 1, HOUR, 25 * HOUR + MINUTE)] == [0, 0, 1, 1]
