"""A read that is cancelled waits for its thread, which holds a connection: none is left open at the end."""

import asyncio
import threading
from collections import Counter
from pathlib import Path

import pytest
from anyio import create_task_group
from sqlalchemy import Connection

from swapboard.switchboard.exchange import Exchange
from tests.building import run, settings_of


def test_a_cancelled_read_ends_with_its_thread(migrated_url: str, tmp_path: Path) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def look(_connection: Connection) -> None:
        begun.set()
        assert may_end.wait(20)

    async def cancel() -> None:
        exchange = Exchange(settings_of(tmp_path, migrated_url))
        reading = asyncio.ensure_future(exchange.read(look))
        await asyncio.to_thread(begun.wait, 20)
        for _again in range(3):
            reading.cancel()
            done, _ = await asyncio.wait({reading}, timeout=0.05)
            assert not done
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert exchange.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        exchange.engine.dispose()

    run(cancel())


def test_the_server_rests_while_a_read_that_a_task_group_cancelled_ends(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end, waited = threading.Event(), threading.Event(), Counter[str]()
    wait = asyncio.wait

    def look(_connection: Connection) -> None:
        begun.set()
        assert may_end.wait(20)

    async def counted(futures: set[asyncio.Future[object]]) -> object:
        waited["times"] += 1
        return await wait(futures)

    async def cancel() -> None:
        exchange = Exchange(settings_of(tmp_path, migrated_url))
        async with create_task_group() as group:
            group.start_soon(exchange.read, look)
            await asyncio.to_thread(begun.wait, 20)
            monkeypatch.setattr(asyncio, "wait", counted)
            group.cancel_scope.cancel()
            threading.Timer(0.1, may_end.set).start()
        assert may_end.is_set(), "it is waited for"
        exchange.engine.dispose()

    run(cancel())
    assert 0 < waited["times"] <= 2
