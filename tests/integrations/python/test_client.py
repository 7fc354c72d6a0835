"""The client never raises, never takes long, and puts nothing odd on a page."""

import asyncio
import json
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard_client import Answer, Arrival, Swap, Swapboard
from swapboard_client.navigation import arrival_of
from swapboard_client.notation import rewrite
from swapboard_client.record import COOKIE, NOTHING, read_answer

TARGET = "+12025550100"
SWAP = Swap("+12125550143", "(212) 555-0143", "1")
ABROAD = Swap("+442079460958", "020 7946 0958", "44")
ARRIVAL = Arrival("https://www.example.com/", "Mozilla/5.0")
GOOD = {
    "visitor": "v",
    "session": "s",
    "swaps": {TARGET: {"number": SWAP.number, "display": SWAP.display, "calling_code": "1"}},
    "beat": 20,
    "cookie": {"name": COOKIE, "value": "v/s/1", "max_age": 60, "domain": "example.com"},
}
ROOT = Path(__file__).parents[3]


class Server:
    """Answers each connection with the same bytes, in pieces, or not at all."""

    def __init__(self, answer: bytes, pieces: int) -> None:
        self.asked = 0
        self._answer, self._pieces = answer, pieces
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def stop(self) -> None:
        self._is_over.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while not self._is_over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.asked += 1
            with connection:
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        connection.recv(65_536)
        if not self._answer:
            self._is_over.wait(20)
        head, _, body = self._answer.partition(b"\r\n\r\n")
        size = max(1, len(body) // self._pieces)
        pieces = [head + b"\r\n\r\n", *(body[start : start + size] for start in range(0, len(body), size))]
        for piece in pieces:
            try:
                connection.sendall(piece)
            except OSError:
                return
            self._is_over.wait(0.05 if self._pieces > 1 else 0)


@contextmanager
def answering(body: bytes, status: str = "200 OK", pieces: int = 1) -> Iterator[Server]:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
    server = Server(head + body if status else b"", pieces)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def client_of(server: Server, **changes: Any) -> Iterator[Swapboard]:
    client = Swapboard(server.url, site_id="x", key="sb_x", **{"timeout_seconds": 20.0, **changes})
    try:
        yield client
    finally:
        client.close()


def test_a_good_answer() -> None:
    with answering(json.dumps(GOOD).encode()) as server, client_of(server) as client:
        answer = client.visit(ARRIVAL)
        assert answer == asyncio.run(client.visit_async(ARRIVAL))
        assert answer.swaps == {TARGET: SWAP}
        assert answer.cookie
        assert answer.cookie.header(secure=True) == (
            "_swb=v/s/1; Path=/; Max-Age=60; SameSite=Lax; Domain=example.com; Secure"
        )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", "500 Internal Server Error"),
        (b"{}", "401 Unauthorized"),
        (b"not JSON", "200 OK"),
        (b"[" * 100_000, "200 OK"),
        (b"\xff", "200 OK"),
        (b"", ""),
    ],
)
@pytest.mark.parametrize("is_async", [False, True])
def test_after_a_failure_nobody_is_asked_for_a_while(body: bytes, status: str, is_async: bool) -> None:
    moment = [0.0]

    def visit(client: Swapboard) -> Answer:
        return asyncio.run(client.visit_async(ARRIVAL)) if is_async else client.visit(ARRIVAL)

    waiting = {"timeout_seconds": 0.1} if not status else {}
    with answering(body, status) as server, client_of(server, clock=lambda: moment[0], **waiting) as client:
        assert visit(client) == visit(client) == NOTHING
        assert server.asked == 1
        if status:
            moment[0] += 11
            assert visit(client) == NOTHING
            assert server.asked == 2


def test_an_answer_that_drips_is_not_waited_for() -> None:
    """Each piece comes in time, the whole does not."""
    body = json.dumps(GOOD).encode()
    with answering(body, pieces=40) as server, client_of(server, timeout_seconds=0.2) as client:
        assert client.visit(ARRIVAL) == NOTHING


@pytest.mark.parametrize(
    "status",
    [
        "400 Bad Request",
        "403 Forbidden",
        "413 Content Too Large",
        "422 Unprocessable Content",
        "429 Too Many Requests",
    ],
)
def test_a_visitor_who_is_refused_does_not_stop_the_others(status: str, caplog: pytest.LogCaptureFixture) -> None:
    """A scanner that asks for the page of another host is, and so is who comes too often."""
    with answering(b"{}", status) as server, client_of(server, clock=lambda: 1.0) as client:
        assert client.visit(ARRIVAL) == client.visit(ARRIVAL) == NOTHING
        assert server.asked == 2
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        f"Swapboard refused a visit, whose page keeps its numbers: {status[:3]} {{}}"
    ]


def test_no_other_cookie_leaves_the_server() -> None:
    headers = {"user-agent": "x", "cookie": 'sessionid=secret; _swb="v/s/1"; _ga=GA1.1.5.6; _swb=other; odd; =x'}
    message = arrival_of("https://www.example.com/", headers, "203.0.113.7").message()
    assert message["cookies"] == {"_swb": "v/s/1", "_ga": "GA1.1.5.6"}


@pytest.mark.parametrize(
    ("text", "swap", "shown"),
    [
        ("(202) 555-0100", SWAP, "(212) 555-0143"),
        ("Call 202.555.0100 today", SWAP, "Call 212.555.0143 today"),
        ("+1 (202) 555-0100", SWAP, "+1 (212) 555-0143"),
        ("1-202-555-0100", SWAP, "1-212-555-0143"),
        ("Call us", SWAP, "Call us"),
        ("٢٠٢٥٥٥٠١٠٠", SWAP, None),
        ("\uff12\uff10\uff12-\uff15\uff15\uff15-0100", SWAP, None),
        ("Call (202) 555-0100 today", ABROAD, "Call 020 7946 0958 today"),
        ("+1 202 555 0100", ABROAD, "020 7946 0958"),
        ("555-0100", SWAP, None),
        ("(202) 555-0101", SWAP, None),
        ("(202) 555-0100 ext. 7", SWAP, None),
    ],
)
def test_the_notation_stays(text: str, swap: Swap, shown: str | None) -> None:
    assert rewrite(text, TARGET, swap) == shown


@pytest.mark.parametrize("text", ["020 7946 0958", "+44 (0)20 7946 0958", "+44 20 7946 0958", "0044 20 7946 0958"])
def test_notations_of_europe(text: str) -> None:
    swap = Swap("+442079460200", "020 7946 0200", "44")
    assert rewrite(text, ABROAD.number, swap) == text.replace("0958", "0200")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*GOOD, TARGET, "number", "display", "name", "value", "max_age"]), inner)
    ),
)


@given(JSON)
def test_whatever_the_answer_is_only_numbers_come_of_it(document: Any) -> None:
    answer = read_answer(document)
    for swap in answer.swaps.values():
        assert swap.number[0] == "+"
        assert swap.number[1:].isdigit()


@pytest.mark.parametrize(
    "cookie",
    [
        {"name": COOKIE, "value": "a; Path=/x", "max_age": 1},
        {"name": COOKIE, "value": "a\r\nSet-Cookie: b=c", "max_age": 1},
        {"name": COOKIE, "value": "a", "max_age": "1; Domain=x"},
        {"name": COOKIE, "value": "a", "max_age": 1, "domain": "x; Secure"},
        {"name": "sessionid", "value": "a", "max_age": 1},
    ],
)
def test_a_cookie_cannot_carry_anything_else(cookie: dict[str, Any]) -> None:
    assert read_answer({**GOOD, "cookie": cookie}).cookie is None


@pytest.mark.slow  # a wheel is built
def test_it_installs_by_itself(tmp_path: Path) -> None:
    """The wheel holds all of it, and needs neither Swapboard nor Django nor Jinja to be imported."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    source = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    subprocess.run([*pip, *source, str(ROOT / "integrations/python")], check=True, cwd=tmp_path)
    (wheel,) = tmp_path.glob("swapboard_client-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "site")
        names = packed.namelist()
    assert {"swapboard_client/py.typed", "swapboard_client/templatetags/swapboard.py"} <= set(names)
    program = (
        "import sys; sys.path.insert(0, 'site'); import swapboard_client.asgi, swapboard_client.wsgi;"
        "assert 'site' in swapboard_client.__file__;"
        "print([name for name in ('swapboard', 'django', 'jinja2', 'markupsafe') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
