"""The way to a carrier's API against a server that fails in each way that servers do."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

import pytest
import stamina

from swapboard.carriers.base import CarrierError, Fault
from swapboard.carriers.rest import Rest
from tests.local_server import answering

ANSWERS: list[tuple[int, bytes]] = []
ASKED: list[str] = []


class Handler(BaseHTTPRequestHandler):
    """Gives the answers in turn; the last one again and again."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        ASKED.append(f"{self.command} {self.path}")
        status, body = ANSWERS.pop(0) if len(ANSWERS) > 1 else ANSWERS[0]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def rest() -> Iterator[Rest]:
    ANSWERS.clear()
    ASKED.clear()
    with stamina.set_testing(True, attempts=3), answering(Handler) as server:
        yield Rest("Tincan", f"http://127.0.0.1:{server.server_port}", lambda answer: answer.json()["reason"])


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (400, Fault.REQUEST),
        (404, Fault.REQUEST),
        (401, Fault.ACCOUNT),
        (402, Fault.ACCOUNT),
        (403, Fault.ACCOUNT),
        (408, Fault.CARRIER),
        (429, Fault.CARRIER),
        (500, Fault.CARRIER),
        (302, Fault.CARRIER),
    ],
)
def test_a_refusal_has_the_carriers_words_and_says_whose_fault_it_is(
    rest: Rest, status: int, fault: Fault
) -> None:
    ANSWERS.append((status, b'{"reason": "No such number."}'))
    with pytest.raises(CarrierError, match=rf"Tincan: No such number\. \(HTTP {status}\)") as raised:
        rest.once("POST", "/numbers")
    assert raised.value.fault is fault
    assert len(ASKED) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"reason": null}'])
def test_a_refusal_without_words(rest: Rest, body: bytes) -> None:
    ANSWERS.append((500, body))
    with pytest.raises(CarrierError, match="refused without a reason"):
        rest.once("POST", "/numbers")


def test_reading_is_tried_again_while_it_may_help(rest: Rest) -> None:
    ANSWERS.extend([(503, b""), (429, b""), (200, b"{}")])
    assert rest.read("/numbers", {"a": 1}).json() == {}
    assert ASKED == ["GET /numbers?a=1"] * 3


def test_what_is_refused_for_good_is_not_asked_again(rest: Rest) -> None:
    ANSWERS.append((404, b""))
    with pytest.raises(CarrierError):
        rest.patiently("POST", "/numbers", json={})
    assert ASKED == ["POST /numbers"]


def test_nobody_answers() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        rest = Rest("Tincan", f"http://127.0.0.1:{taken.getsockname()[1]}", lambda _: "")
        with pytest.raises(CarrierError, match="Tincan did not answer: ConnectError") as raised:
            rest.once("POST", "/numbers")
    assert not raised.value.permanent


@pytest.mark.parametrize(
    ("name", "value", "trouble"), [("PATIENCE", 0.0, "ReadTimeout"), ("MOST_BYTES", 3, "AnswerTooLarge")]
)
def test_a_host_that_does_not_come_to_an_end_is_left(
    rest: Rest, monkeypatch: pytest.MonkeyPatch, name: str, value: float, trouble: str
) -> None:
    ANSWERS.append((200, b"drop by drop"))
    assert rest.once("GET", "/recording").content == b"drop by drop"
    monkeypatch.setattr("swapboard.carriers.rest." + name, value)
    with pytest.raises(CarrierError, match=trouble) as raised:
        rest.once("GET", "/recording")
    assert not raised.value.permanent
    assert not raised.value.is_undone


def _drip(listening: socket.socket) -> None:
    """A byte of a header each time, until nobody listens; then an answer after all."""
    connection, _address = listening.accept()
    with connection, suppress(OSError):
        connection.recv(4_096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _ in range(400):
            connection.sendall(b"a")
            time.sleep(0.02)
        connection.sendall(b"\r\nContent-Length: 0\r\n\r\n")


def test_a_host_that_drips_its_headers_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swapboard.carriers.rest.PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor() as threads:
        dripping = threads.submit(_drip, listening)
        rest = Rest("Tincan", f"http://127.0.0.1:{listening.getsockname()[1]}", lambda _: "", timeout_seconds=1.0)
        with pytest.raises(CarrierError, match="ReadTimeout") as raised:
            rest.once("GET", "/recording")
        assert not raised.value.permanent
        dripping.result()
