"""The set-up assistant through its doors: each makes what it says; what is done is seen from what there is."""

import asyncio
import re
from collections.abc import AsyncIterator
from functools import partial
from typing import cast

import httpx
import pytest
from sqlalchemy import Connection
from starlette.applications import Starlette

from swapboard.accounts.company import ApiKey, Role, Site, User
from swapboard.accounts.keys import add_key
from swapboard.accounts.opening import new_company
from swapboard.accounts.people import add_user
from swapboard.accounts.secrets import new_api_key
from swapboard.accounts.store import add_company, company_by_id, sites_of
from swapboard.calls.carrier_accounts import list_carriers
from swapboard.carriers.base import CarrierError, Fault
from swapboard.carriers.twilio.adapter import TwilioCarrier
from swapboard.numbers.listing import NumberFilter, list_numbers
from swapboard.numbers.rule_listing import rules_in_order
from swapboard.numbers.target_listing import list_targets
from swapboard.storage.ids import new_id
from swapboard.switchboard.exchange import Exchange
from swapboard.web.app import create_app
from swapboard.web.dashboard import dashboard
from swapboard.web.dashboard.reach import LineSeen, Reach
from swapboard.web.dashboard.start_steps import Step, progress_of
from tests.building import ON_SQLITE
from tests.patience import HANGS_AFTER_SECONDS
from tests.web.dashboard.shop import ORIGIN, PASSWORD_HASH, Browser, Clock, Shop

pytestmark = [pytest.mark.anyio, ON_SQLITE]

TWILIO = {
    "kind": "twilio",
    "credential-account_sid": "AC" + "0" * 32,
    "credential-auth_token": "f" * 32,
}
FIRST = {"number": "(202) 555-0100", "destination": "", "site": "https://www.example.com/about"}


@pytest.fixture
async def company_id(exchange: Exchange, clock: Clock) -> str:
    """A company as the first page makes it, with its owner."""
    company = new_company("Brightwater", clock(), "America/New_York")
    owner = User(new_id(clock()), company.company_id, "owner@example.com", "Olga", Role.OWNER, clock())

    def write(connection: Connection) -> None:
        add_company(connection, company)
        add_user(connection, owner, PASSWORD_HASH)

    await exchange.configure(company.company_id, write)
    return company.company_id


@pytest.fixture
async def fresh(app: Starlette, company_id: str) -> AsyncIterator[Browser]:
    """A browser in which its owner is logged in."""
    transport = httpx.ASGITransport(app)
    async with Browser(transport=transport, base_url=ORIGIN, headers={"Accept": "text/html"}) as browser:
        assert (await browser.log_in("owner@example.com")).status_code == 303
        yield browser


async def done(exchange: Exchange, company_id: str) -> set[Step]:
    progress = await exchange.read(lambda connection: progress_of(connection, company_id))
    return set(progress.done)


async def test_an_empty_company_can_look_at_and_skip_every_step(fresh: Browser) -> None:
    path = "/setup/start"
    assert "Six short steps" in (await fresh.get(path)).text
    for step in Step:
        page = await fresh.get(step.path)
        assert page.status_code == 200
        assert "Skip for now" in page.text


async def test_the_number_makes_what_a_visit_needs(fresh: Browser, exchange: Exchange, company_id: str) -> None:
    saved = await fresh.send_form(Step.NUMBER.path, FIRST)
    assert saved.headers["location"] == Step.CARRIER.path
    target = (await exchange.read(lambda c: list_targets(c, company_id, 9))).rows[0]
    rule = (await exchange.read(lambda c: rules_in_order(c, company_id)))[0].rule
    site = (await exchange.read(lambda c: sites_of(c, company_id)))[0]
    company = await exchange.read(lambda c: company_by_id(c, company_id))
    assert (target.number, target.destination) == ("+12025550100", "+12025550100")
    assert rule.pool_id
    assert site.hosts == ("www.example.com",)
    assert company
    assert company.default_destination == "+12025550100"
    assert Step.NUMBER in await done(exchange, company_id)


async def test_going_back_changes_it_and_makes_nothing_twice(
    fresh: Browser, exchange: Exchange, company_id: str
) -> None:
    await fresh.send_form(Step.NUMBER.path, FIRST)
    assert 'value="+12025550100"' in (await fresh.get(Step.NUMBER.path)).text
    again = FIRST | {"destination": "+1 202 555 0101", "site": "shop.example.com"}
    assert (await fresh.send_form(Step.NUMBER.path, again)).status_code == 303

    targets = (await exchange.read(lambda c: list_targets(c, company_id, 9))).rows
    sites = await exchange.read(lambda c: sites_of(c, company_id))
    company = await exchange.read(lambda c: company_by_id(c, company_id))
    assert [each.destination for each in targets] == ["+12025550101"]
    assert [(each.name, each.hosts) for each in sites] == [("shop.example.com", ("shop.example.com",))]
    assert len(await exchange.read(lambda c: rules_in_order(c, company_id))) == 1
    assert company
    assert company.default_destination == "+12025550101"


@pytest.mark.parametrize(("field", "value"), [("number", "123"), ("destination", "no"), ("site", "http:// ")])
async def test_what_is_no_number_or_site_is_said_beside_it(fresh: Browser, field: str, value: str) -> None:
    answer = await fresh.send_form(Step.NUMBER.path, FIRST | {field: value})
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text


async def test_credentials_are_tried_before_they_are_kept(
    fresh: Browser, exchange: Exchange, company_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = iter([Fault.ACCOUNT, Fault.CARRIER])

    def refuse(_self: object, _since: int) -> object:
        raise CarrierError("Authenticate: no such account", next(faults))

    monkeypatch.setattr(TwilioCarrier, "calls", refuse)
    wrong = await fresh.send_form(Step.CARRIER.path, TWILIO)
    assert wrong.status_code == 422
    assert "no such account" in wrong.text
    assert "f" * 32 not in wrong.text
    assert "untried" not in wrong.text
    away = await fresh.send_form(Step.CARRIER.path, TWILIO)
    assert 'name="untried"' in away.text
    assert not await exchange.read(lambda c: list_carriers(c, company_id))

    kept = await fresh.send_form(Step.CARRIER.path, TWILIO | {"untried": "yes"})
    assert kept.headers["location"] == Step.NUMBERS.path
    assert Step.CARRIER in await done(exchange, company_id)


LINES = {
    "kind": "lines",
    "credential-server": "sip.example.com",
    "credential-register": "no",
    "credential-numbers": "+12025550143",
}
ASTERISK = {
    "kind": "asterisk",
    "credential-url": "http://127.0.0.1:8088",
    "credential-username": "us",
    "credential-password": "secret words",
    "credential-endpoint": "PJSIP/{number}@trunk",
    "credential-numbers": "+12025550143",
}


@pytest.mark.parametrize("form", [LINES, ASTERISK], ids=["trunk", "asterisk"])
async def test_a_line_of_ones_own_is_kept_though_nobody_lists_its_calls(
    fresh: Browser, exchange: Exchange, company_id: str, form: dict[str, str]
) -> None:
    asked = (await fresh.get(f"{Step.CARRIER.path}?kind={form['kind']}")).text
    assert "in your account" not in asked
    assert "Try it" not in asked

    assert (await fresh.send_form(Step.CARRIER.path, form)).status_code == 303
    kept = await exchange.read(lambda connection: list_carriers(connection, company_id))
    assert [each.kind for each in kept] == [form["kind"]]


async def test_practice_numbers_are_the_pools_and_are_taken_for_nothing(
    fresh: Browser, exchange: Exchange, company_id: str
) -> None:
    await fresh.send_form(Step.NUMBER.path, FIRST)
    for _ in range(2):
        assert (await fresh.send_form(Step.CARRIER.path, {"kind": "sandbox"})).status_code == 303
    assert len(await exchange.read(lambda c: list_carriers(c, company_id))) == 1
    assert (await fresh.send_form(Step.NUMBERS.path, {"do": "practice"})).status_code == 303
    numbers = (await exchange.read(lambda c: list_numbers(c, company_id, NumberFilter(), 99))).rows
    assert len(numbers) == 5
    assert all(each.pool_id and each.number.startswith("+1202555010") for each in numbers)
    assert "+12025550100" not in {each.number for each in numbers}


async def test_own_numbers_are_brought_in_and_wrong_ones_said(fresh: Browser, exchange: Exchange) -> None:
    assert (await fresh.send_form(Step.NUMBERS.path, {"do": "bring", "list": "+12025550150"})).status_code == 409
    await fresh.send_form(Step.NUMBER.path, FIRST)
    wrong = await fresh.send_form(Step.NUMBERS.path, {"do": "bring", "list": "twelve"})
    assert wrong.status_code == 422
    assert "twelve" in wrong.text
    circle = await fresh.send_form(Step.NUMBERS.path, {"do": "bring", "list": "+12025550100"})
    assert "go in circles" in circle.text
    assert (await fresh.send_form(Step.NUMBERS.path, {"do": "bring", "list": "+12025550150"})).status_code == 303
    assert "555-0150" in (await fresh.get(Step.NUMBERS.path)).text


async def test_numbers_that_are_all_paused_are_not_said_to_be_shown(
    fresh: Browser, exchange: Exchange, company_id: str
) -> None:
    await fresh.send_form(Step.NUMBER.path, FIRST)
    fields = {"do": "bring", "list": "number,status\n+12025550150,paused\n"}
    assert (await fresh.send_form(Step.NUMBERS.path, fields)).status_code == 303
    shown = (await fresh.get(Step.NUMBERS.path)).text
    assert "The numbers are in, but none is active: visitors see your own number" in shown
    assert "None of them is active" in shown
    assert Step.NUMBERS not in await done(exchange, company_id)
    await fresh.send_form(Step.NUMBERS.path, {"do": "bring", "list": "+12025550151"})
    assert Step.NUMBERS in await done(exchange, company_id)


async def test_the_page_is_read_for_its_line(exchange: Exchange, shop: Shop) -> None:
    asked: list[str] = []

    def look(site: Site, public_url: str) -> LineSeen:
        asked.append(f"{site.site_id} {public_url}")
        return LineSeen("https://shop.example.com/", is_there=len(asked) > 1)

    app = dashboard(exchange, reach=Reach(look_for_line=look))
    async with Browser(transport=httpx.ASGITransport(app), base_url=ORIGIN) as browser:
        await browser.log_in("owner@example.com")
        await browser.get(Step.SITE.path)
        assert not asked
        assert "is not on https://shop.example.com/" in (await browser.get(f"{Step.SITE.path}?look=yes")).text
        assert "The line is on https://shop.example.com/" in (await browser.get(f"{Step.SITE.path}?look=yes")).text
    assert asked == [f"{shop.site_id} {exchange.settings.public_url}"] * 2


async def test_google_analytics_is_connected_where_the_step_leads(
    fresh: Browser, exchange: Exchange, company_id: str
) -> None:
    links = re.findall(r'href="(/destinations/new[^"]*)"', (await fresh.get(Step.ANALYTICS.path)).text)
    assert len(links) == 1
    form = await fresh.get(links[0])
    assert form.status_code == 200, form.text
    assert "Measurement ID" in form.text
    kind = links[0].partition("kind=")[2]
    settings = {"setting-measurement_id": "G-AB12CD34EF", "setting-api_secret": "hush"}
    sent = {"kind": kind, "name": "Analytics", "on": "yes", "calls": "yes", "sure": "0", **settings}
    assert (await fresh.send_form("/destinations", sent)).status_code == 303
    assert await done(exchange, company_id) == {Step.ANALYTICS}
    page = await fresh.get(Step.ANALYTICS.path)
    assert ("Analytics" in page.text, "Skip for now" in page.text) == (True, False)


async def test_a_practice_call_runs_through_the_real_doors(exchange: Exchange, company_id: str) -> None:
    app = create_app(exchange)
    async with Browser(transport=httpx.ASGITransport(app), base_url=ORIGIN) as browser:
        await browser.log_in("owner@example.com")
        await browser.send_form(Step.NUMBER.path, FIRST)
        await browser.send_form(Step.CARRIER.path, {"kind": "sandbox"})
        await browser.send_form(Step.NUMBERS.path, {"do": "practice"})
        not_ours = await browser.send_form(Step.CALL.path, {"number": "+12125550199"})
        assert not_ours.status_code == 409
        number = (await exchange.read(lambda c: list_numbers(c, company_id, NumberFilter(), 1))).rows[0].number
        assert (await browser.send_form(Step.CALL.path, {"number": number})).status_code == 303

        async with asyncio.timeout(HANGS_AFTER_SECONDS):
            while "(212) 555-0111" not in (await browser.get(Step.CALL.path)).text:
                await asyncio.sleep(0.05)
        assert Step.CALL in await done(exchange, company_id)
    await cast(Starlette, app).state.practice.aclose()


async def test_a_program_rings_with_the_key_of_an_admin_only(exchange: Exchange, company_id: str) -> None:
    app, secrets = create_app(exchange), {}
    for role in (Role.ANALYST, Role.ADMIN):
        key = ApiKey(new_id(exchange.clock()), company_id, role, role, exchange.clock(), None, None)
        secrets[role], digest = new_api_key(company_id, key.key_id)
        await exchange.change(partial(add_key, key=key, secret_hash=digest))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as http:
        # An analyst may look at what was rung; the call that is asked for and the number are nobody's.
        for key_text, looked, rung in (
            ("sb_a_b_c", (401, 401), 401),
            (secrets[Role.ANALYST], (404, 200), 403),
            (secrets[Role.ADMIN], (404, 200), 404),
        ):
            headers = {"Authorization": f"Bearer {key_text}"}
            told = [await http.get(path, headers=headers) for path in ("/sandbox/calls/CA1", "/sandbox/texts")]
            assert tuple(each.status_code for each in told) == looked
            dialled = await http.post("/sandbox/calls", json={"to": "+12025550101"}, headers=headers)
            assert dialled.status_code == rung
        assert (await http.post("/sandbox/calls", json={"to": "+12025550101"})).status_code == 401
    await cast(Starlette, app).state.practice.aclose()


async def test_a_shop_that_takes_calls_has_little_left(owner: Browser, exchange: Exchange, shop: Shop) -> None:
    await shop.ring((await shop.visit()).swaps[0].number)
    assert await done(exchange, shop.company_id) == set(Step) - {Step.ANALYTICS}
    page = await owner.get("/setup/start")
    assert "1 step is left" in page.text
    assert "Emergency" in (await owner.get(Step.CALL.path)).text
