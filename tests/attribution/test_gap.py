"""The command that says where the gap to the oracle lies tells each call's parts rightly."""

from benchmarks.attribution_gap import TERMS, gaps
from swapboard.attribution.law import law_named


def test_each_term_taken_from_the_oracle_brings_ours_nearer() -> None:
    calls, sums = gaps(law_named("law-firm"), pool=4, visits=1500, seed=2)
    assert calls.total() > 50
    assert {"nobody's", "on the page", "late", "again"} <= calls.keys()
    assert sums.keys() == {"oracle", *TERMS}
    gap = {name: (found.total() - sums["oracle"].total()) / calls.total() for name, found in sums.items()}
    assert abs(gap["all"]) < gap["ours"] / 2
    assert gap["all"] < gap["both"] < gap["ours"]
