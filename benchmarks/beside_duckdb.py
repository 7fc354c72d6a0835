"""Counting many visits by Swapboard's filed days, and by hand-written DuckDB on the same data.

    .venv/bin/pip install duckdb
    .venv/bin/python -m benchmarks.beside_duckdb [--visits 2000000] [--folder DIR]

The visits are drawn as columns and put where they are filed (SQLite), and into a table of a DuckDB file; both are
asked the same with warm caches, and must answer the same. Prints the median of seven answers by the clock, and the
ratio, of which at most 3 is wanted. DuckDB uses all cores; Swapboard counts with one.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Protocol

import duckdb
import numpy as np
import pyarrow as pa
from rich.console import Console
from sqlalchemy import Engine

from swapboard.clock import DAY
from swapboard.reports.dimension import Dimension
from swapboard.reports.filter import Term, read_filter
from swapboard.reports.visit_count import count_visitors, count_visits
from swapboard.reports.visit_day import BEGAN, VISITOR, WORDED, Column, VisitDay
from swapboard.reports.visit_day_store import State, Stretch, write_day
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.migrate import migrate
from tests.building import NOW, open_business

DAYS = 90
ANSWERS = 7
FIRST = NOW // DAY * DAY - DAYS * DAY
OCCUR: Mapping[str, int] = {
    Dimension.CHANNEL: 7,
    Dimension.SOURCE: 4,
    Dimension.MEDIUM: 2,
    Dimension.CAMPAIGN: 41,
    Dimension.KEYWORD: 401,
    Dimension.LANDING_PAGE: 30,
    Dimension.REFERRER: 203,
    Dimension.DEVICE: 3,
}
"""How many words there are of each; of all else one."""
_ASKED: Sequence[tuple[tuple[Dimension, ...], str, str]] = (
    ((Dimension.CHANNEL,), "", ""),
    ((Dimension.CAMPAIGN, Dimension.KEYWORD), "", ""),
    ((Dimension.REFERRER, Dimension.LANDING_PAGE), "", ""),
    ((Dimension.CHANNEL,), "device=device-1 page:page-2", "WHERE device = 'device-1' AND page LIKE '%page-2%'"),
)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""Makes numbers of 64 bits that look like those of visitors."""
_Answer = dict[tuple[str, ...], int]


class _Duck(Protocol):
    def execute(self, query: str, /) -> Any: ...


def main() -> None:
    """Make the visits, then ask both."""
    asked = argparse.ArgumentParser(description="Counting many visits, beside DuckDB.")
    asked.add_argument("--visits", type=int, default=2_000_000)
    asked.add_argument("--folder", default="")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=told.folder or None) as folder:
        url = f"sqlite:///{Path(folder) / 'swapboard.db'}"
        migrate(url)
        engine, duck = open_engine(url), duckdb.connect(str(Path(folder) / "visits.duckdb"))
        company_id = fill(engine, duck, told.visits)
        compare(engine, duck, Stretch(company_id, FIRST, FIRST + DAYS * DAY), Console())
        duck.close()
        engine.dispose()


def fill(engine: Engine, duck: _Duck, visits: int) -> str:
    """The same visits for both, day by day."""
    chance = np.random.default_rng(1)
    with writing(engine) as connection:
        company_id = open_business(connection).company_id
    for number in range(DAYS):
        day = _drawn(chance, FIRST + number * DAY, visits // DAYS, visits)
        with writing(engine) as connection:
            assert write_day(connection, company_id, day, State(day.day_at, 0, 0))
        drawn = _table(day)  # noqa: F841 DuckDB finds it by its name
        duck.execute("INSERT INTO visits FROM drawn" if number else "CREATE TABLE visits AS FROM drawn")
    duck.execute("CHECKPOINT")
    return company_id


def _drawn(chance: np.random.Generator, day_at: int, count: int, visits: int) -> VisitDay:
    """One in five is by somebody who came before, or will come again."""
    visitors = chance.integers(0, visits * 5 // 2, count).astype("<u8") * _SPREAD
    columns = {
        BEGAN: Column((), np.sort(chance.integers(0, DAY, count)).astype("<u4")),
        VISITOR: Column((), visitors),
    }
    for name in WORDED:
        occur = OCCUR.get(name, 1)
        codes = chance.integers(0, occur, count).astype("<u1" if occur <= 256 else "<u2")
        columns[name] = Column([f"{name}-{each}" for each in range(occur)], codes)
    return VisitDay(day_at, day_at + DAY, columns)


def _table(day: VisitDay) -> pa.Table:
    found = {
        "began_at": day.columns[BEGAN].codes.astype("<i8") + day.day_at,
        "visitor": day.columns[VISITOR].codes,
    }
    for name in WORDED:
        words, codes = day.columns[name]
        found[name] = pa.DictionaryArray.from_arrays(codes.astype("<i4"), words).cast("string")
    return pa.table(found)


def compare(engine: Engine, duck: _Duck, time_asked: Stretch, console: Console) -> None:
    """Print both times and their ratio, for each thing that is asked."""
    console.print("Swapboard  DuckDB  ratio")
    for by, text, where in _ASKED:
        terms, names = read_filter(text), ", ".join(by)
        query = f"SELECT {names}, count(*) FROM visits {where} GROUP BY {names}"  # noqa: S608 our own names
        ours, theirs = partial(_counted, engine, time_asked, by, terms), partial(_counted_by, duck, query)
        _tell(console, ours, theirs, f"by {' x '.join(by)} {text}")
    ours, theirs = partial(_visitors, engine, time_asked), partial(_visitors_by, duck)
    _tell(console, ours, theirs, "different visitors")


def _counted(engine: Engine, time_asked: Stretch, by: Sequence[str], terms: Sequence[Term]) -> _Answer:
    # Not `reading`, which would remember the answer: DuckDB counts each time.
    with engine.connect() as connection:
        return {cell: visits for cell, (visits,) in count_visits(connection, time_asked, by, terms).rows()}


def _counted_by(duck: _Duck, query: str) -> _Answer:
    return {tuple(cell): visits for *cell, visits in duck.execute(query).fetchall()}


def _visitors(engine: Engine, time_asked: Stretch) -> int:
    with engine.connect() as connection:
        return count_visitors(connection, time_asked)


def _visitors_by(duck: _Duck) -> int:
    return int(duck.execute("SELECT count(DISTINCT visitor) FROM visits").fetchone()[0])


def _tell(console: Console, ours: Callable[[], object], theirs: Callable[[], object], name: str) -> None:
    assert ours() == theirs(), name
    times = [(_seconds(ours), _seconds(theirs)) for _ in range(ANSWERS)]
    mine, its = (median(each) * 1000 for each in zip(*times, strict=True))
    console.print(f"{mine:6.0f} ms {its:5.0f} ms  {mine / its:5.2f}  {name}")


def _seconds(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
