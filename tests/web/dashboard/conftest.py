"""The dashboard on each engine, with the shop's people, a stranger's company and a browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from swapboard.accounts.company import Role
from swapboard.settings import read_settings
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard import dashboard
from tests.web.dashboard.shop import ORIGIN, Browser, Clock, Shop, settings_for


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[Exchange]:
    """A running exchange with an empty database, on each engine."""
    exchange = Exchange(settings_for(migrated_url, tmp_path), clock)
    await exchange.start()
    yield exchange
    await exchange.stop()


@pytest.fixture
def app(exchange: Exchange) -> Starlette:
    return dashboard(exchange)


@pytest.fixture
async def shop(exchange: Exchange, clock: Clock) -> Shop:
    """The company whose dashboard is looked at."""
    people = [("owner@example.com", Role.OWNER), ("reader@example.com", Role.READ_ONLY)]
    return await Shop(exchange, clock).open(people)


@pytest.fixture
async def stranger(exchange: Exchange, clock: Clock) -> Shop:
    """Another company on the same server."""
    return await Shop(exchange, clock, "Elsewhere").open([("stranger@example.com", Role.OWNER)])


@pytest.fixture
async def browser(app: Starlette) -> AsyncIterator[Browser]:
    """A browser in which nobody is logged in."""
    transport = httpx.ASGITransport(app)
    asks_for_pages = {"Accept": "text/html"}
    async with Browser(transport=transport, base_url=ORIGIN, headers=asks_for_pages) as browser:
        yield browser


@pytest.fixture
async def owner(browser: Browser, shop: Shop) -> Browser:
    """A browser in which the shop's owner is logged in."""
    answer = await browser.log_in("owner@example.com")
    assert answer.status_code == 303
    return browser


@pytest.fixture
def mailing(exchange: Exchange) -> None:
    """A mail server is set up (nothing is sent in these tests)."""
    exchange.settings = read_settings(
        {
            "SWAPBOARD_SMTP_URL": "smtp://127.0.0.1:1",
            "SWAPBOARD_MAIL_FROM": "calls@example.com",
            "SWAPBOARD_DATA_DIR": str(exchange.settings.data_dir),
            "SWAPBOARD_PUBLIC_URL": ORIGIN,
        }
    )
