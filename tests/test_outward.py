"""Whom this server asks for its companies: nobody in a private network, where it is told so."""

import asyncio
from collections.abc import Iterator
from gzip import compress
from http.server import BaseHTTPRequestHandler

import brotli
import httpcore
import httpx
import pytest

from swapboard.clock import SECOND
from swapboard.conversions.destinations.request import Request, Unreached
from swapboard.conversions.outbox import CLAIMED_FOR, TOLD_WITHIN
from swapboard.outward import PublicOnly, PublicOnlyAsync, are_public, open_async_http, open_http
from swapboard.settings import read_settings
from swapboard.switchboard import telling
from swapboard.switchboard.delivering import TIMEOUT_SECONDS
from swapboard.switchboard.platform_sign_in import TIMEOUT_SECONDS as ACCESS_SECONDS
from swapboard.switchboard.renewing import LENT_FOR
from swapboard.switchboard.telling import SOON_SECONDS, post
from tests.local_server import answering

PRIVATE = (
    *("127.0.0.1", "10.0.0.5", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),
    *("::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::", "224.0.0.1"),
    *("64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::1", "::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1"),
)

PACKED = {
    "/twice": ("gzip, gzip", compress(compress(bytes(10**6)))),
    "/brotli": ("BR", brotli.compress(bytes(10**6))),
    "/once": ("gzip", compress(b"private words")),
    "/wrongly": ("utf-8", b"private words"),
}


@pytest.fixture
def beside() -> Iterator[str]:
    """What stands beside the server; its answer goes on for ever at /endless."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            packing, body = PACKED.get(self.path, ("", b"private words"))
            if packing:
                self.send_header("Content-Encoding", packing)
            self.end_headers()
            self.wfile.write(body)
            while self.path == "/endless":
                self.wfile.write(b"x" * 1_000)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with answering(Handler) as server:
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_in_the_open_network_is_not_public(address: str) -> None:
    assert not are_public([address])
    assert not are_public(["93.184.215.14", address])


def test_what_is_in_the_open_network_is_public() -> None:
    assert are_public(["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
    assert are_public(["64:ff9b::5db8:d70e"]), "where names are looked up for a network of IPv6 only"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_only_who_may_reaches_a_private_address_however_it_is_written(beside: str, host: str) -> None:
    url = beside.replace("127.0.0.1", host)
    with open_http(5, private_addresses=False) as client, pytest.raises(Unreached, match="private network"):
        post(client, Request("POST", url, {}, b""))
    with open_http(5, private_addresses=True) as client:
        assert post(client, Request("POST", beside, {}, b"")).body == b"private words"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_nor_does_who_waits_beside_calls(beside: str, host: str) -> None:
    async def ask(url: str, *, private_addresses: bool) -> bytes:
        opened = open_async_http(5, private_addresses=private_addresses, follow_redirects=True)
        async with opened as client:
            return (await client.post(url)).content

    with pytest.raises(httpx.ConnectError, match="private network"):
        asyncio.run(ask(beside.replace("127.0.0.1", host), private_addresses=False))
    assert asyncio.run(ask(beside, private_addresses=True)) == b"private words"


def test_a_host_is_looked_up_once_for_each_connection(beside: str) -> None:
    answers = [["93.184.215.14", "10.0.0.1"], ["127.0.0.1"], []]
    network = PublicOnly(lambda _host: answers.pop(0))
    for said in ("private network", "private network", "has no address"):
        with pytest.raises(httpcore.ConnectError, match=said):
            network.connect_tcp("rebinding.example.com", 80, timeout=1)
    assert not answers
    beside_calls = PublicOnlyAsync(lambda _host: ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(httpcore.ConnectError, match="private network"):
        asyncio.run(beside_calls.connect_tcp("rebinding.example.com", 80, timeout=1))


def test_an_answer_without_an_end_is_none(beside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    endless = Request("POST", f"{beside}/endless", {}, b"")
    with httpx.Client() as client:
        monkeypatch.setattr(telling, "LONGEST_BYTES", 100_000)
        with pytest.raises(Unreached, match="no end"):
            post(client, endless)
        monkeypatch.setattr(telling, "LONGEST_BYTES", 10**12)
        with pytest.raises(Unreached, match="no end"):
            post(client, endless, 0.1)


@pytest.mark.parametrize(("path", "why"), [("/twice", "packed more than once"), ("/brotli", "not asked for")])
def test_an_answer_that_may_hide_a_million_times_more_is_not_unpacked(beside: str, path: str, why: str) -> None:
    with open_http(5, private_addresses=True) as client, pytest.raises(Unreached, match=why):
        post(client, Request("POST", beside + path, {}, b""))

    async def ask() -> None:
        async with open_async_http(5, private_addresses=True, follow_redirects=True) as client:
            await client.post(beside + path)

    with pytest.raises(httpx.DecodingError, match=why):
        asyncio.run(ask())


@pytest.mark.parametrize("path", ["/once", "/wrongly"])
def test_an_answer_that_is_packed_as_usual_or_said_to_be_is_read(beside: str, path: str) -> None:
    with open_http(5, private_addresses=True) as client:
        assert post(client, Request("POST", beside + path, {}, b"")).body == b"private words"


def test_an_answer_is_waited_for_no_longer_than_what_is_asked_with_is_ours() -> None:
    for at_most in (TIMEOUT_SECONDS, ACCESS_SECONDS):
        whole = (SOON_SECONDS + at_most) * SECOND
        assert whole <= CLAIMED_FOR - TOLD_WITHIN
        assert whole <= LENT_FOR


def test_it_is_a_setting() -> None:
    assert read_settings({}).private_addresses
    assert not read_settings({"SWAPBOARD_PRIVATE_ADDRESSES": "0"}).private_addresses
