"""`swapboard simulate`: traffic by a law, for tests and for people without history."""

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Annotated, BinaryIO

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from swapboard.attribution.law import LAWS, Law, law_named
from swapboard.attribution.law_settings import LIMITS, changed, parameters
from swapboard.attribution.simulation import Simulation
from swapboard.cli.problems import writing_file


def simulate(
    out: Annotated[Path | None, typer.Argument(help="Where to write; standard output when left out.")] = None,
    law: Annotated[str, typer.Option(help="Which law the traffic follows: see --list.")] = LAWS[0].name,
    visits: Annotated[int, typer.Option(min=1, help="How many visits.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same traffic.")] = 1,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Change a parameter: --set late_share=0.4. May be repeated.")
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="Show the laws and what can be set.")] = False,
) -> None:
    """Write simulated visits and calls as JSON Lines, in the format that `swapboard backtest` reads.

    Example: swapboard simulate traffic.jsonl --law clinic --visits 20000 --set stranger_share=0.1
    """
    chosen = _law(law, settings or [])
    if show:
        _show()
        return
    lines = Simulation(chosen, Random(seed)).lines(visits)  # noqa: S311 the same each time, on purpose
    if out is None:
        _write(sys.stdout.buffer, lines)
        return
    with (
        writing_file(out),
        out.open("wb") as file,
        Console(stderr=True).status(f"Writing {visits:,} visits to {out} …"),
    ):
        file.writelines(lines)


def _write(file: BinaryIO, lines: Iterator[bytes]) -> None:
    try:
        file.writelines(lines)
        file.flush()
    except BrokenPipeError:
        # Whoever read the lines has had enough, as `head` does.
        sys.stderr.close()
        raise typer.Exit from None


def _law(name: str, settings: list[str]) -> Law:
    try:
        law = law_named(name)
    except KeyError:
        names = ", ".join(each.name for each in LAWS)
        raise typer.BadParameter(f"there is no law {name!r}; there are {names}.", param_hint="--law") from None
    try:
        return changed(law, dict(_setting(text) for text in settings))
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--set") from error


def _setting(text: str) -> tuple[str, float]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"write it as NAME=NUMBER, not {text!r}")
    try:
        return name, float(value)
    except ValueError:
        raise ValueError(f"{name} must be a number, not {value!r}") from None


def _show() -> None:
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False, show_edge=False)
    table.add_column("parameter", no_wrap=True)
    for law in LAWS:
        # In a narrow terminal a law's name takes two lines; a parameter's must be there to be copied.
        table.add_column(law.name.replace("-", "-\n"))
    table.add_column("limits", no_wrap=True)
    for name in parameters():
        least, most = LIMITS[name]
        table.add_row(name, *(f"{getattr(law, name):g}" for law in LAWS), f"{least:g} to {most:,.10g}")
    console = Console()
    for law in LAWS:
        console.print(f"[bold]{law.name}[/bold]: {law.says}")
    console.print(table)
