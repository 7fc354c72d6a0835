"""Parts of the bench by themselves; what they measure, the measurements say."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

from swapboard.bench.load import Figures
from swapboard.bench.visits import Comparison
from swapboard.cli import bench as command
from swapboard.cli.app import app

FIGURES = Figures(per_second=100.0, p50_ms=2.0, p99_ms=5.0, unexpected=0)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was measured."""
    asked: list[str] = []

    def compare(database_url: str | None, _seconds: float, _told: object) -> Comparison:
        asked.append("postgresql" if database_url else "sqlite")
        return Comparison(((FIGURES, FIGURES),))

    def webhooks(_seconds: float, *_database_url: str) -> Figures:
        asked.append("webhook")
        return FIGURES

    def beside(_seconds: float, database_url: str | None = None) -> Figures:
        asked.append("events on postgresql" if database_url else "events")
        return FIGURES

    def replayed() -> float:
        asked.append("backtest")
        return 30_000.0

    @contextmanager
    def server() -> Iterator[str]:
        yield "postgresql://here"

    monkeypatch.setattr(command, "compare_visits", compare)
    monkeypatch.setattr(command, "measure_webhooks", webhooks)
    monkeypatch.setattr(command, "measure_webhooks_beside_events", beside)
    monkeypatch.setattr(command, "replayed_visits_per_second", replayed)
    monkeypatch.setattr(command, "is_installed", lambda: True)
    monkeypatch.setattr(command, "throwaway_server", server)
    return asked


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", "sqlite postgresql webhook backtest"),
        ("--full", "sqlite postgresql webhook events events-on-postgresql backtest"),
        ("--full --only events", "events events-on-postgresql"),
        ("--only backtest --only webhook", "webhook backtest"),
    ],
)
def test_what_is_measured(measured: list[str], options: str, expected: str) -> None:
    printed = CliRunner().invoke(app, ["bench", *options.split(), "--json"])

    assert printed.exit_code == 0, printed.output
    assert [each.replace(" ", "-") for each in measured] == expected.split()
    facts = json.loads(printed.stdout.strip().splitlines()[-1])
    assert (facts["visit_ratio_sqlite"] is None) == ("sqlite" not in measured)
    assert (facts["webhook_p99_ms"] is None) == ("webhook" not in measured)
    assert set(facts["webhook_beside_events"]) == ({"SQLite", "PostgreSQL"} if "events" in measured else set())


def test_a_part_alone_is_told_without_the_others(measured: list[str]) -> None:
    printed = CliRunner().invoke(app, ["bench", "--only", "events"])

    assert "500 events, on PostgreSQL: p50 2.0 ms, p99 5.0 ms" in " ".join(printed.stdout.split())
    assert "Visits a second" not in printed.stdout
    assert "Backtest" not in printed.stdout
    assert measured == ["events", "events on postgresql"]


def test_ended_from_outside_it_closes_what_it_opened(measured: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def webhooks(_seconds: float, *_database_url: str) -> Figures:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        finally:
            measured.append("closed")
        return FIGURES

    monkeypatch.setattr(command, "measure_webhooks", webhooks)
    before = signal.signal(signal.SIGTERM, lambda _signal, _frame: None)
    try:
        printed = CliRunner().invoke(app, ["bench", "--only", "webhook"])
    finally:
        after = signal.signal(signal.SIGTERM, before)

    assert printed.exit_code == 143
    assert measured == ["closed"]
    assert after is not signal.SIG_DFL
