"""A passkey in a real browser: made, and used without a password, by Chromium's own virtual authenticator."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from swapboard.accounts.company import Role
from swapboard.settings import Settings
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard import dashboard
from tests.browser.test_every_page import RULES
from tests.web.dashboard.shop import PASSWORD, Clock, Shop, settings_for

pytestmark = pytest.mark.parametrize("browser", ["chromium"], indirect=True, scope="session")


class Board:
    """A dashboard on a port of this machine, with an owner, by a name that passkeys are good for."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self._told = database_url, folder
        self._stopping: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self.home = ""

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    def wait(self) -> None:
        assert self._ready.wait(60)
        assert self.home

    def stop(self) -> None:
        if self._loop and self._stopping:
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        config = uvicorn.Config("x:x", port=0, log_level="warning", ws="none", timeout_graceful_shutdown=2)
        socket = config.bind_socket()
        home = f"http://localhost:{socket.getsockname()[1]}"
        settings: Settings = settings_for(*self._told, home)
        exchange = Exchange(settings, Clock())
        await exchange.start()
        try:
            await Shop(exchange, Clock()).open([("owner@example.com", Role.OWNER)])
            server = uvicorn.Server(
                uvicorn.Config(
                    dashboard(exchange),
                    lifespan="off",
                    log_level="warning",
                    ws="none",
                    timeout_graceful_shutdown=2,
                )
            )
            server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
            serving = asyncio.create_task(server.serve([socket]))
            while not server.started:
                await asyncio.sleep(0.01)
            self.home = home
            self._ready.set()
            await self._stopping.wait()
            server.should_exit = True
            await serving
        finally:
            await exchange.stop()


@contextmanager
def running(database_url: str, folder: Path) -> Iterator[str]:
    board = Board(database_url, folder)
    thread = threading.Thread(target=board.run, daemon=True)
    thread.start()
    try:
        board.wait()
        yield board.home
    finally:
        board.stop()
        thread.join(20)


@pytest.fixture
def home(sqlite_url: str, tmp_path: Path) -> Iterator[str]:
    with running(sqlite_url, tmp_path) as home:
        yield home


def look(page: Page) -> None:
    """What axe finds, in light and dark, and whether it fits on a phone."""
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": rules})
        assert [each["help"] for each in found.response["violations"]] == [], (page.url, scheme)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_passkey_is_made_and_lets_in_without_a_password(browser: Browser, home: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        protocol = context.new_cdp_session(page)
        protocol.send("WebAuthn.enable")
        device = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
        }
        added = protocol.send("WebAuthn.addVirtualAuthenticator", {"options": device})
        page.goto(f"{home}/login")
        page.get_by_label("E-mail").fill("owner@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.goto(f"{home}/me/passkeys")
        look(page)
        page.get_by_label("Your current password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("What to call it").fill("My telephone")
        look(page)
        page.get_by_role("button", name="Make it").click()
        expect(page.get_by_text("lets you in from now on")).to_be_visible()
        look(page)
        context.clear_cookies()
        page.goto(f"{home}/calls")
        page.get_by_role("link", name="Log in with a passkey").click()
        look(page)
        page.get_by_role("button", name="Use a passkey").click()
        expect(page).to_have_url(f"{home}/calls")
        # Nobody touches the device: it is said, and the way to the password stands there.
        context.clear_cookies()
        protocol.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": added["authenticatorId"]})
        unsure = {**device, "isUserVerified": False}
        protocol.send("WebAuthn.addVirtualAuthenticator", {"options": unsure})
        page.goto(f"{home}/login/passkey")
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_role("alert")).to_contain_text("The browser gave none")
        expect(page.get_by_role("link", name="Log in with your password")).to_be_visible()
        assert faults == []
        # The other new pages are looked at here, too, since the demo has no second person.
        page.goto(f"{home}/login")
        page.get_by_label("E-mail").fill("owner@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in", exact=True).click()
        for path in ("/me/log-ins", "/keys", "/me/second-step"):
            page.goto(home + path)
            look(page)
