"""Rubbish at the doors that no description stands at: each says that it is none, or shows what is there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swapboard.accounts.company import Role
from swapboard.switchboard.exchange import Exchange
from swapboard.web.app import create_app
from tests.web.dashboard.shop import ORIGIN, PASSWORD, Browser, Clock, Shop, settings_for

pytestmark = pytest.mark.anyio

SECURE = ORIGIN.replace("http:", "https:")
BYTES = st.binary(max_size=60)
WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["\0", "..", "../..", "%", "%00", "İ" * 16, "٣" * 8, "x" * 5_000, "gAAAAA"]),
    st.sampled_from(["0" * 32, "=" * 44, '{"response": {}}', '{"rawId": "é"}', "[" * 2_000]),
)
# The client walks up where it reads `..`, to another door.
SEGMENTS = st.one_of(WORDS, BYTES).map(lambda text: quote(text, safe="").replace(".", "%2E"))
HEADERS = st.dictionaries(
    st.sampled_from(["cookie", "authorization", "accept-language", "origin", "referer", "content-type", "range"]),
    st.one_of(
        BYTES.map(lambda value: value.replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b"")),
        st.sampled_from([b"swapboard-shared=1.2", b"Basic Og==", b"Basic \xff", b"multipart/form-data"]),
    ),
    max_size=3,
)
NAMES = st.sampled_from(["password", "answer", "next", "passkey", "name", "now"])
FORMS = st.dictionaries(NAMES, WORDS, max_size=4)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sent to a door."""

    method: str
    path: str
    sent: dict[str, Any] = field(default_factory=dict)


def asking(*paths: str) -> st.SearchStrategy[Asked]:
    """One of these addresses, `{}` being anything."""
    sent = st.one_of(FORMS.map(lambda form: {"data": form}), BYTES.map(lambda content: {"content": content}))

    def asked(method: str, path: str, names: tuple[str, str], body: dict[str, Any], headers: Any) -> Asked:
        return Asked(method, path.format(*names), {**body, "headers": {"origin": SECURE.encode(), **headers}})

    methods = st.sampled_from(["GET", "POST", "POST", "HEAD"])
    return st.builds(asked, methods, st.sampled_from(paths), st.tuples(SEGMENTS, SEGMENTS), sent, HEADERS)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def browser(migrated_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[Browser]:
    """Somebody's, at an address for which there are passkeys."""
    exchange = Exchange(settings_for(migrated_url, tmp_path, SECURE), clock)
    await exchange.start()
    await Shop(exchange, clock).open([("owner@example.com", Role.OWNER)])
    transport = httpx.ASGITransport(create_app(exchange), raise_app_exceptions=False)
    async with Browser(transport=transport, base_url=SECURE) as browser:
        yield browser
    await exchange.stop()


async def send(
    browser: Browser, clock: Clock, strategy: st.SearchStrategy[Asked], allowed: Callable[[int], bool]
) -> None:
    """Hypothesis runs on a thread of its own and asks on the test's event loop."""
    loop, seen = asyncio.get_running_loop(), set[int]()

    async def ask(asked: Asked) -> httpx.Response:
        # Whoever comes too often is told so, whatever they ask.
        clock.pass_by(60)
        return await browser.request(asked.method, asked.path, **asked.sent)

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def fuzz(asked: Asked) -> None:
        answer = asyncio.run_coroutine_threadsafe(ask(asked), loop).result(60)
        assert allowed(answer.status_code), (asked, answer.status_code, answer.text[:300])
        seen.add(answer.status_code)

    await asyncio.to_thread(fuzz)
    # Not all of it was sent too often, or with a method that the door does not have.
    assert seen - {405, 429}


def is_no_fault(status: int) -> bool:
    return status < 500


def is_refusal(status: int) -> bool:
    return 400 <= status < 500


def is_refusal_or_log_in(status: int) -> bool:
    """Who sends another cookie than their own is asked to log in."""
    return is_refusal(status) or status == httpx.codes.SEE_OTHER


async def test_links_that_nobody_made_lead_nowhere(browser: Browser, clock: Clock) -> None:
    await send(browser, clock, asking("/go/{}", "/shared/{}", "/unsubscribe/{}", "/feeds/{}/{}"), is_refusal)


async def test_sounds_and_invitations_that_nobody_made_are_none(browser: Browser, clock: Clock) -> None:
    await send(browser, clock, asking("/sounds/{}/{}/x/1.wav", "/join/{}", "/join/{}?next={}"), is_no_fault)


async def test_the_steps_of_passkeys_take_no_rubbish(browser: Browser, clock: Clock) -> None:
    await send(browser, clock, asking("/login/passkey", "/login/passkey?next={}"), is_no_fault)
    await log_in(browser)
    await send(browser, clock, asking("/me/passkeys", "/me/passkeys/new", "/me/passkeys/remove"), is_no_fault)


async def test_a_picture_of_a_code_is_of_what_there_is(browser: Browser, clock: Clock) -> None:
    await log_in(browser)
    await send(browser, clock, asking("/numbers/placements/{}/qr.svg"), is_refusal_or_log_in)
    await send(browser, clock, asking("/me/second-step/code.svg?{}={}"), is_no_fault)


async def log_in(browser: Browser) -> None:
    form = {"email": "owner@example.com", "password": PASSWORD}
    assert (await browser.post("/login", data=form, headers={"Origin": SECURE})).status_code == 303
