"""What comes due by itself is done by the server, or by a worker apart when the server is told to leave it."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from swapboard.settings import Settings
from swapboard.storage.engine import writing
from swapboard.storage.migrate import migrate
from swapboard.switchboard import exchange as module
from swapboard.switchboard.exchange import Exchange
from tests.building import open_business, rows_of, run, settings_of, until
from tests.patience import HANGS_AFTER_SECONDS


@pytest.fixture
def settings(tmp_path: Path, engine: Engine, migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("SWEEP_SECONDS", "CHORES_SECONDS", "RECONCILE_SECONDS"):
        monkeypatch.setattr(module, name, 0.02)
    with writing(engine) as connection:
        open_business(connection, numbers=1)
    return settings_of(tmp_path / "data", migrated_url)


def chores(engine: Engine) -> set[str]:
    return {row["name"] for row in rows_of(engine, "chores")}


def test_the_server_does_what_comes_due(settings: Settings, engine: Engine) -> None:
    async def use() -> None:
        server = Exchange(settings)
        await server.start()
        await until(lambda: {"call lists", "recordings", "costs"} <= chores(engine))
        await server.stop()

    run(use())


def test_a_server_with_a_worker_apart_leaves_it_to_the_worker(settings: Settings, engine: Engine) -> None:
    swept = []

    async def use() -> None:
        server = Exchange(replace(settings, worker_apart=True))
        sweep = server._sweep
        server._sweep = lambda: swept.append(1) or sweep()  # type: ignore[assignment, func-returns-value]
        await server.start()
        await until(lambda: len(swept) > 10)
        assert chores(engine) == set()
        worker = Exchange(settings)
        await worker.start_working()
        await until(lambda: "call lists" in chores(engine))
        await worker.stop()
        await server.stop()

    run(use())


def test_the_command_waits_for_the_database_works_and_stops_when_it_is_told(tmp_path: Path) -> None:
    environment = {**os.environ, "SWAPBOARD_DATA_DIR": str(tmp_path)}
    environment.pop("SWAPBOARD_DATABASE_URL", None)
    words = [sys.executable, "-c", "from swapboard.cli.app import main; main()", "worker"]
    with subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stderr is not None
        try:
            assert "run `swapboard migrate`, or start the server" in worker.stderr.readline()
            migrate(f"sqlite:///{tmp_path}/swapboard.db")
            while "the worker works" not in (line := worker.stderr.readline()):
                assert "waiting" in line
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=HANGS_AFTER_SECONDS) == 0
        finally:
            worker.kill()
