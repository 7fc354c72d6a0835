"""What expectation-maximisation makes of calls that are shared out already."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.learning import Counts, Exposures, Lesson, expect, maximise
from swapboard.attribution.match import HOURS, Curve
from swapboard.clock import DAY

BY_HOUR = st.lists(st.floats(0.0, 500.0), min_size=HOURS, max_size=HOURS)


def learned(nobody: list[float], calls: list[float]) -> Curve:
    counts = Counts(nobody=nobody, calls=[max(pair) for pair in zip(nobody, calls, strict=True)])
    return maximise(Curve.prior(), counts, Exposures(numbers=40.0 * DAY))


@given(BY_HOUR, BY_HOUR)
def test_the_hours_of_nobodys_calls_are_one_on_average(nobody: list[float], calls: list[float]) -> None:
    rhythm = learned(nobody, calls).rhythm
    assert sum(rhythm) / HOURS == pytest.approx(1.0)
    assert min(rhythm) > 0.0


def test_hours_are_all_calls_until_nobodys_own_are_many() -> None:
    day = [100.0 if 8 <= hour < 18 else 1.0 for hour in range(HOURS)]
    night = [0.0 if 6 <= hour < 20 else 300.0 for hour in range(HOURS)]
    assert learned([0.0] * HOURS, day).rhythm[12] > 4 * learned([0.0] * HOURS, day).rhythm[0]
    assert learned(night, day).rhythm[0] > 4 * learned(night, day).rhythm[12]


def test_a_call_goes_to_nobody_rather_at_nobodys_hours() -> None:
    curve = replace(Curve.prior(), rhythm=tuple(1.9 if hour < 12 else 0.1 for hour in range(HOURS)))
    for hour in range(HOURS):
        counts = expect(curve, [Lesson(((0, 1.0),), 1.0, 0, 0.0, hour)])
        nobody = curve.nobody * curve.rhythm[hour]
        assert counts.nobody[hour] == pytest.approx(nobody / (nobody + curve.flat[0]))
        assert counts.calls[hour] == sum(counts.calls) == 1.0
