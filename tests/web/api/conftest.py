"""A server with the API only, on each engine; a cast of callers; a company and a stranger's company."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from swapboard.accounts.company import Role
from swapboard.settings import read_settings
from swapboard.switchboard.exchange import Exchange
from swapboard.web.api import install_api
from swapboard.web.visits import Visits
from tests.web.api.house import ANOTHER_HOST, CAST, Clock, House, open_company


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[Exchange]:
    """A running exchange with an empty database, on each engine; what a worker does, it leaves alone."""
    environment = {
        "SWAPBOARD_WORKER_APART": "1",
        "SWAPBOARD_DATA_DIR": str(tmp_path),
        "SWAPBOARD_DATABASE_URL": migrated_url,
        "SWAPBOARD_PUBLIC_URL": ANOTHER_HOST,
    }
    exchange = Exchange(read_settings(environment), clock)
    await exchange.start()
    yield exchange
    await exchange.stop()


@pytest.fixture
def app(exchange: Exchange) -> FastAPI:
    """The API's door, and nothing else."""
    app = FastAPI(openapi_url=None)
    app.state.exchange = exchange
    app.state.visits = Visits(exchange)
    install_api(app)
    return app


@pytest.fixture
async def house(exchange: Exchange, clock: Clock, app: FastAPI) -> AsyncIterator[House]:
    """Our company with a key for each role, and a stranger's with its owner's key."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ANOTHER_HOST) as client:
        house = House(exchange, clock, client)
        roles = {**CAST, "read_only": Role.READ_ONLY, "site": Role.SITE, "revoked": Role.OWNER}
        await exchange.change(lambda connection: open_company(connection, house, "us", roles))
        await exchange.change(lambda connection: open_company(connection, house, "them", {"stranger": Role.OWNER}))
        yield house
