"""The door for AMP pages, by HTTP, on both engines."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette

from swapboard.accounts.company import Consent
from swapboard.clock import MINUTE, SECOND, Millis
from swapboard.storage.engine import writing
from swapboard.web.amp import AmpDoor, publisher
from swapboard.web.collector import Collector
from swapboard.web.visits import Dropped, Visits
from tests.building import (
    BROWSER,
    FALLBACK,
    NOW,
    TARGETS,
    Business,
    counts,
    open_business,
    pool_number,
    rows_of,
    run,
    served,
    settings_of,
)

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
CLIENT = "amp-Qf3hUe7oDfkZ1pK0s9XgTg"
CACHE = "https://www-example-com.cdn.ampproject.org"
PAGE = "https://www.example.com/amp.html?gclid=Cj0"


@dataclass
class Amp:
    """AMP's runtime in a browser; the clock stands still until it is moved."""

    visits: Visits
    client: httpx.AsyncClient
    business: Business
    moment: list[Millis]

    def pass_by(self, milliseconds: Millis) -> None:
        self.moment[0] += milliseconds

    async def ask(
        self, origin: str | None = CACHE, headers: dict[str, str] | None = None, **params: Any
    ) -> httpx.Response:
        asked = {"url": PAGE, "referrer": "", "client": CLIENT, **params}
        sent = {"Origin": origin} if origin else {}
        known = {name: value for name, value in asked.items() if value is not None}
        path = f"/t/{self.business.site.site_key}/amp"
        return await self.client.get(path, params=known, headers={**sent, **(headers or {})})

    async def number(self, **params: Any) -> str:
        answer = await self.ask(**params)
        assert answer.status_code == 200, answer.text
        shown: str = answer.json()["phoneNumber"]
        return shown


@asynccontextmanager
async def amp(engine: Engine, database_url: str, tmp_path: Path, **changes: Any) -> AsyncIterator[Amp]:
    with writing(engine) as connection:
        business = open_business(connection, **{"hosts": ("example.com",), **changes})
    moment = [NOW]
    async with served(settings_of(tmp_path, database_url), lambda: moment[0]) as server:
        visits = Visits(server.exchange)
        app = Starlette(
            routes=[*Collector(server.exchange, visits).routes(), *AmpDoor(server.exchange, visits).routes()]
        )
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False),
            base_url="https://calls.example.com",
            headers={"User-Agent": BROWSER},
        ) as client:
            yield Amp(visits, client, business, moment)


def test_a_page_in_the_cache_gets_a_leased_number(engine: Engine, database_url: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with amp(engine, database_url, tmp_path) as page:
            answer = await page.ask(title="Drains", zone="Europe/London")
            number = answer.json()["phoneNumber"]
            assert answer.json() == {"phoneNumber": number, "formattedPhoneNumber": f"(202) 555-{number[-4:]}"}
            assert number in {pool_number(0, index) for index in range(3)}
            assert answer.headers["access-control-allow-origin"] == CACHE
            assert answer.headers["cache-control"] == "private, no-store"
            assert "Origin" in answer.headers["vary"]
            (session,) = rows_of(engine, "sessions")
            assert (session["visitor_id"], session["channel"]) == (CLIENT, "Paid Search")
            assert (session["landing_page"], session["landing_title"]) == (PAGE, "Drains")
            (lease,) = rows_of(engine, "leases")
            assert lease["expires_at"] == NOW + 10 * MINUTE

    run(scenario())


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_another_method_is_a_405_that_says_which_to_use(
    engine: Engine, database_url: str, tmp_path: Path, method: str
) -> None:
    async def scenario() -> None:
        async with amp(engine, database_url, tmp_path) as page:
            answer = await page.client.request(method, f"/t/{page.business.site.site_key}/amp")
            assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
            assert answer.json() == {"error": "This address takes GET only."}

    run(scenario())


def test_the_same_browser_keeps_its_number_and_another_gets_another(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with amp(engine, database_url, tmp_path) as page:
            first = await page.number()
            page.pass_by(5 * MINUTE)
            assert await page.number(url="https://www.example.com/other") == first
            assert await page.number(client="amp-another-browser-of-another") != first
            assert len(rows_of(engine, "sessions")) == 2
            latest = max(lease["expires_at"] for lease in rows_of(engine, "leases"))
            assert latest == NOW + 15 * MINUTE

    run(scenario())


def test_two_numbers_of_one_page_are_one_session(engine: Engine, database_url: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with amp(engine, database_url, tmp_path, targets=2) as page:
            shown = await asyncio.gather(*(page.number(target=target) for target in TARGETS))
            assert shown[0] != shown[1]
            assert len(rows_of(engine, "sessions")) == 1
            assert len(rows_of(engine, "leases")) == 2

    run(scenario())


def test_the_sites_other_pages_go_on_with_the_visitor(engine: Engine, database_url: str, tmp_path: Path) -> None:
    """AMP keeps its id in our cookie on the site, where the script reads it."""

    async def scenario() -> None:
        async with amp(engine, database_url, tmp_path) as page:
            first = await page.number()
            path = f"/t/{page.business.site.site_key}/visit"
            message = {"visitor": CLIENT, "session": None, "url": PAGE, "targets": [TARGETS[0]]}
            answer = (await page.client.post(path, json=message)).json()
            assert answer["swaps"][TARGETS[0]]["number"] == first
            cookie = f"{answer['visitor']}/{answer['session']}/{NOW}"
            assert await page.number(client=cookie) == first
            assert len(rows_of(engine, "sessions")) == 1
            assert rows_of(engine, "visit_events") == []
            page.pass_by(10 * SECOND)
            await page.number(client=cookie)
            assert [event["url"] for event in rows_of(engine, "visit_events")] == [PAGE]

    run(scenario())


def test_the_link_keeps_its_notation(engine: Engine, database_url: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with amp(engine, database_url, tmp_path, numbers=0) as page:
            answer = await page.ask(text="020.7946.0100")
            assert answer.json() == {"phoneNumber": FALLBACK, "formattedPhoneNumber": "020.7946.0200"}

    run(scenario())


def test_crawlers_get_the_original_and_no_lease(engine: Engine, database_url: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with amp(engine, database_url, tmp_path) as page:
            before = counts(engine)
            answer = await page.ask(headers={"User-Agent": GOOGLEBOT}, text="020 7946 0100")
            assert answer.json() == {"phoneNumber": TARGETS[0], "formattedPhoneNumber": "020 7946 0100"}
            assert page.visits.dropped == {Dropped.CRAWLER: 1}
            assert counts(engine) == before

    run(scenario())


@pytest.mark.parametrize(
    ("state", "is_swapped"), [(None, False), ("insufficient", False), ("unknown", False), ("sufficient", True)]
)
def test_consent_is_waited_for(
    engine: Engine, database_url: str, tmp_path: Path, state: str | None, is_swapped: bool
) -> None:
    async def scenario() -> None:
        async with amp(engine, database_url, tmp_path, consent=Consent.WAIT) as page:
            assert (await page.number(consent=state) != TARGETS[0]) is is_swapped

    run(scenario())


@pytest.mark.parametrize(
    ("origin", "headers", "params", "status"),
    [
        (CACHE, {}, {}, 200),
        ("https://example-com.www.bing-amp.com", {}, {}, 200),
        ("https://www.example.com", {}, {}, 200),
        (None, {"AMP-Same-Origin": "true"}, {}, 200),
        (None, {"AMP-Same-Origin": "true"}, {"__amp_source_origin": "https://www.example.com"}, 200),
        (None, {}, {}, 403),
        ("https://www-example-net.cdn.ampproject.org", {}, {}, 403),
        ("https://www.example.net", {}, {}, 403),
        ("https://www-example-com.cdn.ampproject.org.example.net", {}, {}, 403),
        ("https://cdn.ampproject.org", {}, {}, 403),
        ("null", {}, {}, 403),
        ("http://[", {}, {}, 403),
        (CACHE, {}, {"__amp_source_origin": "https://www.example.net"}, 403),
    ],
)
def test_amps_rules_for_origins(
    engine: Engine,
    database_url: str,
    tmp_path: Path,
    origin: str | None,
    headers: dict[str, str],
    params: dict[str, str],
    status: int,
) -> None:
    async def scenario() -> None:
        async with amp(engine, database_url, tmp_path) as page:
            answer = await page.ask(origin, headers, **params)
            assert answer.status_code == status, answer.text
            if status == 403:
                assert rows_of(engine, "sessions") == []
                assert answer.json()["error"]
            elif source := params.get("__amp_source_origin"):
                assert answer.headers["amp-access-control-allow-source-origin"] == source
                assert answer.headers["access-control-allow-origin"] == source

    run(scenario())


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"target": TARGETS[1]}, 200),
        ({"target": TARGETS[1].replace("+", " ")}, 200),
        ({}, 400),
        ({"target": "+12025550199"}, 400),
        ({"target": "💥"}, 400),
        ({"target": TARGETS[0], "client": "💥" * 500, "url": "\0" * 9000, "text": "x" * 5000}, 200),
        ({"target": TARGETS[0], "client": "/" * 50, "zone": "\ud7ff"}, 200),
    ],
)
def test_what_is_asked(
    engine: Engine, database_url: str, tmp_path: Path, params: dict[str, str], status: int
) -> None:
    async def scenario() -> None:
        async with amp(engine, database_url, tmp_path, targets=2) as page:
            answer = await page.ask(**params)
            assert answer.status_code == status, answer.text

    run(scenario())


def test_without_cookies_nobody_is_known_again(engine: Engine, database_url: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with amp(engine, database_url, tmp_path, consent=Consent.COOKIELESS) as page:
            assert await page.number() != TARGETS[0]
            (session,) = rows_of(engine, "sessions")
            assert session["visitor_id"] != CLIENT

    run(scenario())


def test_an_unknown_key_is_told(engine: Engine, database_url: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with amp(engine, database_url, tmp_path) as page:
            unknown = replace(page.business, site=replace(page.business.site, site_key="nobody"))
            page.business = unknown
            answer = await page.ask()
            assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (404, "*")

    run(scenario())


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("www-example-com.cdn.ampproject.org", "www.example.com"),
        ("my--shop-example-com.cdn.ampproject.org", "my-shop.example.com"),
        ("0-en--us-example-com-0.cdn.ampproject.org", "en-us.example.com"),
        ("xn---com-p33b41770a.cdn.ampproject.org", "xn--57hw060o.com"),
        ("cdn.ampproject.org", ""),
        ("example.com", ""),
        ("xn--.cdn.ampproject.org", ""),
    ],
)
def test_whose_page_a_cache_shows(host: str, shown: str) -> None:
    assert publisher(host) == shown


def test_the_lease_ends_after_ten_minutes(engine: Engine, database_url: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with amp(engine, database_url, tmp_path, numbers=1) as page:
            first = await page.number()
            page.pass_by(10 * MINUTE - SECOND)
            assert await page.number(client="amp-another-browser-of-another") == FALLBACK
            page.pass_by(2 * SECOND)
            assert await page.number(client="amp-a-third-browser-of-another") == first

    run(scenario())
