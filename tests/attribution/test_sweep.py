"""The sweep's rows are the worst first, and its summary counts what is wanted."""

import sys

import pytest

from benchmarks.attribution_sweep import COLUMNS, DRAWING, Row, main, rows_of, summary
from benchmarks.drawn_laws import drawn_law, name_of, seed_of
from benchmarks.kept_replays import code
from benchmarks.replays import Figures
from benchmarks.simulated_logs import up_to_the_last_visit


def made(accuracy: float, log_loss: float, error: float, by_chance: float = 0.01) -> Row:
    run = rows_of(1, 0, 1, 300)[0][0]
    ours = Figures(0.0, 100, accuracy, log_loss, error, by_chance)
    return Row(run, ours, Figures(0.0, 100, 0.80, 0.50, 0.01, 0.01))


def test_laws_are_those_of_the_seed_from_the_first_on() -> None:
    rows = rows_of(7, 3, 2, 300)
    assert [[run.who for run in each] for each in rows] == [["ours", "oracle"]] * 2
    assert [each[0].law for each in rows] == [name_of(7, 3), name_of(7, 4)]
    assert [each[0].pool for each in rows] == [drawn_law(each[0].law).pool for each in rows]


def test_a_row_has_a_cell_for_each_column() -> None:
    cells = [cell.strip() for cell in str(made(0.80, 0.55, 0.01)).strip("|").split("|")]
    assert len(cells) == len(COLUMNS)
    assert cells[COLUMNS.index("nats more")] == "+5"


def test_what_is_reachable_is_told_where_it_was_asked_for() -> None:
    assert [run.who for run in rows_of(7, 3, 1, 300, reachable=True)[0]] == ["ours", "oracle", "told"]
    rows = [made(0.80, loss, 0.01)._replace(told=Figures(0.0, 100, 0.8, 0.55, 0.01, 0.01)) for loss in (0.54, 0.6)]
    assert [str(each).split("|")[11].strip() for each in rows] == ["1.100", "1.100"]
    assert summary(rows).endswith(" Of 2 log-loss is there or as reachable in 1.")


def test_what_is_wanted_is_counted() -> None:
    rows = [made(0.80, 0.50, 0.02), made(0.70, 0.60, 0.03), made(0.80, 0.60, 0.03, by_chance=0.04)]
    assert summary(rows) == (
        "Of 3 laws accuracy is there in 2, log-loss in 1, calibration in 2. "
        "Accuracy ÷ the oracle's: median 1.000, one in ten below 0.900. "
        "Log-loss ÷ the oracle's: median 1.200, one in ten above 1.200."
    )


def test_figures_depend_on_how_laws_are_drawn() -> None:
    assert code("oracle", DRAWING) != code("oracle")


def test_the_seed_is_told_by_the_name() -> None:
    assert [seed_of(name_of(seed, 7)) for seed in (3, 21, -4)] == [3, 21, -4]


@pytest.mark.parametrize("name", ["clinic", "drawn-1", "drawn-x-1", "drawn-1-2-", "drawn"])
def test_to_show_what_is_no_drawn_law_says_so(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["attribution_sweep.py", "--show", name])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert f"{name!r} is no drawn law" in capsys.readouterr().err


def test_a_log_ends_with_its_last_visit() -> None:
    lines = [
        b'{"t":1,"type":"visit"}',
        b'{"t":2,"type":"call"}',
        b'{"t":3,"type":"visit"}',
        b'{"t":4,"type":"call"}',
    ]
    assert up_to_the_last_visit(lines) == lines[:3]
