"""Laws drawn at random are laws that can be set, and the same each time."""

from random import Random

import pytest

from benchmarks.drawn_laws import LEAST_POOL, RANGES, drawn_law, is_drawn, load, name_of
from swapboard.attribution.law import law_named
from swapboard.attribution.law_settings import LIMITS, parameters
from swapboard.attribution.simulation import Simulation
from swapboard.attribution.traffic import read_traffic
from tests.attribution.test_law_settings import simulated

NAMES = [name_of(seed, index) for seed in (1, 2) for index in range(100)]


def test_every_parameter_is_drawn_within_its_limits() -> None:
    assert tuple(RANGES) == parameters() == tuple(LIMITS)
    for name in NAMES:
        settings = drawn_law(name).settings
        assert settings.keys() == RANGES.keys()
        assert {each: value for each, value in settings.items() if not _allowed(each, value)} == {}


def _allowed(name: str, value: float) -> bool:
    least, most = LIMITS[name]
    return least <= value <= most


def test_the_same_name_draws_the_same_and_another_something_else() -> None:
    first = drawn_law(NAMES[0])
    drawn_law.cache_clear()
    assert drawn_law(NAMES[0]) == first
    assert len({tuple(drawn_law(name).settings.values()) for name in NAMES}) == len(NAMES)


def test_draws_are_as_wide_as_the_issue_asks_for() -> None:
    laws = [drawn_law(name) for name in NAMES]
    assert {each.base for each in laws} == {"corner-shop", "emergency", "clinic", "law-firm", "vanishing"}
    a_day = [each.law.visits_a_day for each in laws]
    assert min(a_day) < 40
    assert max(a_day) > 2500
    many_strangers = sum(each.law.stranger_share == 0.4 for each in laws)
    assert 10 <= many_strangers <= 40
    assert all(each.law.stranger_share <= 0.1 for each in laws if each.law.stranger_share != 0.4)


def test_the_pool_goes_by_the_load() -> None:
    shares: dict[str, list[float]] = {"starving": [], "tight": [], "ample": []}
    for name in NAMES:
        each = drawn_law(name)
        assert each.pool >= LEAST_POOL
        if each.pool > 4:
            shares[each.supply].append(each.pool / load(each.law))
    assert max(shares["starving"]) < 1.1
    assert min(shares["tight"]) > 0.9
    assert max(shares["tight"]) < 2.2
    assert min(shares["ample"]) > 2.7


@pytest.mark.parametrize("name", NAMES[:5])
def test_the_command_that_is_told_writes_the_same_traffic(name: str) -> None:
    assert is_drawn(name)
    assert not is_drawn("clinic")
    drawn = drawn_law(name)
    lines = list(Simulation(drawn.law, Random(3)).lines(200))
    assert len(list(read_traffic(lines))) == len(lines)
    assert drawn.law.told_taps == law_named(drawn.base).told_taps
    assert simulated(*drawn.command(200, 3).split()[3:]) == b"".join(lines)
