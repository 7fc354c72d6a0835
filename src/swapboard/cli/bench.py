"""`swapboard bench`: measures this machine, as ratios that can be compared with docs/performance.md."""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from swapboard.bench.load import Figures
from swapboard.bench.measure import Comparison, compare_visits, measure_webhooks, measure_webhooks_beside_events
from swapboard.bench.postgresql import is_installed, throwaway_server
from swapboard.bench.replay import replayed_visits_per_second
from swapboard.cli.problems import Problem
from swapboard.web.script import tracker_source

SECONDS = 4.0
FULL_SECONDS = 15.0


def bench(
    full: Annotated[bool, typer.Option("--full", help="Measure for longer: steadier figures.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
) -> None:
    """Measure visits and webhooks on this machine, against a bare route in the same server.

    Example: swapboard bench --json
    """
    seconds = FULL_SECONDS if full else SECONDS
    console = Console(stderr=True)
    try:
        with console.status("starting") as status:
            sqlite = compare_visits(None, seconds, lambda what: status.update(f"SQLite: {what}"))
            postgresql = _postgresql(seconds, lambda what: status.update(f"PostgreSQL: {what}"))
            status.update("SQLite: webhooks")
            webhooks = measure_webhooks(seconds)
            beside = _beside_events(seconds, status.update) if full else {}
    except RuntimeError as error:
        raise Problem(f"The measurement cannot be trusted: {error}.") from error
    backtest = replayed_visits_per_second()
    tracker_bytes = len(gzip.compress(tracker_source().encode(), 9, mtime=0))
    facts = {
        "visit_ratio_sqlite": sqlite.throughput_ratio,
        "visit_ratio_postgresql": postgresql.throughput_ratio if postgresql else None,
        "visit_p99_ratio_sqlite": sqlite.p99_ratio,
        "webhook_p99_ms": webhooks.p99_ms,
        "tracker_gzip_bytes": tracker_bytes,
        "backtest_visits_per_second": backtest,
        "sqlite": _figures(sqlite),
        "postgresql": _figures(postgresql) if postgresql else None,
        "webhook": asdict(webhooks),
        "webhook_beside_events": {name: asdict(figures) for name, figures in beside.items()},
    }
    if as_json:
        typer.echo(json.dumps(facts))
    else:
        _show(sqlite, postgresql, webhooks, beside, tracker_bytes)
        Console().print(f"Backtest: {backtest:,.0f} visits a second on one core")


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


def _show(
    sqlite: Comparison,
    postgresql: Comparison | None,
    webhooks: Figures,
    beside: Mapping[str, Figures],
    tracker_bytes: int,
) -> None:
    table = Table("", "bare route", "visit with a lease", "ratio", "p99 ratio", title="Visits a second")
    for name, measured in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        if measured is None:
            table.add_row(name, "not installed", "", "", "")
            continue
        table.add_row(
            name,
            f"{measured.bare.per_second:,.0f}",
            f"{measured.visit.per_second:,.0f}",
            f"{measured.throughput_ratio:.2f}",
            f"{measured.p99_ratio:.2f}",
        )
    console = Console()
    console.print(table)
    told = {"": webhooks} | {f", and 500 events, on {name}": figures for name, figures in beside.items()}
    for what, figures in told.items():
        console.print(
            f"Routing webhook, signature checked, 100 new calls a second{what}: "
            f"p50 {figures.p50_ms:.1f} ms, p99 {figures.p99_ms:.1f} ms"
        )
    console.print(f"Tracker: {tracker_bytes:,} bytes gzip")
