"""The command that sets answers without their tap beside those with it."""

from benchmarks.attribution_taps import checks
from swapboard.attribution.law import law_named


def test_with_the_tap_an_answer_is_surer_and_more_often_right() -> None:
    without, with_it = checks(law_named("emergency"), visits=1500, pool=8, seed=2)
    assert without.calls == with_it.calls > 30
    assert (with_it.confidence or 0.0) > (without.confidence or 0.0)
    assert with_it.right > without.right


def test_pages_that_do_not_tell_of_taps_check_nothing() -> None:
    without, _ = checks(law_named("vanishing"), visits=300, pool=8, seed=2)
    assert without.calls == 0
