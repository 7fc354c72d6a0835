"""A stand-in for the push service that Firefox speaks to, on loopback.

To the browser it is a WebSocket (https://mozilla-push-service.readthedocs.io/en/latest/design/: hello, register,
notification, ack); to whoever sends, RFC 8030: who it is (RFC 8292) is checked, as is that it is encrypted (RFC
8188), which only the browser can undo.
"""

import base64
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from queue import Queue

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.sync.server import ServerConnection, serve

from tests.local_server import answering

MOST_BYTES = 4_096
LONGEST_TOKEN_SECONDS = 24 * 60 * 60


@dataclass
class PushService:
    """The browsers that are there, by their channels, and what they said of what was sent to them."""

    address: str = ""
    """Where messages are sent to."""
    socket: str = ""
    """Where browsers come to."""
    channels: dict[str, tuple[ServerConnection, str]] = field(default_factory=dict)
    """(its line, the key of whoever may send)"""
    acks: "Queue[int]" = field(default_factory=Queue)
    """100: decrypted and given to the page's worker; 101: it could not be decrypted; 102: the worker failed."""
    refused: list[str] = field(default_factory=list)

    def listen(self, line: ServerConnection) -> None:
        """Speak with one browser until it leaves."""
        for text in line:
            told = json.loads(text)
            match told.get("messageType"):
                case "hello":
                    said = {"messageType": "hello", "uaid": uuid.uuid4().hex, "status": 200, "use_webpush": True}
                    line.send(json.dumps(said | {"broadcasts": {}}))
                case "register":
                    channel = told["channelID"]
                    self.channels[channel] = line, told.get("key", "")
                    address = f"{self.address}/push/{channel}"
                    said = {"messageType": "register", "channelID": channel, "status": 200}
                    line.send(json.dumps(said | {"pushEndpoint": address}))
                case "unregister":
                    self.channels.pop(told["channelID"], None)
                    line.send(json.dumps({**told, "status": 200}))
                case "ack":
                    for each in told["updates"]:
                        self.acks.put(each["code"])
                case _:
                    line.send("{}")

    def send(self, channel: str, headers: dict[str, str], body: bytes) -> int:
        """Pass a message on; the status that its sender gets."""
        if channel not in self.channels:
            return 410
        line, key = self.channels[channel]
        if why := _fault(headers, body, key, self.address):
            self.refused.append(why)
            return 403
        data = base64.urlsafe_b64encode(body).decode().rstrip("=")
        said = {"messageType": "notification", "channelID": channel, "version": uuid.uuid4().hex, "data": data}
        line.send(json.dumps(said | {"headers": {"encoding": "aes128gcm"}}))
        return 201


def _fault(headers: dict[str, str], body: bytes, key: str, address: str) -> str:
    """Why a message is refused; empty for a good one."""
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    given = dict(each.strip().split("=", 1) for each in rest.split(",") if "=" in each)
    if scheme != "vapid" or _bytes(given.get("k", "")) != _bytes(key):
        return "It is signed with another key than the browser was told of."
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(given["k"]))
    try:
        claims = jwt.decode(given["t"], point, algorithms=["ES256"], audience=address)
    except jwt.InvalidTokenError as error:
        return f"The token is no good: {error}."
    if claims["exp"] - time.time() > LONGEST_TOKEN_SECONDS or not claims["sub"].startswith("mailto:"):
        return "The token is good for too long, or names nobody."
    if not headers.get("ttl", "").isdigit() or headers.get("content-encoding") != "aes128gcm":
        return "TTL or encoding are missing."
    return "" if len(body) <= MOST_BYTES else "It is too long."


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@contextmanager
def push_service() -> Iterator[PushService]:
    """The service, on two free ports."""
    service = PushService()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = service.send(self.path.rpartition("/")[2], headers, body)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with answering(Door) as door, serve(service.listen, "127.0.0.1", 0) as sockets:
        threading.Thread(target=sockets.serve_forever, daemon=True).start()
        service.address = f"http://127.0.0.1:{door.server_port}"
        service.socket = f"ws://127.0.0.1:{sockets.socket.getsockname()[1]}/"
        yield service
