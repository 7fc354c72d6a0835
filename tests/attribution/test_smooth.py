"""The smooth curve is the most probable one, and a parabola where that is what is believed."""

from itertools import pairwise
from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.smooth import Belief, smooth

BELIEFS = (Belief(3, 0.03), Belief(2, 0.28, -0.07), Belief(0, 7.0))
SIZE = 12


def _settled(calls: list[float], times: list[float]) -> list[float]:
    logs = np.zeros(len(calls))
    for _ in range(60):
        logs = smooth(logs, np.array(calls), np.array(times), BELIEFS)
    found: list[float] = logs.tolist()
    return found


def _score(logs: list[float], calls: list[float], times: list[float]) -> float:
    total = sum(n * each - time * exp(each) for n, each, time in zip(calls, logs, times, strict=True))
    for belief in BELIEFS:
        differences = logs
        for _ in range(belief.order):
            differences = [after - before for before, after in pairwise(differences)]
        total -= sum((each - belief.mean) ** 2 for each in differences) / (2 * belief.spread**2)
    return total


@given(
    st.lists(st.integers(0, 30), min_size=SIZE, max_size=SIZE),
    st.integers(0, SIZE - 1),
    st.sampled_from([-0.01, 0.01]),
)
def test_no_other_curve_is_more_probable(calls: list[float], at: int, step: float) -> None:
    times = [10.0] * SIZE
    found = _settled(calls, times)
    other = list(found)
    other[at] += step
    assert _score(found, calls, times) >= _score(other, calls, times) - 1e-6


def test_a_log_normal_delay_is_found_where_calls_are_many() -> None:
    truth = [3.0 + 0.4 * at - 0.06 * at * at for at in range(SIZE)]
    calls = [1000.0 * exp(each) for each in truth]
    assert _settled(calls, [1000.0] * SIZE) == pytest.approx(truth, abs=0.02)
    assert log(calls[0] / 1000.0) == pytest.approx(truth[0])
