"""The command that says where the gap to the oracle lies tells each call's parts rightly."""

import pytest

from benchmarks.attribution_gap import TERMS, gaps
from benchmarks.replays import ORACLES_HOLDERS
from benchmarks.simulated_logs import log_of
from swapboard.attribution.backtest import replayed
from swapboard.attribution.law import law_named
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.traffic import read_traffic


def test_each_term_taken_from_the_oracle_brings_ours_nearer() -> None:
    calls, sums = gaps(law_named("law-firm"), pool=4, visits=1500, seed=2)
    assert calls.total() > 50
    assert {"nobody's", "on the page", "late", "again"} <= calls.keys()
    assert sums.keys() == {"oracle", *TERMS}
    gap = {name: (found.total() - sums["oracle"].total()) / calls.total() for name, found in sums.items()}
    assert abs(gap["all"]) < gap["ours"] / 2
    assert gap["all"] < gap["both"] < gap["ours"]


def test_no_right_answer_is_lost_because_it_was_hardly_possible() -> None:
    law = law_named("clinic")
    _, sums = gaps(law, pool=2, visits=1500, seed=2)
    lines = log_of(law, 1500, 2)
    score = replayed(Switchboard(2, considered=1, holders=ORACLES_HOLDERS), read_traffic(lines))
    assert sums["ours"].total() == pytest.approx(score.loss, rel=0.002)
