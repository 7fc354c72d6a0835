"""Who held a number long ago: counted in the cells of the curve, in bounded memory."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.curve import CROWD, Curve
from swapboard.attribution.evidence import Link
from swapboard.attribution.hazard import EDGES, FIRST_CELL, LONGEST_AGE, Phase
from swapboard.attribution.tail import MOST_REGIONS, Tail
from swapboard.attribution.watch import Watched
from swapboard.clock import DAY, HOUR, MINUTE, Millis

NOW: Millis = 400 * DAY


def silent(at: Millis) -> Watched:
    return Watched("s", "v", at - MINUTE, at)


def left(at: Millis, region: str = "", called: float = 0.0) -> Watched:
    return Watched("s", "v", at - MINUTE, at, left_at=at, region=region, called=called)


AGES = st.one_of(
    st.integers(0, 2 * LONGEST_AGE), st.integers(0, HOUR), st.sampled_from(EDGES[Phase.LEFT] + EDGES[Phase.SILENT])
)


@pytest.mark.parametrize(("phase", "gone"), [(Phase.LEFT, left), (Phase.SILENT, silent)])
@given(ages=st.lists(AGES, max_size=30))
def test_each_is_counted_once_in_the_cell_of_its_age(
    phase: Phase, gone: Callable[[Millis], Watched], ages: list[Millis]
) -> None:
    tail = Tail()
    tail.take([gone(NOW - age) for age in sorted(ages, reverse=True)])
    first = CROWD + FIRST_CELL[phase]
    cells = enumerate(pairwise(EDGES[phase]), first)
    expected = {at: sum(begin <= age < end for age in ages) for at, (begin, end) in cells}
    assert tail.places(NOW, {}) == {at: count for at, count in expected.items() if count}


def test_a_region_counts_for_as_much_as_the_callers_area_says() -> None:
    tail = Tail()
    tail.take([left(NOW - DAY, "US-NY"), left(NOW - DAY, "US-CA"), left(NOW - DAY, "US-CA")])
    [count] = tail.places(NOW, {"US-NY": 5.0, "US-CA": 0.25}).values()
    assert count == 5.5


def test_many_of_several_regions_are_each_counted_by_their_own_ratio() -> None:
    tail, pairs = Tail(most=50_000), 10_000
    for begin in range(0, pairs, 100):
        each = range(begin, begin + 100)
        tail.take([left(NOW - DAY + at, region) for at in each for region in ("US-NY", "US-CA")])
    for areas, both in (({"US-NY": 5.0, "US-CA": 0.25}, 5.25), ({"US-NY": 1.5}, 2.5)):
        assert sum(tail.places(NOW, areas).values()) == both * pairs


def test_who_called_already_is_left_out() -> None:
    tail = Tail()
    tail.take([left(NOW - DAY, called=0.9)])
    assert tail.places(NOW, {}) == {}


def test_whose_number_is_known_calls_from_no_new_one() -> None:
    """One in twelve holders of long ago in the clinic's law: new callers were taken for them too often."""
    tail, links = Tail(), {"v": Link("+12125550111", 0.5, "s0")}
    tail.take([left(NOW - DAY, called=0.1)], links)
    tail.take([left(NOW - DAY, called=0.2)])
    tail.take([left(NOW - DAY)])
    [counted] = tail.places(NOW, {}).values()
    assert counted == pytest.approx(3.0 - 0.5 * Curve.same_number - 0.2, abs=0.01)


def test_who_can_call_no_more_is_forgotten_first_and_then_the_oldest() -> None:
    tail = Tail(most=100)
    tail.take([left(NOW - 2 * LONGEST_AGE + at, region) for at in range(30) for region in ("US-NY", "US-CA")])
    tail.take([left(NOW - DAY + at) for at in range(41)])
    assert sum(tail.places(NOW, {}).values()) == tail.held == 41
    for day in range(10):
        tail.take([left(NOW + day * HOUR + at) for at in range(41)])
        assert tail.held <= 100
    assert sum(tail.places(NOW + DAY, {}).values()) == tail.held


@given(st.lists(st.tuples(st.sampled_from(["", "US-NY", "US-CA"]), st.integers(0, 40)), min_size=1, max_size=30))
def test_who_is_taken_after_somebody_who_went_later_keeps_its_age(went: list[tuple[str, int]]) -> None:
    """They were taken for as young as the latest of their region: whoever comes back keeps an early place."""
    tail, areas = Tail(), {"US-NY": 2.0, "US-CA": 0.5}
    expected = dict.fromkeys(range(len(EDGES[Phase.LEFT]) - 1), 0.0)
    for region, hours in went:
        tail.take([left(NOW + hours * HOUR, region)])
        age = (41 - hours) * HOUR
        cell = next(at for at, (begin, end) in enumerate(pairwise(EDGES[Phase.LEFT])) if begin <= age < end)
        expected[cell] += areas.get(region, 1.0)
    first = CROWD + FIRST_CELL[Phase.LEFT]
    assert tail.places(NOW + 41 * HOUR, areas) == {first + at: n for at, n in expected.items() if n}


def test_holders_of_more_regions_than_are_kept_count_as_of_any() -> None:
    tail = Tail()
    tail.take([left(NOW - DAY, f"R{at}") for at in range(MOST_REGIONS + 20)])
    areas = {f"R{at}": 2.0 for at in range(MOST_REGIONS + 20)}
    named = MOST_REGIONS - 1
    assert sum(tail.places(NOW, areas).values()) == 2.0 * named + (MOST_REGIONS + 20 - named)
