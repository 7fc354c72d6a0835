"""Each distribution agrees with itself: what it draws, its density, its sum and its quantiles."""

from itertools import pairwise
from math import isclose
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.delay import (
    Delay,
    Either,
    Exponential,
    HeavyTailed,
    LogNormal,
    Weibull,
    defective_rate,
)

DELAYS: tuple[Delay, ...] = (
    LogNormal(60.0, 1.1),
    Exponential(25.0),
    HeavyTailed(2400.0, 0.65),
    Weibull(50.0, 1.8),
    Weibull(50.0, 0.7),
    Either(((0.6, Exponential(100.0)), (0.4, LogNormal(9000.0, 0.8)))),
)
of_each = pytest.mark.parametrize("delay", DELAYS, ids=lambda each: type(each).__name__)


@of_each
@given(share=st.floats(0.001, 0.999))
def test_a_quantile_is_where_so_many_are_done(delay: Delay, share: float) -> None:
    assert isclose(delay.done(delay.quantile(share)), share, rel_tol=1e-6)


@of_each
@given(share=st.floats(0.01, 0.99))
def test_the_density_is_how_fast_they_get_done(delay: Delay, share: float) -> None:
    at = delay.quantile(share)
    step = at * 1e-4
    slope = (delay.done(at + step) - delay.done(at - step)) / (2 * step)
    assert isclose(delay.density(at), slope, rel_tol=1e-3)


@of_each
def test_what_is_drawn_lies_as_it_should(delay: Delay) -> None:
    chance = Random(4)
    done = sorted(delay.done(delay.draw(chance)) for _ in range(4000))
    assert max(abs(each - (at + 0.5) / 4000) for at, each in enumerate(done)) < 0.03, (
        "Kolmogorov-Smirnov, p < 0.001"
    )


@of_each
@given(probability=st.floats(0.01, 0.95))
def test_a_defective_rate_adds_up_to_its_probability(delay: Delay, probability: float) -> None:
    edges = [delay.quantile(at / 400) for at in range(1, 400)]
    left = 1.0 - probability * delay.done(edges[0])
    for begin, end in pairwise(edges):
        middle = (begin + end) / 2
        left *= 1.0 - (end - begin) * defective_rate(middle, probability, delay)
    assert isclose(1.0 - left, probability * delay.done(edges[-1]), rel_tol=0.05)


def test_nothing_happens_before_its_beginning() -> None:
    assert defective_rate(0.0, 0.5, LogNormal(60.0, 1.0)) == 0.0
    assert defective_rate(5.0, 0.0, LogNormal(60.0, 1.0)) == 0.0
