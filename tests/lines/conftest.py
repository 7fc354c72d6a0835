"""A business with a trunk on the loopback, and the engine that takes its calls."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from swapboard.accounts.secrets import Vault
from swapboard.lines.engine import SipEngine
from swapboard.settings import Settings
from swapboard.storage.engine import writing
from tests.building import Business, Server, open_business, served, settings_of
from tests.lines.sipp import LOOPBACK, free_port


@dataclass(frozen=True, slots=True)
class Lines:
    """A server whose engine listens."""

    server: Server
    engine: SipEngine
    business: Business
    trunk_port: int
    """Where it rings whoever is dialled."""

    @property
    def port(self) -> int:
        return self.engine.address[1]


@pytest.fixture
def trunk_port() -> int:
    return free_port()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    listen = f"{LOOPBACK}:{free_port()}"
    return settings_of(tmp_path, database_url, lines_listen=listen, lines_ports=(21_000, 21_199))


@pytest.fixture
def business(engine: Engine, settings: Settings, trunk_port: int) -> Business:
    credentials = {"server": f"{LOOPBACK}:{trunk_port}", "numbers": "+12025550100"}
    with writing(engine) as connection:
        sealed = Vault.open(settings.secret_file).seal(credentials)
        return open_business(connection, carrier_kind="lines", credentials=sealed)


@pytest.fixture
def lines(
    settings: Settings, business: Business, trunk_port: int
) -> Callable[[], AbstractAsyncContextManager[Lines]]:
    """Opens the lines, on the running event loop."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Lines]:
        async with served(settings) as server:
            engine = SipEngine(server.exchange)
            await engine.start()
            try:
                yield Lines(server, engine, business, trunk_port)
            finally:
                await engine.stop()

    return opened
