"""The loss formula against published tables; and what it promises, kept by simulated traffic."""

from collections.abc import Callable
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import MINUTE
from swapboard.numbers.replay import Stay, busiest_hour, mean_minutes, replay, resting, smallest_replayed
from swapboard.numbers.sizing import (
    Callers,
    Traffic,
    accuracy,
    curve,
    erlang_b,
    pool_sizes,
    recommended,
    size,
    smallest_pool,
    thumbs,
)

# The load (erlang) at which N lines lose this share, as published: J. R. Boucher, Traffic System Design Handbook
# (IEEE Press 1993), Erlang B tables; Dunlop, Girma and Irvine, Digital Mobile Communications and the TETRA
# System (Wiley 1999), A.3.2; 15 lines: https://erlang.com/calculatormanual/howmuchtrafficcanatrunkgrouphandle.htm
TABLE = [
    (1, 0.01, 0.0101),
    (2, 0.01, 0.153),
    (5, 0.01, 1.361),
    (10, 0.01, 4.461),
    (15, 0.01, 8.108),
    (20, 0.01, 12.03),
    (50, 0.01, 37.90),
    (100, 0.01, 84.06),
    (5, 0.02, 1.657),
    (10, 0.02, 5.084),
    (20, 0.02, 13.18),
    (100, 0.02, 87.97),
    (10, 0.001, 3.092),
    (100, 0.001, 75.24),
    (10, 0.05, 6.216),
    (10, 0.10, 7.511),
]


@pytest.mark.parametrize(("numbers", "lost", "load"), TABLE)
def test_the_formula_agrees_with_published_tables(numbers: int, lost: float, load: float) -> None:
    assert erlang_b(load, numbers) == pytest.approx(lost, rel=0.01)
    assert smallest_pool(load * 0.99, lost) == numbers
    assert smallest_pool(load * 1.01, lost) == numbers + 1


def test_a_pool_as_large_as_its_mean_load_turns_a_fifth_away() -> None:
    assert erlang_b(10, 10) == pytest.approx(0.215, abs=0.0005)


@given(st.floats(0, 2_000), st.integers(0, 3_000))
def test_it_is_a_share_at_any_size(load: float, numbers: int) -> None:
    assert 0 <= erlang_b(load, numbers) <= 1


@given(st.floats(0.01, 300), st.integers(0, 400))
def test_more_numbers_lose_less_and_more_load_loses_more(load: float, numbers: int) -> None:
    assert erlang_b(load, numbers + 1) <= erlang_b(load, numbers)
    assert erlang_b(load, numbers) <= erlang_b(load * 1.5, numbers)


@pytest.mark.parametrize(("load", "numbers"), [(-1, 3), (float("nan"), 3), (2, -1)])
def test_what_is_no_load(load: float, numbers: int) -> None:
    with pytest.raises(ValueError, match="not negative"):
        erlang_b(load, numbers)


TRAFFIC = st.builds(
    Traffic,
    visits_per_hour=st.floats(0.1, 600),
    live_minutes=st.floats(0.1, 20),
    quiet_minutes=st.floats(0, 60),
)


@given(TRAFFIC, st.sampled_from([0.001, 0.01, 0.05]))
def test_the_recommended_pool_is_the_smallest_that_keeps_the_promise(traffic: Traffic, promise: float) -> None:
    numbers = recommended(traffic, promise)
    found = size(traffic, Callers(), numbers)
    assert found.overflow <= found.kept_back <= promise
    if numbers > 1:
        assert size(traffic, Callers(), numbers - 1).kept_back > promise


@given(TRAFFIC)
def test_the_curve_falls_its_accuracy_rises_and_the_knee_is_on_it(traffic: Traffic) -> None:
    sizes = curve(traffic, Callers(), 0.01)
    assert recommended(traffic, 0.01) in {each.numbers for each in sizes}
    for one, next_ in pairwise(sizes):
        assert next_.overflow <= one.overflow
        assert next_.accuracy >= one.accuracy - 1e-9
        assert next_.monthly_cents > one.monthly_cents
    assert all(0.8 <= each.accuracy <= 1 for each in sizes)
    assert len(sizes) <= 25


@given(st.integers(1, 4_000))
def test_sizes_lie_around_the_knee(knee: int) -> None:
    sizes = pool_sizes(knee)
    assert sizes == sorted(set(sizes))
    assert knee in sizes
    assert sizes[0] == 1
    assert len(sizes) <= 25


def test_vendors_rules_of_thumb_stand_beside_ours() -> None:
    traffic = Traffic(visits_per_hour=200, live_minutes=3)
    by_day = thumbs(traffic, daily_visits=1_000)
    assert [each.numbers for each in by_day] == [50, 40, 10]
    assert by_day[2].overflow == pytest.approx(0.215, abs=0.0005)
    assert [each.numbers for each in thumbs(traffic)] == [100, 80, 10]


SPREADS: dict[str, Callable[[Random], float]] = {
    "even": lambda _chance: 1.0,
    "memoryless": lambda chance: chance.expovariate(1),
    "heavy": lambda chance: chance.lognormvariate(-0.72, 1.2),
}
"""Laws of how long a visit stays, with the mean one."""


def simulated(chance: Random, visits: int, traffic: Traffic, spread: str = "memoryless") -> list[Stay]:
    """Visits at random moments, staying for random times: what the formula is about."""
    at, stays = 0.0, []
    for _ in range(visits):
        at += chance.expovariate(traffic.visits_per_hour / 60) * MINUTE
        stays.append(Stay(round(at), round(at + SPREADS[spread](chance) * traffic.live_minutes * MINUTE)))
    return stays


@pytest.mark.parametrize("spread", ["even", "memoryless", "heavy"])
@pytest.mark.parametrize(
    ("traffic", "promise"),
    [
        (Traffic(240, 3, quiet_minutes=0), 0.01),
        (Traffic(120, 5, quiet_minutes=0), 0.05),
        (Traffic(60, 4, quiet_minutes=20), 0.01),
        (Traffic(12, 2, quiet_minutes=30), 0.02),
    ],
)
def test_the_recommended_pool_replayed_keeps_the_promised_overflow(
    traffic: Traffic, promise: float, spread: str
) -> None:
    """Whatever the law of how long visits stay: the loss formula knows its mean only."""
    stays = simulated(Random(7), 80_000, traffic, spread)
    numbers = recommended(traffic, promise)
    expected = erlang_b(traffic.resting_load, numbers)
    kept_back = replay(resting(stays, traffic.quiet_minutes), numbers, Callers()).overflow
    # Visits overflow in bursts, a resting time long: so much may chance add to this many.
    assert kept_back == pytest.approx(expected, rel=0.2)
    assert kept_back <= promise * 1.15
    if traffic.quiet_minutes:
        assert replay(stays, numbers, Callers()).overflow <= promise / 100


@pytest.mark.parametrize("numbers", [2, 4, 6, 10, 20])
def test_the_replays_accuracy_is_the_formulas(numbers: int) -> None:
    traffic, callers = Traffic(60, 3), Callers(late_share=0.3, late_minutes=15)
    found = replay(simulated(Random(3), 40_000, traffic), numbers, callers)
    assert found.overflow == pytest.approx(erlang_b(traffic.live_load, numbers), abs=0.01)
    assert found.accuracy == pytest.approx(accuracy(traffic, callers, numbers), abs=0.012)


STAYS = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 60)).map(lambda each: Stay(each[0] * 1000, sum(each) * 1000)),
    max_size=40,
)


@given(STAYS, st.integers(0, 8))
def test_a_replay_counts_every_visit_and_never_more_live_than_numbers(stays: list[Stay], numbers: int) -> None:
    found = replay(stays, numbers, Callers())
    assert found.visits == len(stays)
    assert 0 <= found.overflowed <= found.visits
    assert found.most_live <= numbers
    assert 0 <= found.accuracy <= 1
    more = replay(stays, numbers + 1, Callers())
    assert more.overflowed <= found.overflowed


@given(STAYS, st.sampled_from([0.01, 0.1]))
def test_the_smallest_replayed_pool_keeps_the_promise_on_the_very_visits(
    stays: list[Stay], promise: float
) -> None:
    numbers = smallest_replayed(stays, 0.2, promise, 50)
    assert replay(resting(stays, 0.2), numbers, Callers()).overflow <= promise
    if numbers > 1:
        assert replay(resting(stays, 0.2), numbers - 1, Callers()).overflow > promise


def test_the_busiest_hour_begins_where_it_is_busiest() -> None:
    at = [0, 59, 61, 62, 118, 200]
    stays = [Stay(minute * MINUTE, minute * MINUTE + 30_000) for minute in at]
    assert busiest_hour(stays) == 4
    assert busiest_hour([]) == 0
    assert mean_minutes(stays) == 0.5
    assert mean_minutes([]) == 0
