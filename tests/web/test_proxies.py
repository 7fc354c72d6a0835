"""Who may say where a visitor is, and whose request it is."""

import json
from dataclasses import replace
from typing import Any, cast

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from swapboard.settings import Settings, read_settings
from swapboard.web.proxies import asked_origins, behind_proxies

pytestmark = pytest.mark.anyio
SAID = {"X-Forwarded-For": "198.51.100.7", "CF-IPCountry": "US", "cf-region-code": "TX", "Accept": "*/*"}


async def told(scope: Scope, receive: Receive, send: Send) -> None:
    """What comes through: who asks, and from where."""
    request = Request(scope)
    place = [request.headers.get(name) for name in ("cf-ipcountry", "cf-region-code")]
    answer = JSONResponse([request.client and request.client.host, *place, request.headers["accept"]])
    await answer(scope, receive, send)


async def asked_by(sender: str, settings: Settings) -> list[str | None]:
    transport = httpx.ASGITransport(cast("Any", behind_proxies(told, settings)), client=(sender, 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://calls.example.com") as client:
        found: list[str | None] = json.loads((await client.get("/", headers=SAID)).text)
        return found


@pytest.mark.parametrize(
    ("sender", "is_believed"),
    [
        ("10.0.0.9", True),
        ("192.0.2.1", True),
        ("2001:db8::1", True),
        ("192.0.2.2", False),
        ("11.0.0.9", False),
        ("::1", False),
        ("somewhere", False),
    ],
)
async def test_only_a_trusted_proxy_says_where_a_visitor_is(sender: str, is_believed: bool) -> None:
    proxies = {"SWAPBOARD_TRUSTED_PROXIES": "10.0.0.0/8,192.0.2.1,2001:db8::/32"}
    placing = read_settings(proxies | {"SWAPBOARD_PLACE_HEADERS": "CF-IPCountry,CF-Region-Code"})
    believed, as_it_is = ["198.51.100.7", "US", "TX", "*/*"], [sender, None, None, "*/*"]
    assert await asked_by(sender, placing) == (believed if is_believed else as_it_is)
    who, *_others = await asked_by(sender, read_settings(proxies))
    assert who == ("198.51.100.7" if is_believed else sender)


@pytest.mark.parametrize(("sender", "host"), [("10.0.0.9", "old.example.com"), ("11.0.0.9", "calls.example.com")])
async def test_only_a_trusted_proxy_says_which_host_was_asked(sender: str, host: str) -> None:
    async def origins(scope: Scope, receive: Receive, send: Send) -> None:
        found = asked_origins(Request(scope), "https://new.example.com/swap")
        await JSONResponse(found)(scope, receive, send)

    settings = read_settings({"SWAPBOARD_TRUSTED_PROXIES": "10.0.0.0/8"})
    transport = httpx.ASGITransport(cast("Any", behind_proxies(origins, settings)), client=(sender, 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://calls.example.com") as client:
        answer = await client.get("/", headers={"X-Forwarded-Host": "old.example.com, inner.example.com"})
    assert answer.json() == [f"https://{host}/swap", f"http://{host}/swap"]


@pytest.mark.parametrize(
    "host",
    [
        "",
        "old.example.com/carriers/other/voice?Body=",
        "old.example.com/hookBody",
        "old.example.com?bodySHA256=",
        "old.example.com#",
        "user@old.example.com",
        "[",
        "old.example.com:x",
        "old.example.com\\",
    ],
)
async def test_what_is_no_host_cannot_make_one_signature_pass_for_another_path(host: str) -> None:
    scope = {"type": "http", "scheme": "https", "headers": [(b"host", host.encode())]}
    assert asked_origins(Request(scope), "https://new.example.com") == ()


async def test_without_a_trusted_proxy_nobody_says_who_asks_nor_from_where() -> None:
    ours = replace(read_settings({}), place_headers=("cf-ipcountry",))
    assert (await asked_by("127.0.0.1", ours))[:2] == ["127.0.0.1", None]
