"""How much memory the server takes whom people ask for the reports of a large company.

    .venv/bin/python -m benchmarks.report_memory DATABASE_URL [--seconds 60] [--at-once 2]

Starts `swapboard serve` on a database that `benchmarks.reports --keep` made and filed (it adds somebody who logs
in), asks for the pages of reports, so many at once, and prints what the server's process and the one that writes
have resident: after the start, while pages are asked for, and when nobody has asked for half a minute. MB of
1,000,000 bytes; *own* is what no file backs.
"""

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import NamedTuple

import httpx
from rich.console import Console
from sqlalchemy import select

from swapboard.accounts.company import Role, User
from swapboard.accounts.people import add_user
from swapboard.accounts.secrets import hash_password
from swapboard.clock import system_clock
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import companies
from swapboard.switchboard.warming import first_asked

RESTS_SECONDS = 30
START_SECONDS = 60
_FILTER = "&filter=channel%3Apaid+-device%3Atablet"


class Resident(NamedTuple):
    """Bytes of a process: all, what no file backs, and the most that it ever had."""

    all: int
    own: int
    most: int

    def __str__(self) -> str:
        return f"{self.all / 1e6:.0f} MB (own {self.own / 1e6:.0f}, at most {self.most / 1e6:.0f})"


def main() -> None:
    """Start the server, look at its pages, and tell what it takes."""
    asked = argparse.ArgumentParser(description="How much memory the server of a large company takes.")
    asked.add_argument("database_url")
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--at-once", type=int, default=2)
    told = asked.parse_args()
    email, password = _somebody(told.database_url)
    console = Console()
    with tempfile.TemporaryDirectory() as folder, _server(told.database_url, Path(folder)) as (process, home):
        _tell(console, process.pid, "after the start")
        with httpx.Client(base_url=home, headers={"Accept": "text/html", "Origin": home}, timeout=60) as browser:
            assert browser.post("/login", data={"email": email, "password": password}).status_code == 303
            for most in (told.seconds / 3, told.seconds):
                look(browser, told.at_once, most, console)
                _tell(console, process.pid, f"after {most:.0f} s of questions")
        time.sleep(RESTS_SECONDS)
        _tell(console, process.pid, f"{RESTS_SECONDS} s later")


def look(browser: httpx.Client, at_once: int, seconds: float, console: Console) -> None:
    """Ask for all reports again and again, so many at once, and print how long an answer took."""
    until = time.monotonic() + seconds
    addresses = [f"{each}{text}" for text in ("", _FILTER) for each in first_asked()]
    took: list[float] = []

    def ask(first: int) -> None:
        for address in islice(cycle(addresses), first, None):
            if time.monotonic() > until:
                return
            began = time.perf_counter()
            answer = browser.get(address)
            assert answer.status_code == 200, (address, answer.status_code, answer.text[:400])
            took.append(time.perf_counter() - began)

    with ThreadPoolExecutor(at_once) as askers:
        list(askers.map(ask, range(0, len(addresses), -(-len(addresses) // at_once))))
    console.print(f"{len(took)} pages in {seconds:.0f} s, median {median(took) * 1000:.0f} ms")


def resident(pid: int) -> Resident:
    """What the process has."""
    kept = dict(re.findall(r"^(\w+):\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE))
    return Resident(*(int(kept[each]) * 1024 for each in ("VmRSS", "RssAnon", "VmHWM")))


def _tell(console: Console, pid: int, when: str) -> None:
    writer = max((resident(each) for each in _children(pid)), default=None)
    console.print(f"{when}: the server {resident(pid)}, the process that writes {writer}")


def _children(pid: int) -> Sequence[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _somebody(url: str) -> tuple[str, str]:
    """Who logs in: an address that nobody had before, and the password."""
    engine, now = open_engine(url), system_clock()
    person, password = new_id(now), new_id(now)
    email = f"{person}@example.com"
    with writing(engine) as connection:
        company_id = connection.execute(select(companies.c.company_id)).scalars().first()
        assert company_id is not None
        add_user(connection, User(person, company_id, email, "", Role.OWNER, now), hash_password(password))
    engine.dispose()
    return email, password


@contextmanager
def _server(url: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    home = f"http://127.0.0.1:{port}"
    settings = {
        "SWAPBOARD_DATA_DIR": str(folder),
        "SWAPBOARD_DATABASE_URL": url,
        "SWAPBOARD_PORT": str(port),
        "SWAPBOARD_PUBLIC_URL": home,
    }
    command = [sys.executable, "-m", "swapboard", "serve", "--no-open"]
    with subprocess.Popen(command, env=os.environ | settings) as process:  # noqa: S603 our own
        try:
            _wait_for(home)
            yield process, home
        finally:
            process.terminate()


def _wait_for(home: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(httpx.TransportError):
            httpx.get(f"{home}/login")
            return
        time.sleep(0.2)
    raise RuntimeError(f"the server did not answer within {START_SECONDS} s")


if __name__ == "__main__":
    main()
