"""A server in the place of Swapboard that writes down how it was asked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.local_server import answering

KEY = "notebook1"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where it listens, what it was asked, and what it answers."""

    script: str
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    """By the path below the key; 404 for all others."""


@contextmanager
def noting_upstream() -> Iterator[Upstream]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            upstream.asked.append(Asked(self.command, self.path, headers, body))
            status, sent, answer = upstream.answers.get(self.path.partition(KEY)[2], (404, {}, b"{}"))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(answer)), **sent}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = answer  # noqa: N815 the standard library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with answering(Handler) as server:
        upstream = Upstream(f"http://127.0.0.1:{server.server_port}/t/{KEY}.js")
        yield upstream
