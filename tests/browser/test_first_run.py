"""From an empty folder to a first call that is told with its visit, and an agency's second company."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Literal

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import until_loaded
from tests.browser.test_every_page import NARROW, RULES
from tests.local_server import answering
from tests.patience import HANGS_AFTER_SECONDS

pytestmark = pytest.mark.browser
OWN = "(202) 555-0100"


class Site(BaseHTTPRequestHandler):
    """The business's page, into which its owner pastes the line."""

    line = ""

    def do_GET(self) -> None:
        page = f"<!doctype html><title>Plumbing</title>{self.line}<p id=number>Call {OWN}</p>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Server:
    """A real `swapboard serve`."""

    url: str
    welcome: str
    settings: dict[str, str]
    kill: Callable[[], None]

    def run(self, *words: str) -> str:
        """What a command of the same server prints."""
        command = [sys.executable, "-m", "swapboard", *words]
        done = subprocess.run(command, env=self.settings, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@contextmanager
def serving(folder: Path, url: str, *, is_new: bool = True) -> Iterator[Server]:
    """On the folder, from its beginning or, where somebody began already, from where that was."""
    settings = os.environ | {
        "SWAPBOARD_DATA_DIR": str(folder / "data"),
        "SWAPBOARD_PORT": url.rpartition(":")[2],
        "SWAPBOARD_PUBLIC_URL": url,
        "SWAPBOARD_HEADLESS_VISITORS": "1",
    }
    command = [sys.executable, "-m", "swapboard", "serve", "--no-open"]
    with subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            links = (found[0] for line in process.stderr if (found := re.search(r"http\S+/welcome\S+", line)))
            welcome = next(links) if is_new else ""
            for _ in range(480):
                with suppress(httpx.HTTPError):
                    httpx.get(f"{url}/healthz", trust_env=False)
                    break
                time.sleep(0.5)
            yield Server(url, welcome, settings, process.kill)
        finally:
            process.terminate()
            process.communicate(timeout=HANGS_AFTER_SECONDS)


def fit_for_everybody(page: Page) -> None:
    """What `test_every_page` asks of the demo's pages, of one that the demo has not."""
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": RULES[scheme]})
        assert found.response["violations"] == []
    page.set_viewport_size({"width": NARROW, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


def test_from_an_empty_folder_to_a_call_with_its_visit_and_a_second_company(
    browser: Browser, tmp_path: Path
) -> None:
    if browser.browser_type.name != "chromium":
        pytest.skip("the pages are the same; the live page and the tracker have tests in both")
    with serving(tmp_path, free_address()) as server, answering(Site) as http, browser.new_context() as context:
        page = context.new_page()
        begin(page, server)
        number_and_carrier(page)
        line = page.locator("#line").inner_text()
        expect(page.get_by_text("Waiting for the first visit")).to_be_visible()
        Site.line = line
        visitor = context.new_page()
        visitor.goto(f"http://127.0.0.1:{http.server_port}/?utm_source=google&utm_medium=cpc&utm_campaign=spring")
        expect(visitor.locator("#number")).not_to_have_text(f"Call {OWN}")
        page.bring_to_front()
        expect(page.get_by_text("Heard from it")).to_be_visible()
        page.get_by_role("link", name="Next").click()

        shown = "+1" + "".join(filter(str.isdigit, visitor.locator("#number").inner_text()))
        key = server.run("key", "add", "journey", "--company", "Brightwater").strip()
        call = json.loads(
            server.run(
                "call", shown, "--from", "+12125550142", "--talk", "5", "--url", server.url, "--key", key, "--json"
            )
        )
        assert call["attribution"]["campaign"] == "spring"
        expect(page.get_by_role("link", name="(212) 555-0142")).to_be_visible()
        expect(page.locator("#start")).to_contain_text("spring")
        page.get_by_role("link", name="Next").click()
        page.get_by_role("link", name="Skip for now").click()
        expect(page.locator("main")).to_contain_text("1 step is left")
        analytics(page, server)
        second_company(page, server)


def test_each_step_can_be_skipped_and_a_killed_server_is_gone_on_with(browser: Browser, tmp_path: Path) -> None:
    if browser.browser_type.name != "chromium":
        pytest.skip("the pages are the same; the live page and the tracker have tests in both")
    url = free_address()
    with browser.new_context() as context:
        page = context.new_page()
        with serving(tmp_path, url) as server:
            begin(page, server)
            for step in ("number", "carrier", "numbers", "site", "call", "analytics"):
                expect(page).to_have_url(f"{url}/setup/start/{step}")
                page.get_by_role("link", name="Skip for now").click()
            expect(page.locator("main")).to_contain_text("Six short steps")
            until_loaded(page)
            page.goto(f"{url}/setup/start/number")
            page.locator("[name=number]").fill(OWN)
            page.locator("[name=site]").fill("127.0.0.1")
            page.get_by_role("button", name="Save and go on").click()
            page.get_by_role("button", name="Practise without a carrier").click()
            expect(page).to_have_url(f"{url}/setup/start/numbers")
            server.kill()
        with serving(tmp_path, url, is_new=False):
            # The browser is logged in still, and the steps that are done are done.
            page.reload()
            page.get_by_role("button", name="Take five practice numbers").click()
            expect(page.locator(".start-numbers li")).to_have_count(5)
            page.goto(f"{url}/setup/start")
            expect(page.locator("main")).to_contain_text("3 steps are left")
            page.goto(f"{url}/setup/start/number")
            expect(page.locator("[name=number]")).to_have_value(re.compile("555-?0100"))


def begin(page: Page, server: Server) -> None:
    """Whoever has the link of the log becomes the owner."""
    page.goto(server.welcome)
    fit_for_everybody(page)
    page.get_by_label("Your name").fill("Olga Owner")
    page.get_by_label("E-mail").fill("owner@example.com")
    for name in ("password", "again"):
        page.locator(f"[name={name}]").fill("correct horse battery")
    page.locator("[name=name]").fill("Brightwater")
    page.locator("[name=country]").fill("US")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("From here to your first call")
    page.get_by_role("link", name="Begin").click()


def number_and_carrier(page: Page) -> None:
    """A number, its site, and practice numbers: the first three steps."""
    page.locator("[name=number]").fill(OWN)
    page.locator("[name=site]").fill("127.0.0.1")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Practise without a carrier").click()
    page.get_by_role("button", name="Take five practice numbers").click()
    expect(page.locator(".start-numbers li")).to_have_count(5)
    page.get_by_role("link", name="Next").click()


def analytics(page: Page, server: Server) -> None:
    """The last step leads to the form of Google Analytics; then nothing is left."""
    page.get_by_role("link", name="Go on: Google Analytics").click()
    page.get_by_role("link", name="Connect Google Analytics").click()
    page.get_by_label("Measurement ID").fill("G-AB12CD34EF")
    page.locator("[name=setting-api_secret]").fill("hush")
    page.get_by_role("button", name="Make it").click()
    page.goto(f"{server.url}/setup/start")
    expect(page.get_by_role("heading", level=1)).to_have_text("All is set up")


def second_company(page: Page, server: Server) -> None:
    """An agency's next customer: its own company, in which nothing of the first is seen."""
    page.goto(f"{server.url}/companies/new")
    page.locator("[name=name]").fill("Harbour Dental")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("From here to your first call")
    page.goto(f"{server.url}/calls")
    expect(page.locator("main")).not_to_contain_text("555-0142")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Brightwater").click()
    page.goto(f"{server.url}/calls")
    expect(page.locator("main")).to_contain_text("555-0142")
