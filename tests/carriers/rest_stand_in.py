"""A stand-in for a carrier's REST API on the loopback: each carrier's test says what it knows and refuses."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

import stamina

from tests.local_server import answering


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Answer: TypeAlias = "tuple[int, object]"
"""A status, and a body: bytes, or what is written as JSON."""


@dataclass
class StandIn:
    """The server, and what it was asked."""

    answer: Callable[[Asked], Answer]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    """How the next requests with this method fail: a status, or `drop`; after `after-` once they are done."""

    @property
    def names(self) -> Counter[str]:
        """How often each was asked."""
        return Counter(each.name for each in self.asked)

    def fail(self, method: str, *ways: str) -> None:
        self.failures += [(method, way) for way in ways]

    def next_failure(self, method: str) -> str:
        for index, (failing, way) in enumerate(self.failures):
            if failing == method:
                del self.failures[index]
                return way
        return ""


@contextmanager
def stand_in(answer: Callable[[Asked], Answer]) -> Iterator[StandIn]:
    """The server, for as long as the block lasts; nobody waits between tries."""
    made = StandIn(answer)
    with answering(partial(_Handler, made)) as server, stamina.set_testing(True, attempts=3):
        made.url = f"http://127.0.0.1:{server.server_port}"
        yield made


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, made: StandIn, *given: Any) -> None:
        self._made = made
        super().__init__(*given)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def do_PUT(self) -> None:
        self._do()

    def do_DELETE(self) -> None:
        self._do()

    def _do(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        asked = Asked(self.command, parts.path, query, headers, body)
        self._made.asked.append(asked)
        way = self._made.next_failure(self.command)
        answer = self._made.answer(asked) if not way or way.startswith("after-") else (0, b"")
        way = way.removeprefix("after-")
        if way == "drop":
            self.close_connection = True
        else:
            self._send(*((int(way), b"no luck") if way else answer))

    def _send(self, status: int, told: object) -> None:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
