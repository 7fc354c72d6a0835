"""`swapboard bench`: measures this machine, as ratios that can be compared with docs/performance.md."""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from swapboard.bench.load import Figures
from swapboard.bench.postgresql import is_installed, throwaway_server
from swapboard.bench.replay import replayed_visits_per_second
from swapboard.bench.visits import Comparison, compare_visits
from swapboard.bench.webhooks import measure_webhooks, measure_webhooks_beside_events
from swapboard.cli.ended import ended_in_order
from swapboard.cli.problems import Problem
from swapboard.web.script import tracker_source

SECONDS = 4.0
FULL_SECONDS = 15.0


class Part(StrEnum):
    """What can be measured by itself."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    WEBHOOK = "webhook"
    EVENTS = "events"
    BACKTEST = "backtest"


ALWAYS = frozenset(Part) - {Part.EVENTS}
"""Without --full: events beside the calls take longer than all the rest."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of the parts that were measured; None for the others."""

    sqlite: Comparison | None
    postgresql: Comparison | None
    webhook: Figures | None
    beside: Mapping[str, Figures]
    backtest: float | None
    tracker_bytes: int


def bench(
    full: Annotated[bool, typer.Option("--full", help="Measure for longer: steadier figures.")] = False,
    only: Annotated[
        list[Part] | None, typer.Option("--only", help="Measure this part alone; may be given again.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
) -> None:
    """Measure visits and webhooks on this machine, against a bare route in the same server.

    Example: swapboard bench --json
    """
    parts = frozenset(only or (Part if full else ALWAYS))
    try:
        # The servers would go on by themselves.
        with ended_in_order(), Console(stderr=True).status("starting") as status:
            measured = _measured(parts, FULL_SECONDS if full else SECONDS, status.update)
    except RuntimeError as error:
        raise Problem(f"The measurement cannot be trusted: {error}.") from error
    if as_json:
        typer.echo(json.dumps(_facts(measured)))
    else:
        _show(measured)


def _measured(parts: frozenset[Part], seconds: float, told: Callable[[str], None]) -> Measured:
    """One part after the other, each with a server of its own. Raises RuntimeError."""
    sqlite = postgresql = webhook = backtest = None
    if Part.SQLITE in parts:
        sqlite = compare_visits(None, seconds, lambda what: told(f"SQLite: {what}"))
    if Part.POSTGRESQL in parts:
        postgresql = _postgresql(seconds, lambda what: told(f"PostgreSQL: {what}"))
    if Part.WEBHOOK in parts:
        told("SQLite: webhooks")
        webhook = measure_webhooks(seconds)
    beside = _beside_events(seconds, told) if Part.EVENTS in parts else {}
    if Part.BACKTEST in parts:
        told("backtest")
        backtest = replayed_visits_per_second()
    tracker_bytes = len(gzip.compress(tracker_source().encode(), 9, mtime=0))
    return Measured(sqlite, postgresql, webhook, beside, backtest, tracker_bytes)


def _facts(measured: Measured) -> dict[str, object]:
    sqlite, postgresql, webhook = measured.sqlite, measured.postgresql, measured.webhook
    return {
        "visit_ratio_sqlite": sqlite.throughput_ratio if sqlite else None,
        "visit_ratio_postgresql": postgresql.throughput_ratio if postgresql else None,
        "visit_p99_ratio_sqlite": sqlite.p99_ratio if sqlite else None,
        "webhook_p99_ms": webhook.p99_ms if webhook else None,
        "tracker_gzip_bytes": measured.tracker_bytes,
        "backtest_visits_per_second": measured.backtest,
        "sqlite": _figures(sqlite) if sqlite else None,
        "postgresql": _figures(postgresql) if postgresql else None,
        "webhook": asdict(webhook) if webhook else None,
        "webhook_beside_events": {name: asdict(figures) for name, figures in measured.beside.items()},
    }


def _postgresql(seconds: float, told: Callable[[str], None]) -> Comparison | None:
    if not is_installed():
        return None
    with throwaway_server() as database_url:
        return compare_visits(database_url, seconds, told)


def _beside_events(seconds: float, told: Callable[[str], None]) -> Mapping[str, Figures]:
    """Routing answers with events beside them, by the database's name."""
    told("SQLite: webhooks beside events")
    found = {"SQLite": measure_webhooks_beside_events(seconds)}
    if is_installed():
        told("PostgreSQL: webhooks beside events")
        with throwaway_server() as database_url:
            found["PostgreSQL"] = measure_webhooks_beside_events(seconds, database_url)
    return found


def _figures(comparison: Comparison) -> dict[str, object]:
    return {"bare": asdict(comparison.bare), "visit": asdict(comparison.visit)}


def _show(measured: Measured) -> None:
    console = Console()
    compared = {"SQLite": measured.sqlite, "PostgreSQL": measured.postgresql}
    if any(compared.values()):
        console.print(_table({name: each for name, each in compared.items() if each is not None}))
    told = {"": measured.webhook} if measured.webhook else {}
    told |= {f", and 500 events, on {name}": figures for name, figures in measured.beside.items()}
    for what, figures in told.items():
        console.print(
            f"Routing webhook, signature checked, 100 new calls a second{what}: "
            f"p50 {figures.p50_ms:.1f} ms, p99 {figures.p99_ms:.1f} ms "
            f"(p99 of the load generator's own lateness, which is in it: {figures.own_p99_ms:.1f} ms)"
        )
    if measured.backtest is not None:
        console.print(f"Backtest: {measured.backtest:,.0f} visits a second on one core")
    console.print(f"Tracker: {measured.tracker_bytes:,} bytes gzip")
    if not is_installed():
        console.print("PostgreSQL is not installed, and was not measured.")


def _table(compared: Mapping[str, Comparison]) -> Table:
    table = Table("", "bare route", "visit with a lease", "ratio", "p99 ratio", title="Visits a second")
    for name, each in compared.items():
        table.add_row(
            name,
            f"{each.bare.per_second:,.0f}",
            f"{each.visit.per_second:,.0f}",
            f"{each.throughput_ratio:.2f}",
            f"{each.p99_ratio:.2f}",
        )
    return table
