"""A business with a trunk on the loopback, and the engine that takes its calls."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from swapboard.accounts.secrets import Vault
from swapboard.calls.flow_store import add_flow
from swapboard.calls.nodes import Flow
from swapboard.lines.engine import SipEngine
from swapboard.settings import Settings
from swapboard.storage.engine import writing
from tests.building import NOW, TARGETS, Business, Server, open_business, served, settings_of
from tests.lines.sipp import LOOPBACK, free_port

OWN = "+12025550100"
PASSWORD = {"username": "trunk", "password": "open sesame"}


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
def most_calls() -> int:
    return 50


@pytest.fixture
def settings(database_url: str, tmp_path: Path, most_calls: int) -> Settings:
    listen = f"{LOOPBACK}:{free_port()}"
    return settings_of(
        tmp_path, database_url, lines_listen=listen, lines_ports=(21_000, 21_199), lines_calls=most_calls
    )


@pytest.fixture
def trunk_extras() -> dict[str, str]:
    """What else stands in the trunk's credentials."""
    return {}


@pytest.fixture
def business(engine: Engine, settings: Settings, trunk_port: int, trunk_extras: dict[str, str]) -> Business:
    credentials = {"server": f"{LOOPBACK}:{trunk_port}", "numbers": OWN} | PASSWORD | trunk_extras
    with writing(engine) as connection:
        sealed = Vault.open(settings.secret_file).seal(credentials)
        return open_business(connection, carrier_kind="lines", credentials=sealed)


@pytest.fixture
def with_flow(engine: Engine, business: Business) -> Callable[[Flow], None]:
    """Has calls to the business go through a flow."""

    def install(flow: Flow) -> None:
        with writing(engine) as connection:
            add_flow(connection, business.company_id, "f1", "Shop", flow, TARGETS[:1], NOW)

    return install


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
