"""A mail server of this machine that keeps what it is given, or refuses it in its own words."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """What it took, and what it says next to a recipient instead of yes."""

    url: str = ""
    taken: list[EmailMessage] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    too_large: str = ""
    """What it says to a letter with something attached, if it takes none."""
    answers: dict[str, str] = field(default_factory=dict)
    """What it says to a verb, or first of all (to nothing), instead of yes."""


class _Handler(socketserver.StreamRequestHandler):
    known: MailServer

    def handle(self) -> None:
        self._say(self.known.answers.get("", "220 mail.example.com"))
        while line := self.rfile.readline():
            verb = line.decode("ascii", "replace").strip().upper()
            if other := self.known.answers.get(verb[:4]):
                self._say(other)
            elif verb.startswith("RCPT"):
                self._say(self.known.refusals.pop(0) if self.known.refusals else "250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                self._take()
            elif verb.startswith("EHLO"):
                self._say("250-mail.example.com\r\n250 AUTH PLAIN LOGIN")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        parsed = message_from_bytes(b"".join(lines), policy=policy.default)
        if self.known.too_large and list(parsed.iter_attachments()):
            self._say(self.known.too_large)
            return
        self.known.taken.append(parsed)
        self._say("250 queued")

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server in a thread of this process, that ends however the test does."""
    known = MailServer()
    with _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"known": known})) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        known.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        try:
            yield known
        finally:
            server.shutdown()
            thread.join()
