"""A website on this machine, served for a test."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.local_server import answering

NUMBER = "+12025550100"
TRACKING = "+12025550143"
KEY = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site says to one address."""

    body: bytes | str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class LocalSite:
    """Answers by path; what is not there is 404."""

    url: str = ""
    answers: dict[str, Answer | list[Answer]] = field(default_factory=dict)
    """A list is given out one by one, its last for ever."""
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)

    def put(self, path: str, body: bytes | str = "", status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(body, status, named)

    def answer(self, path: str) -> Answer:
        found = self.answers.get(path, Answer("not here", 404))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found


@contextmanager
def serving() -> Iterator[LocalSite]:
    """A site on a free port of the loopback."""
    site = LocalSite()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.agents.add(self.headers.get("User-Agent", ""))
            self._send(site.answer(self.path))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            site.asked.append(f"POST {self.path}")
            self._send(site.answer(f"POST {self.path}"))

        def _send(self, answer: Answer) -> None:
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with answering(Handler) as server:
        site.url = f"http://127.0.0.1:{server.server_port}"
        yield site
