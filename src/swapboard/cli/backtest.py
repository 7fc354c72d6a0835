"""`swapboard backtest`: replays a traffic log through the lease and match rules, and tells how right they are."""

import gc
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated, BinaryIO, TextIO, TypeAlias

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from swapboard.attribution.backtest import Score, account, score
from swapboard.attribution.kept_traffic import kept
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.traffic import LONGEST_LINE, Line, TrafficError, read_traffic
from swapboard.cli.problems import Problem, reading_file, writing_file
from swapboard.clock import DAY, system_clock

DAYS = 90
MOST_NUMBERS = 100_000
STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Result:
    """What a replay found; the shares are None when no call was matched."""

    visits: int
    calls: int
    untracked: int
    overflow: int
    matched: int
    top1_accuracy: float | None
    log_loss: float | None
    calibration_error: float | None
    pool: int
    seconds: float

    def facts(self) -> dict[str, object]:
        """In the order in which they are printed."""
        return {name: getattr(self, name) for name in self.__slots__}


def backtest(
    pool: Annotated[str, typer.Option(help="How many numbers the pool has; several as 4,8,16.")],
    traffic: Annotated[
        Path | None, typer.Argument(help="The log: JSON Lines, ordered by time; - reads it from standard input.")
    ] = None,
    company: Annotated[str | None, typer.Option(help="Replay this company's own past instead of a log.")] = None,
    of: Annotated[str | None, typer.Option(help="With --company: the visits of this pool.")] = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, max=400, help=f"With --company: so many days; {DAYS} if left out."),
    ] = None,
    calls: Annotated[
        Path | None, typer.Option("--calls", help="Write a line for each call, with its candidates.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line for each pool.")] = False,
) -> None:
    """Replay a log of visits and calls: how often is the right visit credited, and how honest is the confidence?

    It learns as it goes, from the past only. The log's format is in docs/attribution.md.

    A company's own calls count as dialled by the visits that they were credited to:
    it tells what pools of other sizes would have changed, not whether those credits were right.

    Example: swapboard backtest traffic.jsonl --pool 8,16 --calls calls.jsonl
    """
    source = _source(traffic, company, of, days)
    sizes = _sizes(pool)
    if traffic == STANDARD_INPUT and len(sizes) > 1:
        raise typer.BadParameter("Standard input can be read once only: give one size.", param_hint="--pool")
    if calls and traffic and calls.exists() and traffic.exists() and calls.samefile(traffic):
        raise typer.BadParameter("This is the log itself; name another file.", param_hint="--calls")
    results = []
    with ExitStack() as stack:
        out = stack.enter_context(_emptied(calls)) if calls else None
        for size in sizes:
            results.append(_run(source, size, out, len(sizes) > 1))
            if as_json:
                typer.echo(json.dumps(results[-1].facts()))
    if not as_json:
        _show(results)
    _warn(results)


def _sizes(text: str) -> list[int]:
    try:
        sizes = list(dict.fromkeys(int(each) for each in text.split(",")))
    except ValueError:
        sizes = []
    if not sizes or min(sizes) < 1 or max(sizes) > MOST_NUMBERS:
        raise typer.BadParameter(
            f"{text!r} is no pool size; write 8, or several as 4,8,16 (1 to {MOST_NUMBERS:,}).",
            param_hint="--pool",
        )
    return sizes


Source: TypeAlias = Callable[[int], AbstractContextManager[Iterable[Line]]]
"""Opens the traffic anew, for a pool of so many numbers."""


def _source(traffic: Path | None, company: str | None, of: str | None, days: int | None) -> Source:
    if traffic is not None and company is not None:
        raise typer.BadParameter("Give the log's file or --company, not both.", param_hint="TRAFFIC")
    if company is not None:
        return partial(_from_past, company, of, days or DAYS)
    if traffic is None:
        raise typer.BadParameter("Give the log's file, or --company for its own past.", param_hint="TRAFFIC")
    for name, given in (("--of", of), ("--days", days)):
        if given is not None:
            raise typer.BadParameter("It goes with --company; a log is replayed whole.", param_hint=name)
    return partial(_from_file, traffic)


def _emptied(calls: Path) -> TextIO:
    with writing_file(calls):
        return calls.open("w", encoding="utf-8")


@contextmanager
def _from_file(traffic: Path, size: int) -> Iterator[Iterable[Line]]:
    try:
        with _opened(traffic) as file, _progress() as progress:
            yield read_traffic(_watched(file, progress, traffic, size))
    except TrafficError as error:
        raise typer.BadParameter(f"{traffic}, {error}.", param_hint="TRAFFIC") from error


def _progress() -> Progress:
    console = Console(stderr=True)
    # Into a file, all that would be seen of it is an empty line.
    return Progress(console=console, transient=True, disable=not console.is_terminal)


def _opened(traffic: Path) -> AbstractContextManager[BinaryIO]:
    if traffic == STANDARD_INPUT:
        if sys.stdin is None:
            raise typer.BadParameter("Standard input is closed; give the log's file.", param_hint="TRAFFIC")
        return nullcontext(sys.stdin.buffer)
    try:
        with reading_file(traffic):
            return traffic.open("rb")
    except Problem as problem:
        # An argument that is wrong, like a pool of 0, and not something that went wrong: exit code 2.
        raise typer.BadParameter(str(problem), param_hint="TRAFFIC") from problem


@contextmanager
def _from_past(company: str, of: str | None, days: int, size: int) -> Iterator[Iterable[Line]]:
    # A log needs no database, and what reads one takes 35 MB.
    from swapboard.attribution.own_traffic import own_traffic  # noqa: PLC0415
    from swapboard.cli.company import database, named_company, named_pool  # noqa: PLC0415
    from swapboard.storage.engine import reading  # noqa: PLC0415

    engine, now = database(), system_clock()
    with ExitStack() as stack:
        stack.enter_context(Console(stderr=True).status(f"pool of {size}: the last {days} days of {company}"))
        try:
            with reading(engine) as connection:
                company_id = named_company(connection, company)
                pool_id, _numbers = named_pool(connection, company_id, of, "--of")
                lines = own_traffic(connection, company_id, pool_id, now - days * DAY, now)
                play = stack.enter_context(kept(lines))
        finally:
            engine.dispose()
        yield play()


def _run(source: Source, size: int, out: TextIO | None, several: bool) -> Result:
    began = perf_counter()
    # A replay makes no cycles that would be garbage, and looking for them costs a fifth of the time.
    gc.disable()
    board, total = Switchboard(size), Score()
    try:
        with source(size) as lines:
            for verdict in board.run(lines):
                score(verdict, total)
                if out:
                    facts = {"pool": size, **account(verdict)} if several else account(verdict)
                    out.write(json.dumps(facts) + "\n")
    finally:
        gc.enable()
    tally = board.tally
    return Result(
        visits=tally.visits,
        calls=tally.calls,
        untracked=tally.untracked,
        overflow=tally.overflow,
        matched=total.matched,
        top1_accuracy=_rounded(total.accuracy),
        log_loss=_rounded(total.log_loss),
        calibration_error=_rounded(total.answers.error),
        pool=size,
        seconds=round(perf_counter() - began, 3),
    )


def _watched(file: BinaryIO, progress: Progress, traffic: Path, size: int) -> Iterator[bytes]:
    """The file's lines, with the progress shown now and then."""
    told = None if traffic == STANDARD_INPUT else traffic.stat().st_size
    task = progress.add_task(f"pool of {size}", total=told or None)
    done, is_empty = 0, True
    for at, line in enumerate(iter(partial(file.readline, LONGEST_LINE), b"")):
        done += len(line)
        is_empty = is_empty and line.isspace()
        if not at % 20_000:
            progress.update(task, completed=done)
        yield line
    if is_empty:
        what = "Standard input" if traffic == STANDARD_INPUT else traffic
        raise typer.BadParameter(
            f"{what} is empty. `swapboard simulate traffic.jsonl` writes a log to try.", param_hint="TRAFFIC"
        )


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 6)


def _show(results: Iterable[Result]) -> None:
    table = Table(title="Which visit made the call?", box=SIMPLE_HEAD, padding=0)
    for heading in (
        "pool",
        "visits",
        "overflow",
        "calls",
        "untracked",
        "matched",
        "right",
        "log-loss",
        "calibration",
    ):
        table.add_column(heading, justify="right")
    for each in results:
        table.add_row(
            str(each.pool),
            f"{each.visits:,}",
            f"{each.overflow / max(1, each.visits):.1%}",
            f"{each.calls:,}",
            f"{each.untracked:,}",
            f"{each.matched:,}",
            _percent(each.top1_accuracy),
            "" if each.log_loss is None else f"{each.log_loss:.3f}",
            _percent(each.calibration_error),
        )
    Console().print(table)


def _warn(results: Sequence[Result]) -> None:
    """What no figure tells: that there are none, or that they are of calls from somewhere else than the log."""
    if not any(each.calls for each in results):
        typer.echo("There is no call in it, so there is no right or wrong to tell of.", err=True)
    # When no visit overflowed, each that the log shows had a number.
    unseen = max((each.untracked for each in results if not each.overflow), default=0)
    if unseen:
        typer.echo(
            f"Of the calls, {unseen:,} came from sessions that the log never showed, or only as a crawler's."
            " Are their visits missing, or is `dialled_by` misspelt?",
            err=True,
        )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
