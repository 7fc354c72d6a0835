"""The table of docs/attribution.md is made replay by replay, and goes on where it was cut off."""

from math import inf
from pathlib import Path

import pytest

from benchmarks.attribution_table import COLUMNS, row, runs_of, summary
from benchmarks.kept_replays import code, kept, make
from benchmarks.replays import Figures

CODES = {"ours": "this code", "oracle": "the law", "told": "the law"}
ROWS = [runs_of("corner-shop", 4, 300, 1, reachable=True), runs_of("robots", 4, 300, 1, reachable=False)]
RUNS = [run for runs in ROWS for run in runs]


def test_figures_are_kept_for_the_code_that_made_them(tmp_path: Path) -> None:
    keep = tmp_path / "figures.jsonl"
    assert list(make(RUNS, keep, CODES, 1, until=-inf)) == []
    assert kept(keep, CODES) == {}
    assert len(list(make(RUNS, keep, CODES, 1, until=inf))) == len(RUNS)
    made = kept(keep, CODES)
    assert made.keys() == set(RUNS)
    for runs, reachable in zip(ROWS, (True, False), strict=True):
        law, pool, *figures = (cell.strip() for cell in row(runs, made).strip("|").split("|"))
        assert (law, int(pool)) == (runs[0].law, runs[0].pool)
        assert 2 + len(figures) == len(COLUMNS)
        assert (figures[COLUMNS.index("reachable") - 2] != "") == reachable
    assert summary(ROWS, made).startswith("Of 2 rows accuracy is there in ")
    later = kept(keep, CODES | {"ours": "other code"})
    assert {run.who for run in later} == {"oracle", "told"}


@pytest.mark.parametrize("who", ["oracle", "told"])
def test_who_is_told_the_law_depends_on_less(who: str) -> None:
    assert code(who) != code("ours")


def test_what_is_wanted_is_counted() -> None:
    good, bad = Figures(0.0, 100, 0.90, 0.50, 0.02, 0.01), Figures(0.0, 100, 0.80, 0.60, 0.03, 0.01)
    rows = [runs_of("clinic", pool, 300, 1, reachable=False) for pool in (4, 16)]
    made = dict(zip([run for runs in rows for run in runs], (good, good, bad, good), strict=True))
    assert summary(rows, made) == (
        "Of 2 rows accuracy is there in 1, log-loss in 1, calibration in 1; "
        "the mean of the ratios of log-losses is 1.100."
    )
