"""`@swapboard/react` in real browsers, with the real script and a running server."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.local_server import answering

pytestmark = pytest.mark.browser

PACKAGE = Path(__file__).parents[2] / "integrations/react"


def national(number: str) -> str:
    return f"({number[2:5]}) {number[5:8]}-{number[8:]}"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class calls it so
        return


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The folder as a website on this machine."""
    handler = partial(_Quiet, directory=str(folder))
    with answering(handler) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def test_react_swaps_after_hydration_and_renders_again(demo: Demo, page: Page, tmp_path: Path) -> None:
    written = national(demo.target)
    props = json.dumps({"target": demo.target, "text": written})
    script = f"{demo.dashboard.rstrip('/')}/t/{demo.site_key}.js"
    subprocess.run(["npm", "run", "--silent", "build"], cwd=PACKAGE, check=True)
    subprocess.run(["node", "test/page/build.mjs", props, script, str(tmp_path)], cwd=PACKAGE, check=True)

    noise: list[str] = []
    # React tells of hydration as errors; its marks for the profiler are messages to Firefox.
    page.on("console", lambda said: noise.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    with serving(tmp_path) as site:
        page.goto(f"{site}/page.html")
    link = page.locator("#link a")
    expect(link).not_to_have_text(written)
    number = page.evaluate("target => new Promise(told => swapboard('number', target, told))", demo.target)

    assert number != demo.target
    shown = national(number)
    expect(link).to_have_text(shown)
    expect(link).to_have_attribute("href", f"tel:{number}")
    expect(page.locator("#sentence")).to_have_text(f"Ring us on {shown}.")
    page.locator("button").click()
    expect(page.locator("button")).to_have_text("1 times")
    expect(link).to_have_text(shown)
    page.evaluate("swapboard('forget')")
    expect(link).to_have_text(written)
    expect(link).to_have_attribute("href", f"tel:{demo.target}")
    assert page.evaluate("window.recovered") == []
    # Firefox's own word on the cookie that the script tries for the widest domain.
    assert [each for each in noise if "rejected for invalid domain" not in each] == []
