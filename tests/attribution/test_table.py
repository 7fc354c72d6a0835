"""The table of docs/attribution.md is made row by row, and goes on where it was cut off."""

from math import inf
from pathlib import Path

from benchmarks.attribution_table import COLUMNS, Task, kept_rows, make

TASKS = [Task("corner-shop", 4, 300, 1, hold_out=False), Task("robots", 4, 300, 1, hold_out=True)]


def test_rows_are_kept_for_the_code_that_made_them(tmp_path: Path) -> None:
    kept = tmp_path / "rows.jsonl"
    assert list(make(TASKS, kept, "this code", 1, until=-inf)) == []
    assert kept_rows(kept, "this code") == {}
    assert len(list(make(TASKS, kept, "this code", 1, until=inf))) == 2
    rows = kept_rows(kept, "this code")
    assert rows.keys() == set(TASKS)
    for task, row in rows.items():
        law, pool, *figures = (cell.strip() for cell in row.strip("|").split("|"))
        assert (law, int(pool)) == (task.law, task.pool)
        assert 2 + len(figures) == len(COLUMNS)
        assert (figures[COLUMNS.index("reachable") - 2] == "") == task.hold_out
    assert kept_rows(kept, "other code") == {}
