"""`swapboard doctor`: is everything as it must be, and what is to be done where it is not?"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.text import Text

from swapboard.clock import system_clock
from swapboard.settings import read_settings
from swapboard.sitecheck.fetch import open_http
from swapboard.upkeep.checkup import check_up
from swapboard.upkeep.verdict import State, Verdict

_COLOURS = {State.OK: "green", State.SKIPPED: "dim", State.WARNING: "yellow", State.PROBLEM: "bold red"}


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Look at this machine only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
) -> None:
    """Look at everything: folder, disk, database, clock, public address, webhooks, carriers, each site's line.

    Run it as the server's user with the server's settings. Nothing is changed. Exit code 1: something is wrong.

    Example: SWAPBOARD_DATA_DIR=/var/lib/swapboard swapboard doctor
    """
    console = Console(highlight=False)
    verdicts: list[Verdict] = []
    with _client(offline) as http, Console(stderr=True).status("looking"):
        for verdict in check_up(read_settings(), http, system_clock):
            verdicts.append(verdict)
            if not as_json:
                console.print(*_line(verdict), sep="", soft_wrap=True)
    is_well = not any(each.state is State.PROBLEM for each in verdicts)
    if as_json:
        typer.echo(json.dumps({"ok": is_well, "checks": [asdict(each) for each in verdicts]}))
    raise typer.Exit(0 if is_well else 1)


@contextmanager
def _client(offline: bool) -> Iterator[httpx.Client | None]:
    if offline:
        yield None
        return
    with open_http() as http:
        yield http


def _line(verdict: Verdict) -> Iterator[Text]:
    yield Text(f"{verdict.state:<8} ", _COLOURS[verdict.state])
    yield Text(f"{verdict.check}: ", "bold")
    # A database's words come in lines of their own.
    yield Text("".join(filter(str.isprintable, " ".join(verdict.says.split()))))
    if verdict.what_to_do:
        yield Text(f"\n         → {verdict.what_to_do}")
