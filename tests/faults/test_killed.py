"""The server's process is killed in the middle of its work, several times; no shown number is forgotten."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from swapboard.clock import system_clock
from swapboard.storage.engine import writing
from tests.building import (
    BROWSER,
    FALLBACK,
    TARGETS,
    Business,
    doubly_live,
    open_business,
    rows_of,
    run,
)

VISITS, POOL = 200, 50
KILLED_AFTER = (5, 40)
"""Answers, in the first life of the server and in the second; in the third it may finish."""


@dataclass(frozen=True, slots=True)
class Life:
    """A server's process, from its start until it is killed."""

    process: subprocess.Popen[bytes]
    url: str

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def living(folder: Path, database_url: str) -> Iterator[Life]:
    with socket.socket() as any_free:
        any_free.bind(("127.0.0.1", 0))
        port = any_free.getsockname()[1]
    environment = os.environ | {"SWAPBOARD_DATA_DIR": str(folder), "SWAPBOARD_DATABASE_URL": database_url}
    command = [sys.executable, "-m", "swapboard", "serve", "--port", str(port)]
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    life = Life(process, f"http://127.0.0.1:{port}")
    try:
        yield life
    finally:
        life.kill()


async def answers(client: httpx.AsyncClient, process: subprocess.Popen[bytes], business: Business) -> None:
    """Wait until the server answers."""
    async with asyncio.timeout(60):
        while True:
            assert process.poll() is None, "the server did not start"
            try:
                response = await client.get(f"/t/{business.site.site_key}.js")
            except httpx.TransportError:
                await asyncio.sleep(0.02)
                continue
            assert response.status_code == 200
            return


async def visit(client: httpx.AsyncClient, business: Business) -> tuple[str, str] | None:
    """The session and the number it was shown; None when the answer did not come."""
    message = {"url": "https://www.example.com/", "targets": [TARGETS[0]]}
    try:
        response = await client.post(f"/t/{business.site.site_key}/visit", json=message)
    except httpx.TransportError:
        return None
    assert response.status_code == 200
    told = response.json()
    return told["session"], told["swaps"][TARGETS[0]]["number"]


async def one_life(
    life: Life, business: Business, shown: dict[str, str], visits: int, killed_after: int | None
) -> None:
    """Let visitors come; what they are shown is noted in `shown` the moment they see it."""
    limits = httpx.Limits(max_connections=50)
    headers = {"User-Agent": BROWSER}
    seen = 0
    async with httpx.AsyncClient(base_url=life.url, limits=limits, headers=headers, timeout=30) as client:
        await answers(client, life.process, business)
        for session_id, number in shown.items():
            if number != FALLBACK:
                beat = {"session": session_id, "state": "visible"}
                heard = await client.post(f"/t/{business.site.site_key}/beat", json=beat)
                assert heard.status_code == 204, "who was shown a number keeps it"
        for coming in asyncio.as_completed([visit(client, business) for _ in range(visits)]):
            told = await coming
            if told is None:
                continue
            session_id, number = told
            assert session_id not in shown
            shown[session_id] = number
            seen += 1
            if seen == killed_after:
                life.kill()


def check(engine: Engine, shown: dict[str, str]) -> None:
    """The disk knows every number that somebody was shown, as theirs."""
    number_of = {row["number_id"]: row["number"] for row in rows_of(engine, "numbers")}
    leased = {row["session_id"]: number_of[row["number_id"]] for row in rows_of(engine, "leases", state="live")}
    overflowed = {row["session_id"]: number_of[row["number_id"]] for row in rows_of(engine, "exhaustions")}
    assert doubly_live(engine) == []
    assert shown.items() <= (leased | overflowed).items()


@pytest.mark.slow  # three servers are started, one after the other
def test_no_shown_number_is_forgotten(engine: Engine, database_url: str, tmp_path: Path) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=POOL, now=system_clock())
    shown: dict[str, str] = {}
    for killed_after in KILLED_AFTER:
        before = len(shown)
        with living(tmp_path, database_url) as life:
            run(one_life(life, business, shown, VISITS, killed_after))
        assert killed_after <= len(shown) - before < VISITS, "it was killed in the middle"
        check(engine, shown)
    with living(tmp_path, database_url) as life:
        run(one_life(life, business, shown, VISITS - len(shown), None))
    check(engine, shown)
    assert len(shown) == VISITS
    pool_numbers = [number for number in shown.values() if number != FALLBACK]
    assert len(pool_numbers) == len(set(pool_numbers)) <= POOL
