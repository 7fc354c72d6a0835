"""The destinations' ends of the outbox under fire: a webhook, and Google Ads by its Data Manager API.

They fail by chance, and note all that they are sent.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple

from tests.local_server import answering

HOOK, ADS = "d" * 32, "e" * 32
FAILS = 1 / 3


class Sent(NamedTuple):
    """One message that arrived at a destination."""

    to: str
    name: str
    """Its own name: whatever is sent again bears it again."""
    what: str
    """The call, and what is said of it; empty where that does not show."""
    at: float


@dataclass
class Receivers:
    """What arrived, in order."""

    url: str = ""
    sent: list[Sent] = field(default_factory=list)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each message (destination, name) was taken."""
    refused: int = 0
    seen: dict[str, float] = field(default_factory=dict)
    """When each message (by its delivery) was first seen waiting in the outbox."""
    guard: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, destination: str, told: Sequence[tuple[str, str]], how: str) -> None:
        """Note messages, each with its name and what it is about."""
        with self.guard:
            self.sent += [Sent(destination, name, what, time.monotonic()) for name, what in told]
            if how == "taken":
                self.taken.update((destination, name) for name, _ in told)
            else:
                self.refused += 1


class _End(BaseHTTPRequestHandler):
    """A webhook at /hook, Google's events at /v1/events:ingest, its access at /token."""

    protocol_version = "HTTP/1.1"
    known: Receivers

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            # Whoever told it was killed in the middle of it.
            self.close_connection = True
        elif self.path == "/token":
            self._say(200, {"access_token": "an access token", "expires_in": 3599})
        elif self.path == "/hook":
            told = json.loads(body)
            self._answer(HOOK, [(self.headers["webhook-id"], f"{told['data']['id']} {told['type']}")])
        else:
            self._answer(ADS, [(ads_name(each), "") for each in json.loads(body)["events"]])

    def _answer(self, destination: str, told: Sequence[tuple[str, str]]) -> None:
        how = random.choice(("busy", "broken", "silent")) if random.random() < FAILS else "taken"
        self.known.hear(destination, told, how)
        if how == "silent":
            # It may well have been read; nobody says so.
            self.close_connection = True
            return
        self._say({"taken": 200, "busy": 429, "broken": 500}[how], {"requestId": "r"})

    def _say(self, status: int, document: object) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "1")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            """Whoever asked was killed."""


def ads_name(event: Mapping[str, Any]) -> str:
    """What tells an event from every other: the conversion, and when it was changed last, if it was."""
    return f"{event['transactionId']} {event.get('lastUpdatedTimestamp', '')}".strip()


@contextmanager
def receivers() -> Iterator[Receivers]:
    """Both ends, on one port."""
    known = Receivers()
    with answering(type("End", (_End,), {"known": known})) as server:
        known.url = f"http://127.0.0.1:{server.server_port}"
        yield known
