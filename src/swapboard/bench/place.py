"""A server process of its own, with a company that has so many numbers, to be loaded from outside."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import Connection, insert

from swapboard.accounts import store as account_store
from swapboard.accounts.company import Company, Consent, Site
from swapboard.accounts.secrets import Vault
from swapboard.bench.doors import READY
from swapboard.calls.store import add_carrier
from swapboard.clock import HOUR, system_clock
from swapboard.numbers import inventory, rule_store
from swapboard.numbers.inventory import NewNumber, NumberKind
from swapboard.numbers.rules import Outcome, Overflow, Pool, Rule, SwapTarget
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.ids import new_id
from swapboard.storage.migrate import migrate
from swapboard.storage.schema import chores
from swapboard.switchboard.reconciling import CHORE as CALL_LISTS

TARGET = "+12025550100"
TOKEN = "a bench's token"  # noqa: S105 signs nothing but this measurement
ACCOUNT = "AC" + "0" * 32
START_SECONDS = 150
"""It and the process that writes take five seconds of processor time to begin, most of it Python's imports, which
was more than half a minute where others kept two cores busy with forty processes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where requests go."""

    port: int
    site_key: str
    carrier_id: str


@contextmanager
def opened(database_url: str | None, numbers: int) -> Iterator[Place]:
    """A server process on a free port, with a company that has so many numbers."""
    with tempfile.TemporaryDirectory(prefix="swapboard-bench-") as folder:
        url = database_url or f"sqlite:///{folder}/swapboard.db"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        site_key, carrier_id = prepare(url, Path(folder), numbers)
        environment = environment_of(folder, url, port)
        command = [sys.executable, "-m", "swapboard.bench.server"]
        process = subprocess.Popen(command, env=environment)  # noqa: S603 our own module
        try:
            _wait_until_it_is_ready(process, port)
            yield Place(port, site_key, carrier_id)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                # It still writes what came in faster than it could be written; nobody wants that any more.
                process.kill()
                process.wait()


def environment_of(folder: str, database_url: str, port: int) -> dict[str, str]:
    """The server's, which is to touch nothing of a real one whose settings are those of whoever measures.

    With these it wrote its own documents to the real fallback folder in place of all that were there.
    """
    others = {name: value for name, value in os.environ.items() if not name.startswith("SWAPBOARD_")}
    return others | {
        "SWAPBOARD_DATA_DIR": folder,
        "SWAPBOARD_DATABASE_URL": database_url,
        "SWAPBOARD_PORT": str(port),
        "SWAPBOARD_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SWAPBOARD_VISITS_PER_SECOND": "1000000",
    }


def _wait_until_it_is_ready(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait for the process that writes, too: until then a thread does it, and its start takes one of the cores."""
    until = time.monotonic() + START_SECONDS
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=START_SECONDS) as client:
        while time.monotonic() < until:
            if process.poll() is not None:
                raise RuntimeError(f"the server ended at once with exit code {process.returncode}")
            with suppress(httpx.TransportError):
                if client.get(READY).status_code == 204:
                    return
            time.sleep(0.1)
    raise RuntimeError(f"the server was not ready within {START_SECONDS} s")


def prepare(database_url: str, data_dir: Path, numbers: int) -> tuple[str, str]:
    """The key of the company's site, and its carrier's id."""
    migrate(database_url)
    engine = open_engine(database_url)
    vault = Vault.open(data_dir / "secret.key")
    with writing(engine) as connection:
        prepared = _add_company(connection, vault, numbers)
    engine.dispose()
    return prepared


def _add_company(connection: Connection, vault: Vault, numbers: int) -> tuple[str, str]:
    now = system_clock()
    company_id, carrier_id = new_id(now), new_id(now)
    account_store.add_company(
        connection, Company(company_id, new_id(now), "Bench", "UTC", "US", TARGET, 1800, 30, now)
    )
    site = Site(new_id(now), company_id, new_id(now), "Bench", (), Consent.ALWAYS, 20, now, now)
    account_store.add_site(connection, site)
    target = SwapTarget(new_id(now), TARGET, TARGET)
    inventory.add_target(connection, company_id, target, "Bench", now)
    pool = Pool(new_id(now), target.target_id, Overflow.ORIGINAL)
    inventory.add_pool(connection, company_id, pool, "Bench", now)
    inventory.add_numbers(
        connection,
        company_id,
        (
            NewNumber(f"{index:032x}", f"+1555{index:07d}", NumberKind.POOL, now, pool_id=pool.pool_id)
            for index in range(numbers)
        ),
    )
    everyone = Rule(new_id(now), "Everybody", Outcome.POOL, {}, pool_id=pool.pool_id)
    rule_store.add_rule(connection, company_id, everyone, 1, now)
    sealed = vault.seal({"account_sid": ACCOUNT, "auth_token": TOKEN})
    add_carrier(connection, company_id, carrier_id, "twilio", "Bench", sealed, now)
    # Nobody there knows this account, and the load stays on this machine.
    connection.execute(insert(chores).values(company_id=company_id, name=CALL_LISTS, due_at=now + HOUR))
    return site.site_key, carrier_id
