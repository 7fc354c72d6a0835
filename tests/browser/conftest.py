"""Real browsers, and a running demo."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from tests.patience import HANGS_AFTER_SECONDS

# A busy machine is slow, not wrong.
expect.set_options(timeout=60_000)

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

HEADLESS_CHROMIUM = "/usr/bin/chromium-headless-shell"

FEW_PROCESSES: Mapping[str, bool | int] = {
    "dom.ipc.processPrelaunch.enabled": False,
    "dom.ipc.processCount.webIsolated": 1,
}
"""Firefox begins one process for each site of a profile, and none ahead: a seventh less work for each page."""

LONG_ONES = {
    "is_fit_for_everybody[chromium]": 100,
    "test_first_run": 30,
    "test_installation": 30,
    "test_walk_through": 20,
}
"""About how many seconds they take, for the order in which tests are begun."""


class ByBrowser(LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """A folder in one browser stays with one worker, which keeps its server; so does a file that is in none.

    What takes longest is begun first, and small files fill up: Chromium has half as much again to do as Firefox.
    """

    def _split_scope(self, nodeid: str) -> str:
        folder, _, name = nodeid.partition("::")[0].removeprefix("tests/browser/").rpartition("/")
        return f"{folder or name} {'firefox' if 'firefox' in nodeid else 'chromium'}"

    def _assign_work_unit(self, node: WorkerController) -> None:
        longest = max(self.workqueue, key=lambda scope: sum(map(_seconds, self.workqueue[scope])))
        self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)


def _seconds(nodeid: str) -> int:
    return next((seconds for long, seconds in LONG_ONES.items() if long in nodeid), 3)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByBrowser:
    return ByBrowser(config, log)


@dataclass(frozen=True, slots=True)
class Demo:
    """What `swapboard demo --json` says of itself."""

    dashboard: str
    site: str
    site_key: str
    company_id: str
    api_key: str
    target: str
    static_number: str
    data_dir: str
    """Where it keeps its data, which it does not say."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of a few days, started as a person starts it."""
    folder = tmp_path_factory.mktemp("demo")
    command = [
        sys.executable,
        "-m",
        "swapboard",
        "demo",
        "--port",
        str(_two_free_ports()),
        "--days",
        "5",
        "--json",
    ]
    errors = folder / "errors"
    with (
        errors.open("w") as errors_file,
        subprocess.Popen(
            [*command, "--data-dir", str(folder / "data")], stdout=subprocess.PIPE, stderr=errors_file, text=True
        ) as process,
    ):
        assert process.stdout is not None
        line = process.stdout.readline()
        if line:
            yield Demo(**json.loads(line), data_dir=str(folder / "data"))
            process.send_signal(signal.SIGINT)
        assert process.wait(HANGS_AFTER_SECONDS) == 0, errors.read_text()
    assert line, errors.read_text()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest, playwright: Playwright) -> Iterator[Browser]:
    """Each of the browsers."""
    with launched(playwright, request.param) as running:
        yield running


@contextmanager
def launched(
    playwright: Playwright,
    name: str,
    *,
    unwanted: Sequence[str] = (),
    firefox_settings: Mapping[str, str | float | bool] | None = None,
    is_whole: bool = False,
) -> Iterator[Browser]:
    """Debian's Chromium, and Debian's Firefox by WebDriver BiDi (it is not the one Playwright patches).

    Chromium without what stands around its pages, as Playwright's own is where nobody looks: a third of the work.
    `is_whole` for what that has not: notifications, pages that are kept for whoever goes back, and what drawing
    costs visitors (`benchmarks/busy_pages.py`).
    `unwanted`: what Playwright would tell Chromium by itself.
    """
    if name == "chromium":
        running = playwright.chromium.launch(
            executable_path="/usr/bin/chromium" if is_whole else HEADLESS_CHROMIUM,
            args=CHROMIUM_FLAGS,
            ignore_default_args=list(unwanted),
        )
    else:
        running = playwright.firefox.launch(
            channel="moz-firefox",
            executable_path="/usr/bin/firefox-esr",
            firefox_user_prefs={**FEW_PROCESSES, **(firefox_settings or {})},
        )
    try:
        yield running
    finally:
        running.close()


@pytest.fixture
def profile(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """Opens further profiles of the browser: other people, as far as a site can tell."""
    opened: list[BrowserContext] = []

    def fresh() -> BrowserContext:
        opened.append(browser.new_context())
        opened[-1].set_default_timeout(HANGS_AFTER_SECONDS * 1000)
        return opened[-1]

    yield fresh
    for context in opened:
        context.close()


@pytest.fixture
def page(profile: Callable[[], BrowserContext]) -> Page:
    """A page of a fresh profile."""
    return profile().new_page()


def _two_free_ports() -> int:
    """A port that is free, as is the next."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def until_loaded(page: Page) -> None:
    """Until the page is there, and not only begun.

    Of a page that is asked for before, Firefox (153) takes the end of the earlier one for its own; Playwright then
    says that it was interrupted by another navigation to the same address.
    """
    page.wait_for_load_state("load", timeout=HANGS_AFTER_SECONDS * 1000)
