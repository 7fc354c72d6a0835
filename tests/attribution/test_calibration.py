"""How honest the confidence is: which calls are checked, and what the checks say together."""

from dataclasses import replace
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from swapboard.attribution.calibration import BINS, JUST_BEFORE, Check, blind_check, reliability
from swapboard.attribution.curve import Curve
from swapboard.attribution.holder import Holder
from swapboard.attribution.ring import Ring
from swapboard.clock import HOUR, SECOND

NOW = 10**12
RING = Ring(NOW, "n1")
CURVE = Curve.prior()
HERE = Holder("here", "v1", NOW - 60 * SECOND, NOW - 5 * SECOND)
LONG_GONE = Holder("gone", "v2", NOW - 9 * HOUR, NOW - 8 * HOUR, left_at=NOW - 8 * HOUR)
CHECKS = st.lists(st.builds(Check, st.floats(0, 1), st.booleans()))


def test_a_call_that_nobody_tapped_for_is_not_checked() -> None:
    assert blind_check(RING, [HERE, LONG_GONE], CURVE, {}) is None
    early = structs.replace(HERE, tapped_at=NOW - JUST_BEFORE - 1)
    assert blind_check(RING, [early, LONG_GONE], CURVE, {}) is None


def test_nor_is_one_that_two_tapped_for() -> None:
    both = [structs.replace(each, tapped_at=NOW - SECOND) for each in (HERE, LONG_GONE)]
    assert blind_check(RING, both, CURVE, {}) is None


def test_nor_is_one_whose_tap_led_to_an_earlier_call() -> None:
    called = structs.replace(HERE, tapped_at=NOW - 9 * SECOND)
    called.believe(0.9, NOW - 5 * SECOND, withheld=False)
    assert blind_check(RING, [called, LONG_GONE], CURVE, {}) is None
    assert blind_check(RING, [structs.replace(called, tapped_at=NOW - SECOND), LONG_GONE], CURVE, {}) is not None


def test_the_tap_has_no_part_in_the_answer_that_it_checks() -> None:
    right = blind_check(RING, [structs.replace(HERE, tapped_at=NOW - SECOND), LONG_GONE], CURVE, {})
    wrong = blind_check(RING, [HERE, structs.replace(LONG_GONE, tapped_at=NOW - SECOND)], CURVE, {})
    assert right is not None
    assert wrong is not None
    assert right.confidence == wrong.confidence
    assert (right.is_right, wrong.is_right) == (True, False)


def test_who_taps_a_number_that_nobody_is_thought_to_call_from_proves_us_wrong() -> None:
    silent = replace(CURVE, nobody=1.0)
    assert blind_check(RING, [structs.replace(HERE, tapped_at=NOW)], silent, {}) == (
        pytest.approx(1.0, abs=1e-3),
        False,
    )


@given(CHECKS)
def test_each_check_is_in_one_bin(checks: list[Check]) -> None:
    found = reliability(checks)
    assert found.calls == len(checks) == sum(each.calls for each in found.bins)
    assert len(found.bins) <= BINS
    assert found.sure_right <= found.sure == sum(check.confidence >= 0.9 for check in checks)
    assert (found.error is None) == (not checks)
    assert 0 <= (found.error or 0) <= 1
    assert sum(each.right * each.calls for each in found.bins) == pytest.approx(sum(c.is_right for c in checks))


def test_a_confidence_that_keeps_its_word_has_no_error() -> None:
    honest = [Check(0.75, index < 3) for index in range(4)] + [Check(1.0, is_right=True)] * 8
    found = reliability(honest)
    assert found.error == pytest.approx(0)
    assert (found.sure, found.sure_right, found.says_enough) == (8, 8, True)
    assert reliability([Check(0.95, is_right=False)]).error == pytest.approx(0.95)


def test_a_confidence_that_is_right_errs_by_chance_as_often_as_it_is_told_to() -> None:
    chance = Random(4)
    confidences = [chance.random() for _ in range(400)]
    errors = []
    for _ in range(200):
        found = reliability(Check(each, chance.random() < each) for each in confidences)
        errors.append(found.error or 0.0)
    assert found.error_by_chance == pytest.approx(fmean(errors), rel=0.05)
    assert reliability([]).error_by_chance is None
