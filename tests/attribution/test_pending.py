"""The pending call mass of numbers: what decides which of the idle ones is given next."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from swapboard.attribution.backtest import replayed
from swapboard.attribution.curve import Curve
from swapboard.attribution.hazard import LONGEST_AGE
from swapboard.attribution.holder import Holder
from swapboard.attribution.law import law_named
from swapboard.attribution.pending import Pending
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.simulation import Simulation
from swapboard.attribution.traffic import read_traffic
from swapboard.clock import HOUR, MINUTE, SECOND, Millis
from swapboard.numbers.pool import FreeNumber, Want, place

NOW = 10 * LONGEST_AGE
NEVER_SHOWN = FreeNumber("n0", "+12025550100", 0)
PENDING = Pending(Curve.prior())
AGES = st.integers(0, LONGEST_AGE)


def a_holder(left_at: Millis | None = NOW, **known: object) -> Holder:
    came_at = NOW - 90 * SECOND
    return structs.replace(Holder("s1", "v1", came_at, heard_at=NOW, left_at=left_at), **known)  # type: ignore[arg-type]


def a_number(left_at: Millis, heat: float = 1.0, number_id: str = "n1") -> FreeNumber:
    return FreeNumber(number_id, "+12025550101", left_at, heat)


@given(AGES, AGES, st.floats(0.01, 50))
def test_a_number_cools_with_time_and_is_cold_in_the_end(first: Millis, second: Millis, heat: float) -> None:
    younger, older = sorted((first, second))
    mass = PENDING.at(NOW)
    assert mass(a_number(NOW - younger, heat)) >= mass(a_number(NOW - older, heat)) >= 0
    assert mass(a_number(NOW - LONGEST_AGE, heat)) == 0 == mass(NEVER_SHOWN)


@given(AGES, st.floats(0.01, 50))
def test_all_calls_still_to_come_are_those_of_the_curve(age: Millis, heat: float) -> None:
    later = min(LONGEST_AGE, age + HOUR)
    mass = PENDING.at(NOW)
    between = mass(a_number(NOW - age)) - mass(a_number(NOW - later))
    assert mass(a_number(NOW - age, heat)) == pytest.approx(heat * (between + mass(a_number(NOW - later))))


@given(st.integers(SECOND, 25 * 24 * HOUR), st.floats(0.1, 20))
def test_who_has_called_leaves_less_and_those_before_are_not_forgotten(rest: Millis, heat: float) -> None:
    before = a_number(NOW - rest, heat)
    undecided = PENDING.heat(a_holder(), before, NOW)
    assert PENDING.heat(a_holder(called=1.0), before, NOW) < undecided
    assert PENDING.heat(a_holder(), before._replace(heat=2 * heat), NOW) > undecided
    assert undecided > 0


def test_who_withheld_its_number_may_call_again_and_not_be_known() -> None:
    before = a_number(NOW - HOUR)
    known, unnamed = (PENDING.heat(a_holder(called=1.0, unnamed=each), before, NOW) for each in (0.0, 1.0))
    assert unnamed > known


def test_a_number_that_was_never_shown_is_as_hot_as_its_one_holder() -> None:
    assert PENDING.heat(a_holder(), NEVER_SHOWN, NOW) == pytest.approx(1.0)
    assert PENDING.heat(a_holder(called=1.0), NEVER_SHOWN, NOW) == pytest.approx(Curve.prior().after_call)


def test_a_tap_just_before_leaves_more() -> None:
    before = a_number(NOW - MINUTE)
    tapped = PENDING.heat(a_holder(tapped_at=NOW - SECOND), before, NOW)
    assert tapped > PENDING.heat(a_holder(), before, NOW)


def test_the_number_with_the_smallest_mass_is_given_though_another_is_idle_for_longer() -> None:
    hot, cold = a_number(NOW - 20 * MINUTE, 9.0, "hot"), a_number(NOW - 10 * MINUTE, 0.1, "cold")
    want = Want("s2", "t")
    assert place([want], [hot, cold])[want.want_id] == hot
    assert place([want], [hot, cold], PENDING.at(NOW))[want.want_id] == cold


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0.0, 0.5, 2.0])), min_size=1, max_size=6))
def test_one_that_comes_alone_gets_what_all_together_would(idle: list[tuple[int, float]]) -> None:
    """A replay places visit by visit."""
    free = [a_number(NOW - hours * HOUR, heat, f"n{at}") for at, (hours, heat) in enumerate(idle)]
    want = Want("s2", "t")
    for numbers in (free, free[::-1]):
        assert PENDING.coolest(numbers, NOW) == place([want], numbers, PENDING.at(NOW))[want.want_id]


@pytest.mark.parametrize("law", ["corner-shop", "vanishing"])
def test_it_is_not_worse_than_to_give_the_longest_idle(law: str) -> None:
    logs = [list(Simulation(law_named(law), Random(seed)).lines(6_000)) for seed in (3, 4, 5)]

    def loss(considered: int) -> float:
        return sum(replayed(Switchboard(8, considered=considered), read_traffic(each)).loss for each in logs)

    # Of a thousand calls, more than this would not be chance; benchmarks/placement_table.py looks closer.
    assert loss(4) < 1.1 * loss(1)
