"""Whoever sends a request bit by bit is waited for so long and no longer, and whole requests are as ever."""

import socket
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from swapboard.cli.serve import server_config
from swapboard.web import whole_requests
from swapboard.web.bodies import Refused, read_body
from tests.building import settings_of
from tests.integrations.python.conftest import on_uvicorn
from tests.patience import HANGS_AFTER_SECONDS

POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(whole_requests, "GRACE_SECONDS", 0.5)

    async def length(request: Request) -> Response:
        try:
            return PlainTextResponse(str(len(await read_body(request, 1_000_000))))
        except Refused as refused:
            return PlainTextResponse(refused.reason, refused.status)

    app = Starlette(routes=[Route("/", length, methods=["GET", "POST"])])
    settings = settings_of(tmp_path, f"sqlite:///{tmp_path}/unused.db")
    config = server_config(app, settings, "127.0.0.1", 0)
    monkeypatch.setattr(config, "timeout_keep_alive", 1)
    with on_uvicorn(config) as url:
        yield int(url.rpartition(":")[2])


def asked(port: int, *pieces: bytes, again: bytes = b"") -> bytes:
    """All that is answered until the connection is closed; `again` is sent until then."""
    with socket.create_connection(("127.0.0.1", port), HANGS_AFTER_SECONDS) as connection:
        for piece in pieces:
            connection.sendall(piece)
        connection.settimeout(0.05 if again else HANGS_AFTER_SECONDS)
        answer = b""
        while True:
            try:
                came = connection.recv(65536)
                if not came:
                    return answer
                answer += came
            except TimeoutError:
                assert again, "it is still waited for"
                connection.sendall(again)
            except ConnectionError:
                return answer


def until(connection: socket.socket, end: bytes) -> bytes:
    """What is answered, up to its end; head and body may come one by one."""
    answer = b""
    while not answer.endswith(end):
        came = connection.recv(65536)
        assert came, answer
        answer += came
    return answer


@pytest.mark.parametrize(
    ("begun", "again"),
    [
        (b"GET / HT", b""),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-A: b\r\n"),
        (POST + b"half", b""),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
)
def test_what_comes_bit_by_bit_is_not_waited_for(port: int, begun: bytes, again: bytes) -> None:
    answer = asked(port, begun, again=again)
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n"), answer
    assert answer.endswith(b"The request did not come in time.")


def test_a_browser_that_connects_beforehand_finds_no_answer_to_what_it_has_not_asked(port: int) -> None:
    assert asked(port) == b""


def test_nor_is_the_next_one_on_the_same_connection(port: int) -> None:
    answer = asked(port, POST + b"0123456789" + b"GET / HT")
    first, second = answer.split(b"HTTP/1.1 ")[1:]
    assert first.startswith(b"200 OK")
    assert second.startswith(b"408 Request Timeout")


def test_headers_without_an_end_are_refused(port: int) -> None:
    head = b"GET / HTTP/1.1\r\nHost: x\r\n"
    assert asked(port, head, *[b"X-A: " + b"b" * 1000 + b"\r\n"] * 70).startswith(b"HTTP/1.1 431 ")


def test_nor_do_they_come_after_the_body(port: int) -> None:
    begun = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
    assert asked(port, begun, again=b"X-A: " + b"b" * 4000 + b"\r\n").startswith(b"HTTP/1.1 431 ")


def test_a_long_body_of_small_pieces_is_no_long_header(port: int) -> None:
    begun = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = asked(port, begun, *[b"1\r\nx\r\n" * 1000] * 20, b"0\r\n\r\n")
    assert answer.endswith(b"\r\n\r\n20000")


def test_an_empty_line_is_no_request_that_one_waits_for(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), HANGS_AFTER_SECONDS) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert until(connection, b"\r\n\r\n0").startswith(b"HTTP/1.1 200 ")
        connection.sendall(b"\r\n")
        assert connection.recv(65536) == b"", "it is still waited for"


def test_what_is_sent_after_the_answer_ends_too(port: int) -> None:
    answer = asked(port, POST.replace(b"10", b"99999999"), again=b"x" * 2000)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_long_body_that_goes_on_is_waited_for(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), HANGS_AFTER_SECONDS) as connection:
        connection.sendall(POST.replace(b"10", b"20000"))
        for _ in range(20):
            # A second for these is a fifth of what it may be: no faster, it would not come in the grace.
            connection.sendall(b"x" * 1000)
            sleep(0.05)
        assert until(connection, b"\r\n\r\n20000").startswith(b"HTTP/1.1 200 ")
