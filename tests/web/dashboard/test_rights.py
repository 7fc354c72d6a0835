"""A fixed cast before every page and form of the dashboard: who may, and that a stranger finds nothing of ours."""

from collections.abc import AsyncIterator, Iterator, Mapping
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import Connection
from starlette.routing import Route

from swapboard.accounts.company import Role, User
from swapboard.accounts.people import add_user, members_of
from swapboard.reports.cost_file_store import Draft, keep_draft
from swapboard.storage.ids import new_id
from swapboard.switchboard.exchange import Exchange
from swapboard.web.api import install_api
from swapboard.web.dashboard import dashboard
from swapboard.web.visits import Visits
from tests.building import ON_SQLITE
from tests.web.api.house import House, open_company
from tests.web.api.test_rights import everything, furnished
from tests.web.dashboard.shop import ORIGIN, PASSWORD_HASH, Browser, Clock

pytestmark = [pytest.mark.anyio, ON_SQLITE]

EVERYBODY = {"owner", "admin", "analyst", "agent", "read_only"}
READERS = EVERYBODY - {"agent"}
JUDGES = EVERYBODY - {"read_only"}
CHANGERS = {"owner", "admin"}
OWNERS = {"owner"}
REPORTERS = {*CHANGERS, "analyst"}

MAY: Mapping[str, set[str]] = {
    "GET /": READERS,
    "GET /live/events": READERS,
    "GET /live/wall": READERS,
    "GET /calls": EVERYBODY,
    "GET /reference": EVERYBODY,
    "GET /trust": READERS,
    "GET /trust/recredit": READERS,
    "POST /trust/recredit": CHANGERS,
    "GET /words": READERS,
    "POST /words": CHANGERS,
    "GET /spam": READERS,
    "POST /spam/policy": CHANGERS,
    "POST /spam/callers": CHANGERS,
    "GET /spam/callers.csv": READERS,
    "POST /spam/remove": CHANGERS,
    "POST /spam/honeypots": CHANGERS,
    "GET /calls/{call_id}": EVERYBODY,
    "POST /calls/{call_id}/spam": JUDGES,
    "POST /calls/{call_id}/verdict": JUDGES,
    "POST /calls/{call_id}/match": JUDGES,
    "GET /calls/{call_id}/recordings/{recording_id}/sound": JUDGES,
    "POST /calls/{call_id}/recordings/{recording_id}/delete": CHANGERS,
    "POST /calls/{call_id}/recordings/{recording_id}/again": CHANGERS,
    "POST /calls/{call_id}/recording": JUDGES,
    "GET /numbers/texts": READERS,
    "POST /numbers/texts": CHANGERS,
    "POST /calls/{call_id}/recordings/{recording_id}/words": CHANGERS,
    "GET /visits/{session_id}": READERS,
    "GET /leads": EVERYBODY,
    "GET /leads/rules": READERS,
    "POST /leads/rules/order": CHANGERS,
    "GET /leads/rules/{rule_id}": READERS,
    "POST /leads/rules/{rule_id}": CHANGERS,
    "POST /leads/rules/{rule_id}/delete": CHANGERS,
    "GET /leads/credit": READERS,
    "POST /leads/credit": CHANGERS,
    "GET /leads/{lead_id}": EVERYBODY,
    "POST /leads/{lead_id}/join": CHANGERS,
    "POST /leads/{lead_id}/part": CHANGERS,
    "GET /reports/notes": READERS,
    "POST /reports/notes": REPORTERS,
    "POST /reports/notes/{annotation_id}": REPORTERS,
    "POST /reports/notes/{annotation_id}/delete": REPORTERS,
    "GET /reports/saved": READERS,
    "POST /reports/saved": REPORTERS,
    "GET /reports/saved/{view_id}": READERS,
    "POST /reports/saved/{view_id}": REPORTERS,
    "POST /reports/saved/{view_id}/delete": REPORTERS,
    "GET /reports/saved/{view_id}/report.pdf": READERS,
    "POST /reports/saved/{view_id}/send": REPORTERS,
    "POST /reports/saved/{view_id}/links": REPORTERS,
    "POST /reports/saved/{view_id}/links/revoke": REPORTERS,
    "POST /reports/saved/{view_id}/schedules": REPORTERS,
    "POST /reports/saved/{view_id}/schedules/remove": REPORTERS,
    "GET /reports": READERS,
    "GET /reports/days.csv": READERS,
    "GET /reports/days.parquet": READERS,
    "GET /reports/hours.csv": READERS,
    "GET /reports/hours.parquet": READERS,
    "GET /reports/missed": READERS,
    "GET /reports/calls": READERS,
    "GET /reports/missed.csv": READERS,
    "GET /reports/missed.parquet": READERS,
    "GET /reports/roi": READERS,
    "GET /reports/roi.csv": READERS,
    "GET /reports/roi.parquet": READERS,
    "GET /reports/suggestions": READERS,
    "GET /reports/suggestions.csv": READERS,
    "GET /reports/suggestions.parquet": READERS,
    "GET /reports/models": READERS,
    "GET /reports/models.csv": READERS,
    "GET /reports/models.parquet": READERS,
    "GET /reports/paths": READERS,
    "GET /reports/paths.csv": READERS,
    "GET /reports/paths.parquet": READERS,
    "GET /reports/service/agents": READERS,
    "GET /reports/service/agents.csv": READERS,
    "GET /reports/service/agents.parquet": READERS,
    "GET /reports/service/spam": READERS,
    "GET /reports/service/spam.csv": READERS,
    "GET /reports/service/spam.parquet": READERS,
    "GET /reports/service/pools": READERS,
    "GET /reports/service/pools.csv": READERS,
    "GET /reports/service/pools.parquet": READERS,
    "GET /reports/service/deliveries": READERS,
    "GET /reports/service/deliveries.csv": READERS,
    "GET /reports/service/deliveries.parquet": READERS,
    "GET /reports/by": READERS,
    "GET /reports/by/{by}.csv": READERS,
    "GET /reports/by/{by}.parquet": READERS,
    "GET /reports/by/{by}": READERS,
    "GET /numbers": READERS,
    "GET /numbers/sizing": READERS,
    "GET /numbers/scaling": READERS,
    "POST /numbers/scaling": CHANGERS,
    "GET /numbers/rehearsal": READERS,
    "POST /numbers/rehearsal": CHANGERS,
    "GET /numbers/inventory": READERS,
    "GET /numbers/inventory.csv": READERS,
    "POST /numbers/inventory/act": CHANGERS,
    "POST /numbers/inventory/return": CHANGERS,
    "POST /numbers/inventory/quarantine": CHANGERS,
    "POST /numbers/inventory/point": CHANGERS,
    "POST /numbers/inventory/add": CHANGERS,
    "GET /numbers/buy": CHANGERS,
    "POST /numbers/buy": CHANGERS,
    "GET /numbers/placements": READERS,
    "GET /numbers/placements/{number_id}": READERS,
    "POST /numbers/placements/{number_id}": CHANGERS,
    "GET /numbers/placements/{number_id}/print": READERS,
    "GET /numbers/placements/{number_id}/qr.svg": READERS,
    "GET /numbers/flows": READERS,
    "GET /numbers/flows/new": CHANGERS,
    "POST /numbers/flows/new": CHANGERS,
    "GET /numbers/flows/{flow_id}": READERS,
    "GET /numbers/flows/{flow_id}/edit": CHANGERS,
    "POST /numbers/flows/{flow_id}/edit": CHANGERS,
    "POST /numbers/flows/{flow_id}/remove": CHANGERS,
    "POST /numbers/flows/sounds": CHANGERS,
    "GET /numbers/flows/sounds/{sound_id}/audio": READERS,
    "POST /numbers/flows/sounds/{sound_id}/replace": CHANGERS,
    "POST /numbers/flows/sounds/{sound_id}/remove": CHANGERS,
    "GET /numbers/recording": READERS,
    "POST /numbers/recording": CHANGERS,
    "GET /numbers/rules": READERS,
    "POST /numbers/rules/order": CHANGERS,
    "GET /numbers/rules/new": CHANGERS,
    "POST /numbers/rules/new": CHANGERS,
    "GET /numbers/rules/{rule_id}": CHANGERS,
    "POST /numbers/rules/{rule_id}": CHANGERS,
    "POST /numbers/rules/{rule_id}/remove": CHANGERS,
    "GET /setup/start": CHANGERS,
    "GET /setup/start/number": CHANGERS,
    "POST /setup/start/number": CHANGERS,
    "GET /setup/start/carrier": CHANGERS,
    "POST /setup/start/carrier": CHANGERS,
    "GET /setup/start/numbers": CHANGERS,
    "POST /setup/start/numbers": CHANGERS,
    "GET /setup/start/site": CHANGERS,
    "GET /setup/start/call": CHANGERS,
    "POST /setup/start/call": CHANGERS,
    "GET /setup/start/analytics": CHANGERS,
    "GET /destinations": READERS,
    "POST /destinations": CHANGERS,
    "GET /destinations/new": CHANGERS,
    "GET /destinations/deliveries/{delivery_id}": READERS,
    "GET /destinations/{destination_id}": READERS,
    "POST /destinations/{destination_id}": CHANGERS,
    "POST /destinations/{destination_id}/test": CHANGERS,
    "POST /destinations/{destination_id}/password": CHANGERS,
    "POST /destinations/{destination_id}/rotate": CHANGERS,
    "POST /destinations/{destination_id}/replay": CHANGERS,
    "POST /destinations/{destination_id}/remove": CHANGERS,
    "POST /destinations/deliveries/{delivery_id}/again": CHANGERS,
    "GET /destinations/{destination_id}/compare": READERS,
    "POST /destinations/{destination_id}/compare": CHANGERS,
    "GET /access": READERS,
    "POST /access": CHANGERS,
    "GET /access/new": CHANGERS,
    "GET /access/callback/{provider}": CHANGERS,
    "GET /access/{grant_id}": READERS,
    "POST /access/{grant_id}": CHANGERS,
    "GET /access/{grant_id}/sign-in": CHANGERS,
    "POST /access/{grant_id}/remove": CHANGERS,
    "GET /costs": READERS,
    "POST /costs/files": CHANGERS,
    "GET /costs/files/{draft_id}": READERS,
    "POST /costs/files/{draft_id}": CHANGERS,
    "POST /costs/names": CHANGERS,
    "POST /costs/rates": CHANGERS,
    "POST /costs/rates/bank": CHANGERS,
    "POST /costs/feeds": CHANGERS,
    "POST /costs/accounts": CHANGERS,
    "POST /costs/accounts/remove": CHANGERS,
    "POST /setup/carriers": CHANGERS,
    "GET /setup/carriers/new": CHANGERS,
    "GET /setup/carriers/{carrier_id}": READERS,
    "POST /setup/carriers/{carrier_id}": CHANGERS,
    "POST /setup/carriers/{carrier_id}/remove": CHANGERS,
    "GET /companies": EVERYBODY,
    "POST /companies/open": EVERYBODY,
    "GET /companies/new": OWNERS,
    "POST /companies/new": OWNERS,
    "GET /company": CHANGERS,
    "POST /company": CHANGERS,
    "GET /people": CHANGERS,
    "POST /people/invite": CHANGERS,
    "POST /people/withdraw": CHANGERS,
    "POST /people/{user_id}/role": CHANGERS,
    "GET /people/{user_id}/remove": CHANGERS,
    "POST /people/{user_id}/remove": CHANGERS,
    "GET /keys": CHANGERS,
    "POST /keys": CHANGERS,
    "POST /keys/{key_id}/revoke": CHANGERS,
    "POST /companies/leave": EVERYBODY,
    "GET /me": EVERYBODY,
    "POST /me/password": EVERYBODY,
    "POST /me/language": EVERYBODY,
    "GET /me/passkeys": EVERYBODY,
    "POST /me/passkeys": EVERYBODY,
    "POST /me/passkeys/new": EVERYBODY,
    "POST /me/passkeys/remove": EVERYBODY,
    "GET /me/log-ins": EVERYBODY,
    "POST /me/log-ins/end": EVERYBODY,
    "POST /me/log-ins/end-others": EVERYBODY,
    "GET /me/second-step": EVERYBODY,
    "POST /me/second-step": EVERYBODY,
    "GET /me/second-step/code.svg": EVERYBODY,
    "POST /me/second-step/off": EVERYBODY,
    "GET /journal": CHANGERS,
    "GET /journal.csv": CHANGERS,
    "GET /setup": READERS,
    "GET /setup/sites/{site_id}": READERS,
    "POST /setup/sites/{site_id}": CHANGERS,
    "GET /setup/sites/{site_id}/wordpress.zip": READERS,
}
"""Written out by hand, as docs/people-and-roles.md promises it; an agent who asks for the first page is led on."""

OPEN = {
    "GET /login",
    "POST /login",
    "POST /logout",
    "GET /healthz",
    "GET /push-worker.js",
    "GET /logos/{company_id}/{digest}",
    "GET /brand/{colour}.css",
    "GET /login/code",
    "GET /login/passkey",
    "GET /login/sso",
    "GET /login/sso/callback",
    "POST /login/passkey",
    "POST /login/code",
    "GET /forgotten",
    "POST /forgotten",
    "GET /forgotten/{token}",
    "POST /forgotten/{token}",
    "GET /welcome",
    "POST /welcome",
    "GET /join/{token}",
    "POST /join/{token}",
}
"""For whoever is not logged in; they show nothing of a company but its looks."""

OF_THE_COMPANY = ("{call_id}", "{session_id}", "{lead_id}", "{number_id}", "{flow_id}", "{destination_id}")
OF_THE_COMPANY += (
    "{delivery_id}",
    "{carrier_id}",
    "{site_id}",
    "{rule_id}",
    "{recording_id}",
    "{view_id}",
    "{annotation_id}",
    "{sound_id}",
)
OF_THE_COMPANY += ("{user_id}", "{key_id}", "{grant_id}", "{draft_id}")


@pytest.fixture
async def house(exchange: Exchange, clock: Clock) -> AsyncIterator[House]:
    """The API and the dashboard on one server; somebody of each role, and a stranger who owns another company."""
    app = FastAPI()
    app.state.exchange, app.state.visits = exchange, Visits(exchange)
    install_api(app)
    app.mount("/", dashboard(exchange))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        house = House(exchange, clock, client)
        await exchange.change(lambda connection: open_company(connection, house, "us", {"owner": Role.OWNER}))
        await exchange.change(lambda connection: open_company(connection, house, "them", {"stranger": Role.OWNER}))
        await exchange.change(lambda connection: _enter(connection, house))
        yield house


def _enter(connection: Connection, house: House) -> None:
    cast = [(role.value, house.ids["us"], role) for role in Role if role is not Role.SITE]
    for who, company_id, role in [*cast, ("stranger", house.ids["them"], Role.OWNER)]:
        now = house.clock()
        add_user(connection, User(new_id(now), company_id, f"{who}@example.com", who, role, now), PASSWORD_HASH)


async def all_ids(house: House) -> dict[str, str]:
    made, now = await furnished(house), house.clock()
    company_id, draft = made["{company_id}"], Draft(new_id(now), "costs.csv", b"Day,Cost\n2026-11-24,3\n")
    await house.exchange.change(lambda connection: keep_draft(connection, company_id, draft, now))
    members = await house.exchange.read(lambda connection: members_of(connection, company_id))
    return {**made, "{user_id}": members[0].user_id, "{draft_id}": draft.draft_id}


async def as_(house: House, who: str) -> Browser:
    browser = Browser(transport=house.client._transport, base_url=ORIGIN)
    if who != "nobody":
        assert (await browser.log_in(f"{who}@example.com")).status_code == 303
    return browser


async def ask(browser: Browser, door: str, ids: Mapping[str, str]) -> httpx.Response:
    method, path = door.replace("/leads/rules/{rule_id}", "/leads/rules/{lead_rule_id}").split(" ")
    for name, value in ids.items():
        path = path.replace(name, value)
    path = path.replace("{by}", "channel").replace("{provider}", "google")
    if method == "GET":
        # The live page's events never end; whoever may have them is asked for the page only.
        return await browser.get(path)
    return await browser.send_form(path, {"name": "changed", "do": "save", "role": "admin"})


async def test_the_table_names_every_door(exchange: Exchange) -> None:
    routes = [route for route in dashboard(exchange).routes if isinstance(route, Route)]
    doors = {f"{method} {route.path}" for route in routes for method in (route.methods or set()) - {"HEAD"}}

    assert doors == {*MAY, *OPEN}


async def test_who_may_not_is_refused_and_changes_nothing(house: House) -> None:
    ids = await all_ids(house)
    before = everything(house)
    nobody = await as_(house, "nobody")
    for door in MAY:
        answer = await ask(nobody, door, ids)
        if door.startswith("GET "):
            assert answer.status_code == 303, door
            assert answer.headers["location"].startswith("/login"), door
        else:
            assert answer.status_code == 401, door
    for who in sorted(EVERYBODY):
        browser = await as_(house, who)
        for door, allowed in MAY.items():
            if who not in allowed:
                answer = await ask(browser, door, ids)
                assert answer.status_code == (303 if door == "GET /" else 403), (door, who, answer.text)
    assert everything(house) == before


async def test_a_stranger_finds_nothing_and_changes_nothing(house: House) -> None:
    ids = await all_ids(house)
    before = everything(house)
    stranger = await as_(house, "stranger")
    for door in MAY:
        if any(name in door for name in OF_THE_COMPANY):
            answer = await ask(stranger, door, ids)
            # A form may be found wrong before anybody is looked for.
            assert answer.status_code in ({404} if door.startswith("GET") else {400, 404, 422}), (
                door,
                answer.text,
            )
        elif door.startswith("GET") and door != "GET /live/events":
            answer = await ask(stranger, door, ids)
            assert not any(known in answer.text for known in ids.values()), door
    opened = await stranger.send_form("/companies/open", {"company": house.ids["us"]})
    assert opened.status_code == 404
    assert everything(house) == before


async def test_who_may_is_let_in(house: House) -> None:
    ids = await all_ids(house)
    for who, method in (("agent", "GET"), ("agent", "POST"), ("analyst", "POST")):
        browser = await as_(house, who)
        for door in MAY:
            if who in MAY[door] and door.startswith(method) and "leave" not in door:
                answer = await ask(browser, door, ids)
                assert answer.status_code not in {401, 403, 500}, (door, who, answer.text)


def offered(page: httpx.Response) -> Iterator[tuple[str, str]]:
    """(method, path) of every link, and of every form that has a button to send it with."""
    html = LexborHTMLParser(page.text)
    for link in html.css("a[href], area[href]"):
        yield "GET", link.attributes["href"] or ""
    for form in html.css("form"):
        for button in form.css("button:not([type=button]):not([disabled])"):
            action = button.attributes.get("formaction") or form.attributes.get("action")
            yield (form.attributes.get("method") or "get").upper(), action or ""


async def test_nothing_is_offered_that_is_then_refused(house: House, exchange: Exchange) -> None:
    """But the first page, from which an agent is led on."""
    ids = await all_ids(house)
    routes = [route for route in dashboard(exchange).routes if isinstance(route, Route)]
    refused: dict[tuple[str, str, str], str] = {}
    # Who may only read sees what an analyst sees, but for what analysts judge and keep.
    begins = {"analyst": "GET /", "agent": "GET /", "read_only": ("GET /calls", "GET /spam", "GET /reports/")}
    for who, beginning in begins.items():
        browser = await as_(house, who)
        for door in (each for each in MAY if each.startswith(beginning) and who in MAY[each]):
            page = await ask(browser, door, ids) if door != "GET /live/events" else None
            if page is None or page.status_code != 200 or "html" not in page.headers["content-type"]:
                continue
            for method, address in offered(page):
                path = urlsplit(urljoin(str(page.url), address)).path
                for route in routes:
                    if method in (route.methods or ()) and route.path_regex.match(path):
                        if path != "/" and who not in MAY.get(f"{method} {route.path}", EVERYBODY):
                            refused[who, method, route.path] = door
                        break
    assert not refused, "\n".join(f"{each}: {door}" for each, door in sorted(refused.items()))
