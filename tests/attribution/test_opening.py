"""Opening hours: what comes due while it is closed rings after the opening, and none of it is lost."""

from dataclasses import replace
from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swapboard.attribution.curve import CROWD, MOST_MOMENTS, ON_PAGE, Curve
from swapboard.attribution.hazard import EDGES, FIRST_CELL, WIDTHS, Phase, cell
from swapboard.attribution.hours import hour_of
from swapboard.attribution.learned import Evidence, Learned, evidence_from_json, from_json
from swapboard.attribution.opening import CLOSED, LATER, SIZES, Moment, Opening, Waits
from swapboard.attribution.slopes import WHOLE
from swapboard.clock import DAY, HOUR, MINUTE, Millis

SHOP = Opening(opens=8 * 60, lasts=11 * 60, after=30.0, early=0.01)
OFFICE = Opening(opens=9 * 60, lasts=8 * 60, closed=(5, 6))
FAR_AWAY = Opening(opens=20 * 60, lasts=9 * 60)
LEFT = FIRST_CELL[Phase.LEFT]
BASE = Curve.prior().rates[LEFT:]
openings = st.builds(
    Opening,
    st.integers(0, 1439),
    st.integers(60, 1440),
    st.frozensets(st.integers(0, 6), max_size=3).map(lambda days: tuple(sorted(days))),
    st.floats(5.0, 120.0),
    st.floats(0.01, 0.1),
)


@pytest.mark.parametrize(
    ("opening", "at", "moment"),
    [
        (SHOP, 7 * HOUR, Moment(CLOSED, 0)),
        (SHOP, 8 * HOUR, Moment(0, 13 * HOUR)),
        (SHOP, 9 * HOUR + 4 * MINUTE, Moment(6, 13 * HOUR)),
        (SHOP, 12 * HOUR, Moment(LATER, 0)),
        (SHOP, 19 * HOUR, Moment(CLOSED, 0)),
        (OFFICE, 6 * DAY + 10 * HOUR, Moment(CLOSED, 0)),
        (OFFICE, 7 * DAY + 9 * HOUR, Moment(0, 64 * HOUR)),
        (FAR_AWAY, 4 * HOUR, Moment(LATER, 0)),
        (FAR_AWAY, 6 * HOUR, Moment(CLOSED, 0)),
        (FAR_AWAY, 20 * HOUR + 30 * MINUTE, Moment(3, 15 * HOUR)),
        (replace(SHOP, lasts=24 * 60), 8 * HOUR, Moment(0, 0)),
    ],
)
def test_a_moment_is_told_by_the_opening_before(opening: Opening, at: Millis, moment: Moment) -> None:
    assert opening.moment(at + 70 * DAY) == moment


@settings(max_examples=30, deadline=None)
@given(openings, st.lists(st.integers(0, 30 * DAY), min_size=1, max_size=30), st.integers(0, 9))
def test_what_stands_in_the_cells_and_what_it_comes_from_are_the_same_calls(
    opening: Opening, at: list[Millis], seed: int
) -> None:
    late = np.random.default_rng(seed).random((len(at), sum(SIZES)))
    when, base = np.array(at), np.array(BASE)
    moments, which = opening.moments(when)
    assert [moments[each] for each in which] == list(map(opening.moment, at))
    directly = (late * opening.rates(moments, base)[which]).sum(axis=1)
    assert opening.never_closed(late, when) @ base == pytest.approx(directly)


@pytest.mark.parametrize("opening", [SHOP, FAR_AWAY])
def test_who_waits_calls_as_often_as_if_it_never_closed(opening: Opening) -> None:
    """Of visits that ended at any time of a day, waited for as long as they may call."""
    plain = replace(opening, early=0.0)
    base = np.array([rate * exp(-age / DAY) for rate, age in zip(BASE, EDGES[Phase.LEFT][1:], strict=False)])
    everywhere = np.concatenate([base, np.zeros(SIZES[1])])
    step, called = 5 * MINUTE, 0.0
    for ended in range(0, DAY, 3 * HOUR):
        ages = np.arange(step // 2, 12 * DAY, step)
        moments, which = plain.moments(ended + ages)
        cells = np.array([cell(Phase.LEFT, age) for age in ages.tolist()]) - LEFT
        called += plain.rates(moments, everywhere)[which, cells].sum() * step / 8
    ages = np.arange(step // 2, 12 * DAY, step)
    always = sum(base[cell(Phase.LEFT, age) - LEFT] for age in ages.tolist()) * step
    assert called == pytest.approx(always, rel=0.05)


def test_a_curve_goes_by_the_hours_as_far_as_they_are_believed() -> None:
    plain = Curve.prior()
    night, morning, noon = 30 * DAY + 3 * HOUR, 30 * DAY + 8 * HOUR + MINUTE, 30 * DAY + 13 * HOUR
    place = cell(Phase.LEFT, 9 * HOUR)
    for share in (0.25, 1.0):
        curve = replace(plain, waits=Waits(((SHOP, 1.0),), BASE, share))
        usual = plain.flat_at(noon)
        assert curve.flat_at(noon)[:WHOLE] == pytest.approx(usual[:WHOLE])
        assert curve.flat_at(night)[:ON_PAGE] == usual[:ON_PAGE]
        assert curve.flat_at(night)[place] == pytest.approx(usual[place] * (1.0 - share * 0.99))
        assert curve.flat_at(morning)[place] > (1.0 + 10 * share) * usual[place]
        assert curve.flat_at(morning)[CROWD + place] == pytest.approx(curve.flat_at(morning)[place])


def test_the_rates_of_a_few_moments_are_kept_and_made_anew_after_that() -> None:
    beside = tuple((replace(SHOP, opens=8 * 60 + 5 * step), 1 / 12) for step in range(12))
    waits = Waits(beside, BASE, 1.0)
    curve, day = replace(Curve.prior(), waits=waits), range(30 * DAY, 31 * DAY, 5 * MINUTE)
    assert len({(hour_of(at), waits.moment(at)) for at in day}) > MOST_MOMENTS
    first = [list(curve.flat_at(at)) for at in day]
    assert len(curve._by_moment) <= MOST_MOMENTS
    # Said briefly: what differs would be a book of figures.
    assert all(list(curve.flat_at(at)) == rates for at, rates in zip(day, first, strict=True))


def test_where_it_is_not_sure_of_its_hours_the_mean_of_them_is_taken() -> None:
    longer = replace(SHOP, lasts=13 * 60)
    evening, place = 30 * DAY + 20 * HOUR, cell(Phase.LEFT, 2 * HOUR) - LEFT
    waits = Waits(((SHOP, 0.75), (longer, 0.25)), BASE, 1.0)
    assert waits.at(waits.moment(evening))[place] == pytest.approx(BASE[place] * (0.25 + 0.75 * 0.01))


def test_who_was_on_the_page_until_a_beat_was_missed_does_not_wait_since_then() -> None:
    """Nobody spends time there: calls that come from it would cost nothing."""
    due = SHOP.rates([SHOP.moment(30 * DAY + 8 * HOUR)], np.eye(sum(SIZES))[SIZES[0]])[0]
    assert due[SIZES[0]] == 1.0
    assert sum(due) == 1.0


def test_hours_are_kept_with_the_curve_and_older_ones_have_none() -> None:
    learned = Learned(3, replace(Curve.prior(), waits=Waits(((OFFICE, 0.75), (SHOP, 0.25)), BASE, 0.5)))
    kept = learned.as_json()
    assert from_json(3, kept) == learned
    kept["curve"]["waits"]["rates"] = BASE[1:]
    assert from_json(3, kept) == Learned(3)
    del kept["curve"]["waits"]
    assert from_json(3, kept) == Learned(3)


def test_evidence_is_weighed_by_the_moment_at_which_it_rang() -> None:
    curve = replace(
        Curve.prior(), waits=Waits(((SHOP, 1.0),), BASE, 1.0), late_rhythm=tuple(0.5 + at / 23 for at in range(24))
    )
    candidates = (("s1", cell(Phase.LEFT, 9 * HOUR), 1.0, 0.0, ""), ("s2", cell(Phase.LEFT, MINUTE), 1.0, 0.0, ""))
    evidence = Evidence(candidates, (), 1.0, 0.0, 0, 40 * DAY + 8 * HOUR + 20 * MINUTE)
    assert evidence_from_json(evidence.as_json(), evidence.at) == evidence
    later = replace(evidence, at=evidence.at + 3 * HOUR)
    assert evidence.weigh(curve)[0]["s1"] > 2 * later.weigh(curve)[0]["s1"]
    older = evidence_from_json(evidence.as_json() | {"hour": 8}, evidence.at)
    assert older.weigh(curve) == evidence.weigh(curve)


def test_cells_are_those_of_the_curve() -> None:
    assert sum(SIZES) == len(WIDTHS) - ON_PAGE
