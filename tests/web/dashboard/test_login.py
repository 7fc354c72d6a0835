"""Logging in and out: who gets in, where they land, what ends a log-in, and how often one may try."""

from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update
from starlette.applications import Starlette

from swapboard.accounts.company import Role
from swapboard.accounts.secrets import hash_password
from swapboard.clock import DAY, SECOND
from swapboard.storage.schema import people, users
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard import dashboard, login
from swapboard.web.dashboard.guard import TICKET_LASTS, own_path
from tests.building import ON_SQLITE
from tests.web.dashboard.shop import ORIGIN, PASSWORD, Browser, Clock, Shop, settings_for

pytestmark = pytest.mark.anyio

PAGES = ("/", "/calls", "/calls?status=missed&q=a+b", "/calls/abc", "/visits/abc", "/numbers", "/setup")
SESSION = "swapboard"


async def test_whoever_is_not_logged_in_is_sent_to_the_log_in_and_comes_back(browser: Browser, shop: Shop) -> None:
    for path in PAGES:
        answer = await browser.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/login?{urlencode({'next': path})}"
        form = await browser.get(answer.headers["location"])
        assert form.status_code == 200
        done = await browser.log_in("owner@example.com", wanted=path)
        assert (done.status_code, done.headers["location"]) == (303, path)
        await browser.send_form("/logout", {})


async def test_the_log_in_does_not_mind_how_an_email_is_written(browser: Browser, shop: Shop) -> None:
    assert (await browser.log_in("  Owner@Example.COM ")).status_code == 303


async def test_whoever_is_logged_in_need_not_do_it_again(owner: Browser) -> None:
    answer = await owner.get("/login?next=/calls")

    assert (answer.status_code, answer.headers["location"]) == (303, "/calls")


async def test_a_wrong_pair_is_refused_in_the_same_words(browser: Browser, shop: Shop) -> None:
    for email, password in (
        ("owner@example.com", "not her password"),
        ("owner@example.com", ""),
        ("nobody@example.com", PASSWORD),
        ("", ""),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("<script>alert(1)</script>", PASSWORD),
    ):
        answer = await browser.log_in(email, password)
        assert answer.status_code == 401
        assert "do not fit together" in answer.text
        assert "<script>alert" not in answer.text
        assert SESSION not in answer.cookies
        assert (await browser.get("/")).status_code == 303


async def test_an_unknown_person_takes_one_hash_like_a_known_one(
    browser: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[bool] = []

    def counted(_password: str, password_hash: str | None) -> bool:
        hashed.append(password_hash is not None)
        return False

    monkeypatch.setattr(login, "password_fits", counted)
    await browser.log_in("owner@example.com")
    await browser.log_in("nobody@example.com")

    assert hashed == [True, False]


async def test_the_cookie_is_kept_from_scripts_and_other_sites(browser: Browser, shop: Shop) -> None:
    answer = await browser.log_in("owner@example.com")

    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{SESSION}=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie
    assert "domain" not in cookie


async def test_on_https_the_cookie_is_secure_and_bound_to_the_host(
    migrated_url: str, tmp_path: Path, clock: Clock
) -> None:
    exchange = Exchange(settings_for(migrated_url, tmp_path, "https://board.example.com"), clock)
    await exchange.start()
    await Shop(exchange, clock).open([("owner@example.com", Role.OWNER)])
    transport = httpx.ASGITransport(dashboard(exchange))
    async with Browser(transport=transport, base_url="https://board.example.com") as browser:
        fields = {"email": "owner@example.com", "password": PASSWORD, "next": "/"}
        answer = await browser.post("/login", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    await exchange.stop()

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-swapboard=")
    assert "secure" in cookie.lower()
    assert "domain" not in cookie.lower()


async def test_a_cookie_that_was_altered_is_worth_nothing(owner: Browser) -> None:
    ticket = owner.cookies[SESSION]
    for altered in (ticket[:-2] + "xx", "null", "", ticket.split(".")[0], "e30=.x.y", "\N{BOMB}"):
        answer = await owner.get("/", headers={"Cookie": f"{SESSION}={altered}".encode()})
        assert answer.status_code == 303


async def test_logging_in_leaves_nothing_of_what_the_cookie_held(
    browser: Browser, shop: Shop, stranger: Shop
) -> None:
    await browser.log_in("stranger@example.com")
    planted = browser.cookies[SESSION]
    await browser.log_in("owner@example.com")

    assert browser.cookies[SESSION] != planted
    page = await browser.get("/")
    assert shop.name in page.text
    assert stranger.name not in page.text


async def test_logging_out_ends_it(owner: Browser) -> None:
    answer = await owner.send_form("/logout", {})

    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert (await owner.get("/")).status_code == 303


async def test_a_new_password_ends_every_log_in(owner: Browser, shop: Shop) -> None:
    new_hash = hash_password("another password")
    await shop.exchange.change(
        lambda connection: connection.execute(
            update(people)
            .where(people.c.company_id == shop.company_id, people.c.email == "owner@example.com")
            .values(password_hash=new_hash)
        )
    )

    assert (await owner.get("/")).status_code == 303


async def test_a_person_who_was_removed_sees_nothing_more(owner: Browser, shop: Shop) -> None:
    await shop.exchange.change(
        lambda connection: connection.execute(delete(users).where(users.c.company_id == shop.company_id))
    )

    assert (await owner.get("/calls")).status_code == 303


async def test_a_ticket_runs_out(owner: Browser, clock: Clock) -> None:
    clock.pass_by((TICKET_LASTS - DAY) / SECOND)
    assert (await owner.get("/")).status_code == 200
    clock.pass_by(2 * DAY / SECOND)
    assert (await owner.get("/")).status_code == 303


async def test_a_password_can_be_tried_only_so_often(browser: Browser, shop: Shop, clock: Clock) -> None:
    for _ in range(login.TRIES_AT_ONCE):
        assert (await browser.log_in("owner@example.com", "wrong password")).status_code == 401

    refused = await browser.log_in("owner@example.com")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"
    assert "Too many tries" in refused.text
    assert (await browser.log_in("reader@example.com")).status_code == 303
    clock.pass_by(61)
    assert (await browser.log_in("owner@example.com")).status_code == 303


async def test_an_address_can_try_only_so_many_people(
    browser: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "password_fits", lambda _password, _hash: False)
    for number in range(login.TRIES_PER_ADDRESS_AT_ONCE):
        assert (await browser.log_in(f"guess{number}@example.com")).status_code == 401

    assert (await browser.log_in("owner@example.com")).status_code == 429


async def test_logging_in_often_is_no_offence(browser: Browser, shop: Shop) -> None:
    for _ in range(login.TRIES_AT_ONCE + 2):
        assert (await browser.log_in("owner@example.com")).status_code == 303


async def test_a_new_server_says_how_to_begin(browser: Browser) -> None:
    answer = await browser.get("/login")

    assert (answer.status_code, answer.headers["location"]) == (303, "/welcome")
    assert "log" in (await browser.get("/welcome")).text


async def test_a_form_that_is_none_is_refused_politely(browser: Browser, shop: Shop) -> None:
    headers = {"Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
    for body, status in (
        (b"email=" + b"x" * 5000, 413),
        (b"\xff\xfe", 400),
        (b"email=%FF%FE&password=x", 400),
        (b"email=a%00b&password=x", 400),
        (b"&".join(b"f%d=1" % number for number in range(40)), 400),
        (b'{"email": "owner@example.com"}', 401),
        (b"", 401),
    ):
        answer = await browser.post("/login", content=body, headers=headers)
        assert answer.status_code == status, body
        assert answer.headers["content-type"].startswith("text/html")
    assert (await browser.log_in("owner@example.com")).status_code == 303


async def test_another_method_is_refused(owner: Browser) -> None:
    for method, path in (("GET", "/logout"), ("DELETE", "/login"), ("POST", "/calls"), ("PUT", "/")):
        answer = await owner.request(method, path, headers={"Origin": ORIGIN})
        assert answer.status_code == 405
    assert (await owner.get("/")).status_code == 200


async def test_nobody_is_sent_elsewhere(browser: Browser, shop: Shop) -> None:
    for elsewhere in (
        "https://evil.example.com/",
        "//evil.example.com/",
        "/\\evil.example.com",
        "/\t/evil.example.com",
        "javascript:alert(1)",
        "evil",
        "",
    ):
        answer = await browser.log_in("owner@example.com", wanted=elsewhere)
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), elsewhere


@given(st.text() | st.text(alphabet="/\\:.a\t\n").map(lambda rest: f"/{rest}"))
def test_a_wanted_path_stays_on_this_server(wanted: str) -> None:
    path = own_path(wanted)

    assert path.startswith("/")
    assert urlsplit(urljoin(ORIGIN, path)).netloc == urlsplit(ORIGIN).netloc
    assert not set(path) & set("\\\r\n\t")


async def test_the_live_stream_is_not_for_strangers(app: Starlette, browser: Browser, shop: Shop) -> None:
    answer = await browser.get("/live/events", headers={"Accept": "text/html, text/event-stream"})

    assert answer.status_code == 401


@ON_SQLITE
async def test_a_form_that_was_sent_too_late_is_not_lost(browser: Browser, shop: Shop) -> None:
    answer = await browser.send_form("/people/none/role", {"role": "agent"})
    assert answer.status_code == 401
    assert "what you typed is sent once more" in answer.text


@ON_SQLITE
async def test_a_form_that_is_looked_at_while_it_is_typed_stays(browser: Browser, shop: Shop) -> None:
    checked = {"Origin": ORIGIN, "HX-Request": "true"}
    answer = await browser.post("/numbers/flows/new", data={"do": "check"}, headers=checked)
    assert answer.status_code == 401
    assert "hx-redirect" not in answer.headers


async def test_a_page_that_updates_itself_is_told_where_the_log_in_is(browser: Browser, shop: Shop) -> None:
    answer = await browser.get("/calls?status=missed", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/login?next=%2Fcalls%3Fstatus%3Dmissed"


async def test_no_log_in_stands_on_a_servers_own_page(browser: Browser, shop: Shop) -> None:
    shown = (await browser.get("/login")).text
    assert 'value=""' in shown
    assert "demo" not in shown.lower()
