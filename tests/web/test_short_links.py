"""`/go/CODE` leads to the page with the placement's source, also while the database is away."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, Engine
from starlette.applications import Starlette

from swapboard.numbers.inventory import NumberKind, NumberStatus, add_numbers, release_number
from swapboard.numbers.listing import NumberFilter, list_numbers
from swapboard.switchboard.exchange import Exchange
from swapboard.web.short_links import ShortLinks, short_address
from tests.building import BILLBOARD, NOW, NewNumber, open_business, settings_of, without_database

pytestmark = pytest.mark.anyio
FLYER = "+442079460300"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def exchange(tmp_path: Path, database_url: str, engine: Engine) -> AsyncIterator[Exchange]:
    exchange = Exchange(settings_of(tmp_path, database_url), lambda: NOW)
    await exchange.start()
    yield exchange
    await exchange.stop()


@pytest.fixture
async def browser(exchange: Exchange) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=ShortLinks(exchange).routes())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://calls.example.com") as client:
        yield client


def open_with_link(connection: Connection) -> str:
    business = open_business(connection)
    flyer = NewNumber(
        "flyer1id",
        FLYER,
        NumberKind.STATIC,
        NOW,
        target_id=business.targets[0].target_id,
        placement="Spring flyer",
        source="flyer",
        medium="print",
        status=NumberStatus.PAUSED,
        short_code="flyer23",
        short_url="https://shop.example.com/offer?x=1",
    )
    add_numbers(connection, business.company_id, [flyer])
    return business.company_id


WANTED = "https://shop.example.com/offer?x=1&utm_source=flyer&utm_medium=print&utm_campaign=Spring+flyer"


async def test_a_link_leads_to_its_page_whatever_the_letters_case(
    exchange: Exchange, browser: httpx.AsyncClient
) -> None:
    await exchange.change(open_with_link)
    for code in ("flyer23", "FLYER23"):
        answer = await browser.get(f"/go/{code}")
        assert (answer.status_code, answer.headers["location"]) == (302, WANTED)
        assert answer.headers["cache-control"] == "no-store"
    assert short_address("https://calls.example.com", "flyer23") == "https://calls.example.com/go/flyer23"


async def test_a_link_that_is_none_or_no_more(exchange: Exchange, browser: httpx.AsyncClient) -> None:
    company_id = await exchange.change(open_with_link)
    for code in ("nowhere", "x" * 17, "a-b", "%00"):
        assert (await browser.get(f"/go/{code}")).status_code == 404
    assert (await browser.get("/go/flyer23")).status_code == 302
    await exchange.change(lambda connection: release_number(connection, company_id, "flyer1id", NOW))
    assert (await browser.get("/go/flyer23")).status_code == 404


async def test_the_database_is_away(exchange: Exchange, browser: httpx.AsyncClient, database_url: str) -> None:
    company_id = await exchange.change(open_with_link)
    assert (await browser.get("/go/flyer23")).status_code == 302
    with without_database(database_url, exchange.engine):
        assert (await browser.get("/go/flyer23")).headers["location"] == WANTED
        assert (await browser.get("/go/another")).status_code == 404
    numbers = await exchange.read(lambda connection: list_numbers(connection, company_id, NumberFilter()).rows)
    assert BILLBOARD in {each.number for each in numbers}
