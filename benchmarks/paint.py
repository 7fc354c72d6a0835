"""How soon a phone on a slow network first shows a page of the dashboard, and how much comes over the line.

    .venv/bin/python -m benchmarks.paint

A demo of five days on this machine; Debian's Chromium with an empty cache, four times slower than it is, behind a
line of 1.6 Mbit/s and 150 ms (the profile that Lighthouse calls slow 4G). The first look is the first that the
server is asked for since it started; then the median of five more. Needs Debian's package chromium.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, StorageState, sync_playwright
from rich.console import Console
from rich.table import Table

LOOKS = 5
PAGES = ("/", "/reports", "/calls", "/numbers")
_LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
_SLOWER = 4
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
_SHIFT = """new Promise(tell => new PerformanceObserver(list =>
    tell(list.getEntries().reduce((sum, each) => sum + each.value, 0))
).observe({type: 'layout-shift', buffered: true}) ?? setTimeout(() => tell(0), 300))"""


@dataclass(frozen=True, slots=True)
class View:
    """What a first view took."""

    paint_ms: float
    received_bytes: int
    layout_shift: float


def main() -> None:
    """Print a line for each page."""
    table = Table("page", "first paint, ms", "when asked for the first time", "KB received", "layout shift")
    with demo() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        signed_in = sign_in(browser, home)
        for path in PAGES:
            first, *views = (look(browser, signed_in, home + path) for _ in range(1 + LOOKS))
            table.add_row(
                path,
                f"{median(view.paint_ms for view in views):.0f}",
                f"{first.paint_ms:.0f}",
                f"{max(view.received_bytes for view in views) / 1000:.1f}",
                f"{max(view.layout_shift for view in views):.4f}",
            )
        browser.close()
    Console().print(table)


def look(browser: Browser, signed_in: StorageState, url: str) -> View:
    """Open the page as a phone that has never been there."""
    with browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=3, is_mobile=True, storage_state=signed_in
    ) as context:
        page = context.new_page()
        wire = context.new_cdp_session(page)
        received: list[int] = []
        wire.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", _LINE)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
        page.goto(url, wait_until="load")
        page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
        return View(page.evaluate(_PAINT), sum(received), page.evaluate(_SHIFT))


def sign_in(browser: Browser, home: str) -> StorageState:
    """Log in to the demo, whose log-in page is filled in already."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{home}/login")
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{home}/")
        return context.storage_state()


@contextmanager
def demo() -> Iterator[str]:
    command = [sys.executable, "-m", "swapboard", "demo", "--port", "8640", "--days", "5", "--json"]
    with tempfile.TemporaryDirectory() as folder:
        command += ["--data-dir", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:  # noqa: S603 our own
            try:
                assert demo.stdout is not None
                yield json.loads(demo.stdout.readline())["dashboard"]
            finally:
                demo.terminate()


@contextmanager
def empty_server() -> Iterator[str]:
    """The address at which the first person of a new server begins."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "SWAPBOARD_DATA_DIR": folder,
            "SWAPBOARD_PORT": "8642",
            "SWAPBOARD_PUBLIC_URL": "http://127.0.0.1:8642",
        }
        command = [sys.executable, "-m", "swapboard", "serve", "--no-open"]
        environment = os.environ | settings
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603 our own
            try:
                assert server.stderr is not None
                yield next(found[0] for line in server.stderr if (found := re.search(r"http\S+/welcome\S+", line)))
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
