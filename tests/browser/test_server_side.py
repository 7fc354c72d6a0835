"""A page that arrives with its number: the script goes on with the same session, and nothing on it changes."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from uuid import uuid4

import httpx
import jinja2
import pytest
import uvicorn
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from swapboard_client import Swapboard
from swapboard_client.asgi import SwapboardMiddleware
from swapboard_client.jinja import install
from tests.browser.conftest import Demo

pytestmark = pytest.mark.browser

PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>Drains</title><link rel="icon" href="data:,">
<h1>Ring us</h1><p id="phone">{{ phone(target, text) }}</p>
<script>
  window.writes = 0;
  addEventListener("click", event => event.preventDefault());
  new MutationObserver(changes => window.writes += changes.length).observe(document.getElementById("phone"),
    {subtree: true, childList: true, characterData: true, attributes: true});
</script>
<script async src="{{ script }}"></script>"""


class _Server(uvicorn.Server):
    """Signals are pytest's."""

    def install_signal_handlers(self) -> None:
        return


@contextmanager
def website(demo: Demo, swapboard: Swapboard) -> Iterator[str]:
    """A business's own server, on another port of this machine."""
    environment = jinja2.Environment(autoescape=True)
    install(environment)
    script = f"{demo.dashboard.rstrip('/')}/t/{demo.site_key}.js"
    text = re.sub(r"\+1(\d{3})(\d{3})(\d{4})", r"(\1) \2-\3", demo.target)

    async def page(_request: Request) -> HTMLResponse:
        template = environment.from_string(PAGE)
        return HTMLResponse(template.render(target=demo.target, text=text, script=script))

    app = SwapboardMiddleware(Starlette(routes=[Route("/{path:path}", page)]), swapboard)
    server = _Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", ws="none"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            thread.join(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


def story(api: httpx.Client, session: str) -> dict[str, Any]:
    told: dict[str, Any] = api.get(f"/sessions/{session}").json()
    return told


def test_the_script_goes_on_with_the_servers_session(demo: Demo, page: Page) -> None:
    api = httpx.Client(base_url=f"{demo.dashboard.rstrip('/')}/api/v1")
    api.headers["Authorization"] = f"Bearer {demo.api_key}"
    (site,) = api.get("/sites").json()["data"]
    swapboard = Swapboard(demo.dashboard, site_id=site["id"], key=demo.api_key, timeout_seconds=20)
    campaign = uuid4().hex
    with closing(api), closing(swapboard), website(demo, swapboard) as url:
        arrival = page.goto(f"{url}/drains?utm_source=google&utm_medium=cpc&utm_campaign={campaign}")
        assert arrival
        served = re.search(r"tel:(\+\d+)", arrival.text())
        assert served
        assert served[1] != demo.target
        session = page.evaluate("/_swb=([^;]+)/.exec(document.cookie)[1]").split("/")[1]
        shown = page.evaluate("target => new Promise(tell => swapboard('number', target, tell))", demo.target)
        assert shown == served[1]
        with page.expect_request(re.compile(r"/beat$")):
            page.evaluate("document.querySelector('#phone a').click()")
        while not [each for each in story(api, session)["timeline"] if each["kind"] == "tap"]:
            page.wait_for_timeout(100)
        expect(page.locator("#phone a")).to_have_attribute("href", f"tel:{served[1]}")
        assert page.evaluate("window.writes") == 0
        told = story(api, session)
        assert (told["campaign"], told["landing_page"].partition("?")[0]) == (campaign, f"{url}/drains")
        others = [each["id"] for each in api.get("/sessions").json()["data"] if each["campaign"] == campaign]
        assert others == [session]
