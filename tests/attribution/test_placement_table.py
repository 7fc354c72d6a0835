"""The table that sets choices of the number beside one another is made replay by replay, too."""

from math import inf
from pathlib import Path

from benchmarks.kept_replays import kept, make
from benchmarks.placement_table import CHOICES, COLUMNS, row, runs_of
from benchmarks.replays import Figures

CODES = dict.fromkeys(CHOICES, "this code")


def test_a_row_is_made_of_each_log_by_each_choice(tmp_path: Path) -> None:
    keep, runs = tmp_path / "figures.jsonl", runs_of("corner-shop", 4, 300, range(1, 4))
    assert len(list(make(runs, keep, CODES, 1, until=inf))) == len(runs) == 9
    made = kept(keep, CODES)
    cells = [cell.strip() for cell in row(runs, made).strip("|").split("|")]
    assert cells[:2] == ["corner-shop", "4"]
    assert len(cells) == len(COLUMNS)
    assert {made[run].matched for run in runs if run.seed == 1} == {made[runs[0]].matched}


def test_choices_are_set_against_each_other_on_the_same_log() -> None:
    runs, by_choice = runs_of("clinic", 16, 300, range(1, 4)), {"mass": 0.02, "ours": 0.0, "random": -0.01}
    made = {
        run: Figures(0.0, 100, 0.5 + 0.1 * run.seed + by_choice[run.who], 1.0 - by_choice[run.who], 0.0, 0.0)
        for run in runs
    }
    assert row(runs, made) == (
        "| clinic | 16 | 0.7200 | +0.0200 ± 0.0000 | +0.0300 ± 0.0000 | +0.0100 ± 0.0000 "
        "| 0.9800 | -0.0200 ± 0.0000 | -0.0300 ± 0.0000 | -0.0100 ± 0.0000 |"
    )


def test_of_several_pools_the_mean_over_them_is_told() -> None:
    runs = [run for pool in (4, 16) for run in runs_of("clinic", pool, 300, range(1, 4))]
    made = {run: Figures(0.0, 100, 0.5 + (0.04 if run.pool == 4 else 0.0), 1.0, 0.0, 0.0) for run in runs}
    assert row(runs, made).startswith("| clinic | all | 0.5200 | +0.0000 ± 0.0000 |")
