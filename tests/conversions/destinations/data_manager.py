"""The demo's stand-in for Google's Data Manager API, that reads with Google's own messages before it judges."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from google.ads.datamanager_v1 import (
    ErrorCount,
    ErrorInfo,
    Event,
    IngestEventsRequest,
    RequestStatusPerDestination,
    RetrieveRequestStatusResponse,
)
from google.protobuf.json_format import ParseError

from swapboard.conversions.destinations.request import Answer, Request
from swapboard.demo.stand_ins.data_manager import ACCESS_TOKEN, refusal
from swapboard.demo.stand_ins.data_manager import DataManager as StandIn
from tests.local_server import answering


@dataclass
class DataManager(StandIn):
    """What is no message of Google's is refused, whatever our own rules say of it."""

    events: list[Event] = field(default_factory=list)
    statuses: dict[str, RequestStatusPerDestination] = field(default_factory=dict)
    """What it says of each request afterwards."""

    def ingest(self, body: bytes) -> Answer:
        try:
            told = IngestEventsRequest.from_json(body.decode(), ignore_unknown_fields=False)
        except ParseError as error:
            return refusal(400, f"Invalid JSON payload received. {error}")
        plain = IngestEventsRequest.to_json(
            told, use_integers_for_enums=False, always_print_fields_with_no_presence=False
        )
        answer = super().ingest(plain.encode())
        if answer.status == 200 and not told.validate_only:
            self.events.extend(told.events)
        return answer

    def retrieve(self, request_id: str) -> Answer:
        known = self.statuses.get(request_id)
        if known is None:
            return refusal(404, "Requested entity was not found.")
        told = RetrieveRequestStatusResponse(request_status_per_destination=[known])
        return Answer(200, {}, RetrieveRequestStatusResponse.to_json(told, use_integers_for_enums=False).encode())


def not_counted(reason: str) -> RequestStatusPerDestination:
    """A request of which the one event was not counted."""
    counts = [ErrorCount(record_count=1, reason=f"PROCESSING_ERROR_REASON_{reason}")]
    return RequestStatusPerDestination(request_status="FAILED", error_info=ErrorInfo(error_counts=counts))


@contextmanager
def over_http(google: DataManager) -> Iterator[str]:
    """The stand-in on a port of this machine; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self) -> None:
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            # Google's client sends no key where nobody is asked for one.
            headers = {"Authorization": self.headers.get("Authorization", f"Bearer {ACCESS_TOKEN}")}
            answer = google(Request(self.command, f"http://{self.headers['Host']}{self.path}", headers, body))
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Nothing to the terminal."""

    with answering(Handler) as server:
        yield f"http://127.0.0.1:{server.server_port}"
