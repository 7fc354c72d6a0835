"""A platform to sign in at, on this machine, for as long as a test needs it."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from tests.access.sign_in import App, Asked, Refusal, SignInDoors
from tests.local_server import answering

DATA_MANAGER = "https://www.googleapis.com/auth/datamanager"
ADS = "https://www.googleapis.com/auth/adwords"
SECRET = "the-app-s-own-secret"


@dataclass
class Provider:
    """The platform's doors, where they are, and what was heard at them."""

    doors: SignInDoors
    url: str = ""
    heard: list[str] = field(default_factory=list)
    decide: Callable[[Asked], str] | None = None
    """What its person does in the browser, where it is not agreeing to all."""

    @property
    def addresses(self) -> dict[str, str]:
        return {each: f"{self.url}/{each}" for each in ("authorize", "token", "revoke")}


def an_app(public_url: str, provider: str = "google") -> App:
    """Our app, as it is registered there."""
    redirect = f"{public_url}/access/callback/{provider}"
    return App("our-app", SECRET, (redirect,), frozenset((DATA_MANAGER, ADS, "offline_access")))


@contextmanager
def provider_of(app: App, *, needs_proof: bool = True, rotates: bool = False) -> Iterator[Provider]:
    """The platform, reached by HTTP."""
    provider = Provider(SignInDoors(app, time.monotonic, needs_proof, rotates))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.heard.append(parts.path)
            try:
                asked = provider.doors.look(parts.query)
            except Refusal as refusal:
                self._say(refusal.status, refusal.document)
                return
            agree = provider.decide or provider.doors.agree
            self.send_response(302)
            self.send_header("Location", agree(asked))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_POST(self) -> None:
            provider.heard.append(self.path)
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                if self.path == "/revoke":
                    provider.doors.revoke(headers, body)
                    self._say(200, {})
                else:
                    self._say(200, provider.doors.token(headers, body))
            except Refusal as refusal:
                self._say(refusal.status, refusal.document)

        def _say(self, status: int, document: object) -> None:
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            pass

    with answering(Handler) as server:
        provider.url = f"http://127.0.0.1:{server.server_port}"
        yield provider
