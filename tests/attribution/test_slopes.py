"""Parts of cells: their rates keep the cell's mean and follow what lies beside; what is counted stays cells."""

from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.curve import CROWD, ON_PAGE, Curve
from swapboard.attribution.evidence import who_of
from swapboard.attribution.hazard import CELLS, EDGES, FIRST_CELL, LONGEST_AGE, Phase, cell, cells_of
from swapboard.attribution.holder import Holder, places_of
from swapboard.attribution.learned import evidence_from_json, evidence_of
from swapboard.attribution.lesson import lesson
from swapboard.attribution.lessons import Lessons, expect
from swapboard.attribution.match import match
from swapboard.attribution.opening import Opening, Waits
from swapboard.attribution.ring import Ring
from swapboard.attribution.slopes import AWAY, PART_EDGES, PARTS, WHOLE, WHOLE_OF, first_part, slopes
from swapboard.clock import DAY, HOUR, MINUTE, SECOND, Millis

LOGS = st.lists(st.floats(-40.0, -5.0), min_size=CELLS, max_size=CELLS)
AWAY_AGES = st.integers(23 * SECOND, LONGEST_AGE - 1)


def by_part(rates: list[float], phase: Phase) -> np.ndarray:
    """A row for each cell of the phase."""
    cells = cells_of(phase)
    return slopes(np.array(rates)).reshape(-1, PARTS)[cells.start - ON_PAGE : cells.stop - ON_PAGE]


def left(ago: Millis, at: Millis) -> Holder:
    return Holder("s", "v", came_at=at - ago - MINUTE, heard_at=at - ago, left_at=at - ago)


@given(LOGS)
def test_a_cell_has_its_own_rate_in_the_mean_of_its_ages(logs: list[float]) -> None:
    for phase in AWAY:
        widths = np.diff(PART_EDGES[phase]).reshape(-1, PARTS)
        means = (by_part([exp(each) for each in logs], phase) * widths).sum(axis=1) / widths.sum(axis=1)
        assert means == pytest.approx(np.ones(len(means)))


@given(LOGS)
def test_a_cell_falls_only_where_the_cells_beside_it_do(logs: list[float]) -> None:
    for phase in AWAY:
        own = logs[cells_of(phase)]
        for at, parts in enumerate(by_part([exp(each) for each in logs], phase)):
            steps = np.diff(np.log(parts))
            inside = 0 < at < len(own) - 1
            rises = inside and own[at - 1] < own[at] < own[at + 1]
            falls = inside and own[at - 1] > own[at] > own[at + 1]
            assert (steps >= -1e-9).all() if rises else (steps <= 1e-9).all()
            assert falls or rises or steps == pytest.approx(np.zeros(PARTS - 1))


@pytest.mark.parametrize("phase", AWAY)
@pytest.mark.parametrize("power", [-2.5, -1.5, -0.5])
def test_a_power_of_age_is_followed_within_cells(phase: Phase, power: float) -> None:
    """By the means of its cells it is told to a few hundredths, where a cell's ends lie far apart."""

    def mean(begin: Millis, end: Millis) -> float:
        total: float = (end ** (power + 1) - begin ** (power + 1)) / (power + 1)
        return total / (end - begin)

    edges = EDGES[phase]
    rates = [1.0] * CELLS
    rates[cells_of(phase)] = [mean(max(SECOND, begin), end) for begin, end in pairwise(edges)]
    found = by_part(rates, phase)
    parts = list(pairwise(PART_EDGES[phase]))
    for at in range(3, len(edges) - 3):
        own = rates[FIRST_CELL[phase] + at]
        truth = [mean(*part) for part in parts[at * PARTS : (at + 1) * PARTS]]
        assert found[at] * own == pytest.approx(truth, rel=0.03)
        assert truth[0] / truth[-1] > 1.6 ** (-power * 0.6)


@given(AWAY_AGES, st.sampled_from(AWAY), st.booleans())
def test_who_is_weighed_alone_stands_in_the_part_of_its_age(age: Millis, phase: Phase, is_back: bool) -> None:
    at = 100 * DAY
    holder = replaced(left(age, at), phase, is_back)
    [place] = places_of((holder,), at)
    profile, own = divmod(WHOLE_OF[place], CELLS)
    assert own == cell(phase, age)
    part = place - first_part(profile, phase)
    assert PART_EDGES[phase][part] <= age < PART_EDGES[phase][part + 1]
    assert profile & 2 == 2 * is_back


def replaced(holder: Holder, phase: Phase, is_back: bool) -> Holder:
    holder.who = who_of(on_phone=False, returning=is_back)
    if phase is Phase.SILENT:
        holder.left_at = None
    return holder


@pytest.mark.parametrize("phase", AWAY)
def test_parts_begin_and_end_where_cells_do(phase: Phase) -> None:
    assert PART_EDGES[phase][::PARTS] == EDGES[phase]
    assert all(begin < end for begin, end in pairwise(PART_EDGES[phase]))


def test_whoever_left_longer_ago_within_a_cell_is_less_probable_where_rates_fall() -> None:
    curve, at = Curve.prior(), 100 * DAY
    begin, end = EDGES[Phase.LEFT][bisect_right(EDGES[Phase.LEFT], 9 * HOUR) - 1 :][:2]
    places = places_of((left(begin, at), left(end - 1, at)), at)
    soon, late = (curve.flat_at(at)[place] for place in places)
    assert 1.5 < soon / late < 3.0
    assert late < curve.flat_at(at)[WHOLE_OF[places[0]]] < soon


@given(st.lists(AWAY_AGES, min_size=1, max_size=6))
def test_a_call_is_counted_and_kept_by_cells(ages: list[Millis]) -> None:
    """Each gets what it weighs of the call, in the cell that its part is of; what is kept weighs the same."""
    curve, at = Curve.prior(), 100 * DAY
    ring, holders = Ring(at=at, number_id="n1"), [left(age, at) for age in ages]
    for name, holder in enumerate(holders):
        holder.session_id = f"s{name}"
    why = {holder.session_id: "" for holder in holders}
    posterior = match(ring, holders, curve, {}, least=0.01)
    scales, flat, places = posterior.scales, curve.flat_at(at), places_of(holders, at)
    total = sum(flat[place] for place in places) * scales.unheard + scales.nobody
    assert posterior.total == pytest.approx(total, rel=1e-9)
    expected = np.zeros(CROWD)
    for place in places:
        expected[WHOLE_OF[place]] += flat[place] * scales.unheard / total
    assert expect(curve, Lessons([lesson(ring, posterior)])).places == pytest.approx(expected, abs=2e-6)
    _, nobody = evidence_of(ring, posterior, why).weigh(curve)
    assert nobody == pytest.approx(scales.nobody / total)
    assert all(each.place < WHOLE for each in posterior.weighed)
    assert all(place < WHOLE for place in posterior.rest)


def test_evidence_of_before_there_were_parts_names_cells_and_means_them() -> None:
    """As it was kept: the session's cell is one of its profile's, the others' is the crowd's."""
    at, curve = 30 * DAY, Curve.prior()
    place, of_crowd = 5 * CELLS + cell(Phase.LEFT, 9 * HOUR), CROWD + cell(Phase.SILENT, 3 * DAY)
    kept = {
        "candidates": [["s1", place, 0.8, 0.0, "had this number until 9 hours before"]],
        "rest": [[of_crowd, 2.5]],
        "nobody": 0.98,
        "nobody_again": 0.0,
        "again_bin": 0,
    }
    mine = curve.rates[place % CELLS] * 0.8
    others, nobody = curve.rates[of_crowd % CELLS] * 2.5, curve.nobody * 0.98
    found, unknown = evidence_from_json(kept, at).weigh(curve)
    assert found["s1"] == pytest.approx(mine / (mine + others + nobody))
    assert unknown == pytest.approx(nobody / (mine + others + nobody))


def test_where_they_wait_for_the_opening_the_clock_tells_cells_apart_and_no_slope_does() -> None:
    opening = Opening(opens=8 * 60, lasts=10 * 60)
    plain = Curve.prior()
    curve = replace(plain, waits=Waits(((opening, 1.0),), plain.rates[ON_PAGE:], 1.0))
    flat = curve.flat_at(30 * DAY + 8 * HOUR + MINUTE)
    assert len(flat) == len(WHOLE_OF)
    assert list(flat[WHOLE:]) == [flat[whole] for whole in WHOLE_OF[WHOLE:]]
