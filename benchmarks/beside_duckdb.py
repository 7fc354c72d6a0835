"""Counting many visits by Swapboard's filed days, and by hand-written DuckDB on the same data.

    .venv/bin/pip install duckdb
    .venv/bin/python -m benchmarks.beside_duckdb [--visits 2000000] [--folder DIR]

The visits are drawn as columns and put where they are filed (SQLite), and into a table of a DuckDB file; both are
asked the same, and must answer the same. Prints by the clock the first answer, for which both open their files
anew (the system may have them in memory), and the median of seven more in which both count; the ratios, of which
at most 3 is wanted; and what Swapboard's server takes that has counted the same before. DuckDB uses all cores;
Swapboard counts with one.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple, Protocol

import duckdb
import numpy as np
import pyarrow as pa
from rich.console import Console
from sqlalchemy import Connection, Engine

from swapboard.clock import DAY
from swapboard.reports.dimension import Dimension
from swapboard.reports.filter import Term, read_filter
from swapboard.reports.visit_count import count_visitors, count_visits
from swapboard.reports.visit_day import BEGAN, VISITOR, WORDED, Column, VisitDay
from swapboard.reports.visit_day_store import State, Stretch, write_day
from swapboard.storage.engine import open_engine, reading, writing
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
        databases = _Databases(url, str(Path(folder) / "visits.duckdb"))
        with databases.opened() as (engine, duck):
            company_id = fill(engine, duck, told.visits)
        compare(databases, Stretch(company_id, FIRST, FIRST + DAYS * DAY), Console())


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


@dataclass(frozen=True, slots=True)
class _Databases:
    url: str
    file: str

    @contextmanager
    def opened(self) -> Iterator[tuple[Engine, _Duck]]:
        """Both, for as long as they are asked."""
        engine, duck = open_engine(self.url), duckdb.connect(self.file)
        yield engine, duck
        duck.close()
        engine.dispose()


class _Asked(NamedTuple):
    """One question, to each of both; Swapboard may count anew, or say what it has counted before."""

    name: str
    ours: Callable[[Connection], object]
    theirs: Callable[[_Duck], object]


def compare(databases: _Databases, time_asked: Stretch, console: Console) -> None:
    """Print the times and their ratios, for each thing that is asked."""
    console.print("first: Swapboard  DuckDB  ratio   again: Swapboard  DuckDB  ratio   kept")
    for asked in _questions(time_asked):
        with databases.opened() as (engine, duck):
            _tell(console, engine, duck, asked)


def _questions(time_asked: Stretch) -> Iterator[_Asked]:
    for by, text, where in _ASKED:
        names = ", ".join(by)
        query = f"SELECT {names}, count(*) FROM visits {where} GROUP BY {names}"  # noqa: S608 our own names
        ours = partial(_counted, time_asked, by, read_filter(text))
        yield _Asked(f"by {' x '.join(by)} {text}", ours, partial(_counted_by, query))
    yield _Asked("different visitors", lambda connection: count_visitors(connection, time_asked), _visitors_by)


def _counted(time_asked: Stretch, by: Sequence[str], terms: Sequence[Term], connection: Connection) -> _Answer:
    return {cell: visits for cell, (visits,) in count_visits(connection, time_asked, by, terms).rows()}


def _counted_by(query: str, duck: _Duck) -> _Answer:
    return {tuple(cell): visits for *cell, visits in duck.execute(query).fetchall()}


def _visitors_by(duck: _Duck) -> int:
    return int(duck.execute("SELECT count(DISTINCT visitor) FROM visits").fetchone()[0])


def _tell(console: Console, engine: Engine, duck: _Duck, asked: _Asked) -> None:
    answers: list[object] = []

    def ours() -> None:
        # Not `reading`, which would remember the answer: DuckDB counts each time.
        with engine.connect() as connection:
            answers.append(asked.ours(connection))

    def kept() -> None:
        with reading(engine) as connection:
            answers.append(asked.ours(connection))

    def theirs() -> None:
        answers.append(asked.theirs(duck))

    (mine_first, its_first), *more = [(_seconds(ours), _seconds(theirs)) for _ in range(ANSWERS + 1)]
    mine, its = (median(each) for each in zip(*more, strict=True))
    _first, *again = [_seconds(kept) for _ in range(ANSWERS + 1)]
    assert all(answer == answers[0] for answer in answers), asked.name
    pairs = "   ".join(
        f"{a * 1000:7.0f} {b * 1000:7.0f} {a / b:6.2f}" for a, b in ((mine_first, its_first), (mine, its))
    )
    console.print(f"{pairs} {median(again) * 1000:7.0f} ms  {asked.name}", soft_wrap=True)


def _seconds(ask: Callable[[], None]) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
