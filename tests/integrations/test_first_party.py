"""The recipes of docs/first-party.md: nginx, Caddy, and Cloudflare's Worker in Node, before a running server."""

import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from swapboard.cli.serve import server_config
from swapboard.clock import system_clock
from swapboard.setting_values import SettingsError
from swapboard.settings import read_settings
from swapboard.storage.engine import writing
from swapboard.switchboard.exchange import Exchange
from swapboard.web.app import create_app
from tests.building import BROWSER, ON_SQLITE, TARGETS, Business, open_business, settings_of
from tests.integrations.python.conftest import on_uvicorn
from tests.patience import HANGS_AFTER_SECONDS

RECIPES = (Path(__file__).parents[2] / "docs/first-party.md").read_text()
UPSTREAM = "https://calls.example.com"
FORGED = "203.0.113.99"


def recipe(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", RECIPES, re.MULTILINE | re.DOTALL)
    assert found, language
    return found[1]


@dataclass
class Upstream:
    """Swapboard, and what it was told of who asks."""

    url: str
    business: Business
    addresses: list[str] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/t/{self.business.site.site_key}"


@contextmanager
def swapboard(engine: Engine, database_url: str, folder: Path, trusted: tuple[str, ...]) -> Iterator[Upstream]:
    with writing(engine) as connection:
        business = open_business(connection, now=system_clock())
    settings = settings_of(folder, database_url, trusted_proxies=trusted)
    app = create_app(Exchange(settings))
    seen = Upstream("", business)
    check_rate = app.state.visits.check_rate

    def noting(site: Any, address: str, now: int) -> None:
        seen.addresses.append(address)
        check_rate(site, address, now)

    app.state.visits.check_rate = noting

    async def outermost(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            seen.requests.append({name.decode(): value.decode() for name, value in scope["headers"]})
        await app(scope, receive, send)

    with on_uvicorn(server_config(outermost, settings, "127.0.0.1", 0)) as url:  # type: ignore[arg-type]
        seen.url = url
        yield seen


@pytest.fixture
def upstream(engine: Engine, database_url: str, tmp_path: Path) -> Iterator[Upstream]:
    with swapboard(engine, database_url, tmp_path, trusted=("127.0.0.1",)) as running:
        yield running


def free_port() -> int:
    with socket.socket() as any_free:
        any_free.bind(("127.0.0.1", 0))
        port: int = any_free.getsockname()[1]
        return port


@contextmanager
def program(command: list[str], folder: Path, port: int) -> Iterator[str]:
    """A server that listens on the port until the test is over."""
    environment = os.environ | {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=environment)
    try:
        while True:
            assert process.poll() is None, (folder / "log").read_text()
            with socket.socket() as asking:
                if asking.connect_ex(("127.0.0.1", port)) == 0:
                    break
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(HANGS_AFTER_SECONDS)


def nginx(upstream: str, folder: Path) -> AbstractContextManager[str]:
    port = free_port()
    paths = " ".join(
        f"{kind}_temp_path {folder / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    site = recipe("nginx").replace(f"proxy_pass {UPSTREAM};", f"proxy_pass {upstream};")
    assert upstream in site
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder / 'pid'}; error_log stderr; worker_processes 1; events {{}}\n"
        f"http {{ access_log off; {paths}\n server {{ listen 127.0.0.1:{port};\n{site}\n"
        ' location / { return 200 "the website"; }\n}}'
    )
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    return program([binary, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")], folder, port)


def caddy(upstream: str, folder: Path) -> AbstractContextManager[str]:
    port = free_port()
    site = recipe("caddy").replace(f"reverse_proxy {UPSTREAM}", f"reverse_proxy {upstream}")
    assert upstream in site
    (folder / "Caddyfile").write_text(
        f"{{\n\tadmin off\n\tauto_https off\n}}\nhttp://127.0.0.1:{port} {{\n{site}\n"
        'handle {\n\trespond "the website"\n}\n}\n'
    )
    return program(["caddy", "run", "--config", str(folder / "Caddyfile")], folder, port)


def worker(upstream: str, folder: Path) -> AbstractContextManager[str]:
    """Cloudflare sets CF-Connecting-IP itself; the rest of the website does not go through the Worker."""
    port = free_port()
    (folder / "worker.mjs").write_text(recipe("js").replace(UPSTREAM, upstream))
    (folder / "cloudflare.mjs").write_text(
        """
import { createServer } from "node:http";
import worker from "./worker.mjs";

createServer(async (incoming, outgoing) => {
  if (!incoming.url.startsWith("/t/")) return outgoing.end("the website");
  const headers = new Headers(incoming.headers);
  headers.set("CF-Connecting-IP", incoming.socket.remoteAddress);
  const body = incoming.method === "POST" ? Buffer.concat(await incoming.toArray()) : undefined;
  const request = new Request(`http://www.example.com${incoming.url}`, { method: incoming.method, headers, body });
  const answer = await worker.fetch(request);
  const own = ["content-encoding", "content-length", "transfer-encoding"];
  const sent = [...answer.headers].filter(([name]) => !own.includes(name));
  outgoing.writeHead(answer.status, Object.fromEntries(sent));
  outgoing.end(Buffer.from(await answer.arrayBuffer()));
}).listen(Number(process.argv[2]), "127.0.0.1");
"""
    )
    return program(["node", str(folder / "cloudflare.mjs"), str(port)], folder, port)


Proxy = Callable[[str, Path], AbstractContextManager[str]]
EVERY_RECIPE = pytest.mark.parametrize("proxy", [nginx, caddy, worker])


def visit(client: httpx.Client, upstream: Upstream, **headers: str) -> httpx.Response:
    message = {"url": "https://www.example.com/?gclid=x", "targets": [TARGETS[0]]}
    content = json.dumps(message).encode()
    return client.post(
        f"{upstream.path}/visit", content=content, headers={"Content-Type": "text/plain", **headers}
    )


@ON_SQLITE
@EVERY_RECIPE
def test_script_and_visits_go_through_with_the_visitors_address(
    upstream: Upstream, proxy: Proxy, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(proxy(upstream.url, tmp_path))
        # The visitor's own address: any of 127/8 is this machine.
        transport = httpx.HTTPTransport(local_address="127.0.0.7")
        client = stack.enter_context(
            httpx.Client(base_url=url, transport=transport, headers={"User-Agent": BROWSER})
        )
        script = client.get(f"{upstream.path}.js")
        assert (script.status_code, script.headers["content-type"][:15]) == (200, "text/javascript")
        assert (
            client.get(f"{upstream.path}.js", headers={"If-None-Match": script.headers["etag"]}).status_code == 304
        )

        cookies = "sessionid=secret; _swbv=0a1b; _ga=GA1.1.5.6"
        forged = {
            "X-Forwarded-For": FORGED,
            "Cookie": cookies,
            "Sec-GPC": "1",
            "Origin": "https://www.example.com",
        }
        answer = visit(client, upstream, **forged)
        assert answer.status_code == 200, answer.text
        assert answer.json()["swaps"]
        assert upstream.addresses == ["127.0.0.7"]
        told = upstream.requests[-1]
        assert told["cookie"] == "_swbv=0a1b"
        assert told["x-forwarded-proto"] == "http"
        assert (told["user-agent"], told["sec-gpc"], told["origin"]) == (BROWSER, "1", "https://www.example.com")

        beat = {"session": answer.json()["session"], "state": "visible"}
        assert client.post(f"{upstream.path}/beat", json=beat).status_code in {200, 204}
        visit(client, upstream)
        assert not upstream.requests[-1].get("cookie")


@ON_SQLITE
@EVERY_RECIPE
def test_nothing_else_goes_through(upstream: Upstream, proxy: Proxy, tmp_path: Path) -> None:
    with proxy(upstream.url, tmp_path) as url, httpx.Client(base_url=url) as client:
        for path in (
            "/api/v1/calls",
            "/",
            "/login",
            f"{upstream.path}",
            f"{upstream.path}/visit/x",
            f"{upstream.path}/../../api/v1/calls",
            f"{upstream.path}/%2e%2e/%2e%2e/api/v1/calls",
            "/t/../api/v1/calls.js",
            "/t//evil.example.net/x.js",
            "/carriers/x/voice",
        ):
            answer = client.get(path)
            assert answer.status_code in {400, 404} or answer.text == "the website", (path, answer.text[:200])
        assert client.delete(f"{upstream.path}/visit").status_code in {200, 403, 405}
        assert upstream.addresses == []
        # Caddy 2.6 finds out while it passes the body on: it says 502, or breaks the answer off.
        with suppress(httpx.RemoteProtocolError):
            assert client.post(f"{upstream.path}/visit", content=b"x" * 9000).status_code in {413, 502}


@ON_SQLITE
@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        ((), "203.0.113.7", "127.0.0.1"),
        (("192.0.2.1",), "203.0.113.7", "127.0.0.1"),
        (("127.0.0.1",), "203.0.113.7", "203.0.113.7"),
        (("127.0.0.1",), f"{FORGED}, 203.0.113.7", "203.0.113.7"),
        (("127.0.0.0/8", "192.0.2.1"), f"{FORGED}, 203.0.113.7, 192.0.2.1", "203.0.113.7"),
        (("127.0.0.1",), "", "127.0.0.1"),
        (("127.0.0.1",), "2001:db8::7", "2001:db8::7"),
    ],
)
def test_which_address_is_the_visitors(
    engine: Engine, database_url: str, tmp_path: Path, trusted: tuple[str, ...], forwarded: str, address: str
) -> None:
    with (
        swapboard(engine, database_url, tmp_path, trusted) as upstream,
        httpx.Client(base_url=upstream.url, headers={"User-Agent": BROWSER}) as client,
    ):
        assert visit(client, upstream, **{"X-Forwarded-For": forwarded}).status_code == 200
        assert upstream.addresses == [address]


@pytest.mark.parametrize("text", ["*", "proxy.example.com", "10.0.0.0/33", "10.0.0.1;10.0.0.2"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="SWAPBOARD_TRUSTED_PROXIES"):
        read_settings({"SWAPBOARD_TRUSTED_PROXIES": text})


def test_addresses_and_networks() -> None:
    settings = read_settings({"SWAPBOARD_TRUSTED_PROXIES": "192.0.2.7, 10.0.0.0/8,2001:db8::/32,"})
    assert settings.trusted_proxies == ("192.0.2.7", "10.0.0.0/8", "2001:db8::/32")


@ON_SQLITE
def test_any_host_name_works(upstream: Upstream) -> None:
    with httpx.Client(base_url=upstream.url, headers={"User-Agent": BROWSER}) as client:
        for host in ("calls.example.com", "www.example.com:8443", "anything.example.net"):
            assert client.get(f"{upstream.path}.js", headers={"Host": host}).status_code == 200
            assert visit(client, upstream, Host=host).status_code == 200
