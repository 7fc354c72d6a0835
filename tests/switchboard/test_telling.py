"""Requests go out as their readers take them, whatever stands in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest

from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.destinations.request import Answer, Request
from swapboard.conversions.outbox import Outcome
from swapboard.outward import open_http
from swapboard.switchboard.telling import post
from tests.conversions.people import CALL, NOW, ORIGIN, a_message
from tests.local_server import answering


@contextmanager
def listening() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """An address, and the headers of each request that came there."""
    heard: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            heard.append(dict(self.headers))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """What is heard is kept."""

    with answering(Handler) as server:
        yield f"http://127.0.0.1:{server.server_port}", heard


def send(request: Request) -> Answer:
    client = open_http(20, private_addresses=True)
    try:
        return post(client, request)
    finally:
        client.close()


@pytest.mark.parametrize(
    ("browser", "heard_as"),
    [
        ("Mozilla/5.0 (Caf\xe9)", "Mozilla/5.0 (Caf\xe9)"),
        ("Mozilla/5.0 (\u5fae\u4fe1)", "Mozilla/5.0 (??)"),
        ("Mozilla/5.0 cut at a blank ", "Mozilla/5.0 cut at a blank"),
        ("Mozilla/5.0\r\nX-Other: 1", "Mozilla/5.0 X-Other: 1"),
    ],
)
def test_a_browser_may_call_itself_whatever_it_likes(browser: str, heard_as: str) -> None:
    with listening() as (url, heard):
        destination = destination_kind("plausible").open({"domain": "example.com", "url": url})
        contact = replace(CALL, origin=replace(ORIGIN, user_agent=browser))
        (result,) = destination.send([a_message(contact)], NOW, send)
    assert result.outcome is Outcome.TAKEN
    assert [(each["User-Agent"], each.get("X-Other")) for each in heard] == [(heard_as, None)]


@pytest.mark.parametrize("token", ["pasted\nin-two", "pasted\u2026short", "pasted\x00"])
def test_a_token_that_was_pasted_wrong_is_refused_there_and_repeated_nowhere(token: str) -> None:
    with listening() as (url, heard):
        settings = {"access_token": token, "source_id": "C4ABCDEFGH", "url": url}
        (result,) = destination_kind("tiktok").open(settings).send([a_message()], NOW, send)
    assert len(heard) == 1
    assert "pasted" not in result.words
