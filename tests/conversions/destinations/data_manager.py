"""A stand-in for Google's Data Manager API, that reads with Google's own messages and holds its documented rules.

https://developers.google.com/data-manager/api/devguides/events/google-ads/offline/send-events (required fields),
…/limits (2,000 events), …/conversion-adjustments; one bad event rejects the whole request.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from google.ads.datamanager_v1 import (
    ErrorCount,
    ErrorInfo,
    Event,
    IngestEventsRequest,
    RequestStatusPerDestination,
    RetrieveRequestStatusResponse,
)
from google.ads.datamanager_v1.types import Encoding, ProductAccount
from google.protobuf.json_format import ParseError

from swapboard.conversions.destinations.base import Answer, Request
from tests.local_server import answering

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass
class DataManager:
    """One project's way to some accounts; `conversions` is what it counts, by transaction id, with its worth."""

    accounts: dict[str, str] = field(default_factory=lambda: {"1234567890": "987654321"})
    """Each account's conversion action."""
    refresh_token: str = "1//refresh"
    bad_clicks: set[str] = field(default_factory=set)
    names_places: bool = True
    most: int = 2_000
    conversions: dict[str, float | None] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    statuses: dict[str, RequestStatusPerDestination] = field(default_factory=dict)
    """What it says of each request afterwards."""

    def __call__(self, request: Request) -> Answer:
        path = urlsplit(request.url).path
        if path == "/token":
            return self._token(request)
        if request.headers.get("Authorization") != "Bearer ya29.access":
            return _status(401, "Request had invalid authentication credentials.")
        if (request.method, path) == ("GET", "/v1/requestStatus:retrieve"):
            return self._retrieve(parse_qs(urlsplit(request.url).query).get("requestId", [""])[0])
        assert (request.method, path) == ("POST", "/v1/events:ingest"), request.url
        return self.ingest(request.body)

    def ingest(self, body: bytes) -> Answer:
        try:
            told = IngestEventsRequest.from_json(body.decode(), ignore_unknown_fields=False)
        except ParseError as error:
            return _status(400, f"Invalid JSON payload received. {error}")
        self.requests.append(len(told.events))
        if faults := [*self._of_destinations(told), *self._of_events(told)]:
            return _status(400, "There was a problem with the request.", faults if self.names_places else ())
        if not told.validate_only:
            for event in told.events:
                self.conversions[event.transaction_id] = (
                    event.conversion_value if "conversion_value" in event else None
                )
                self.events.append(event)
        return Answer(200, {}, json.dumps({"requestId": f"request-{len(self.requests)}"}).encode())

    def _retrieve(self, request_id: str) -> Answer:
        known = self.statuses.get(request_id)
        if known is None:
            return _status(404, "Requested entity was not found.")
        told = RetrieveRequestStatusResponse(request_status_per_destination=[known])
        return Answer(200, {}, RetrieveRequestStatusResponse.to_json(told, use_integers_for_enums=False).encode())

    def _token(self, request: Request) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if asked.get("grant_type") != "refresh_token" or asked.get("refresh_token") != self.refresh_token:
            told = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            return Answer(400, {}, json.dumps(told).encode())
        return Answer(200, {}, json.dumps({"access_token": "ya29.access", "expires_in": 3599}).encode())

    def _of_destinations(self, told: IngestEventsRequest) -> list[tuple[str, str]]:
        if not 1 <= len(told.destinations) <= 10:
            return [("destinations", "TOO_MANY_DESTINATIONS")]
        faults = []
        for place, each in enumerate(told.destinations):
            account = each.operating_account
            if account.account_type != ProductAccount.AccountType.GOOGLE_ADS:
                faults.append((f"destinations[{place}].operating_account", "INVALID_DESTINATION"))
            elif self.accounts.get(account.account_id) != each.product_destination_id:
                faults.append((f"destinations[{place}].product_destination_id", "INVALID_CONVERSION_ACTION_ID"))
        return faults

    def _of_events(self, told: IngestEventsRequest) -> list[tuple[str, str]]:
        if not 1 <= len(told.events) <= self.most:
            return [("events", "TOO_MANY_EVENTS")]
        return [
            (f"events[{place}].{name}", why)
            for place, event in enumerate(told.events)
            for name, why in self._of_event(event, told.encoding)
        ]

    def _of_event(self, event: Event, encoding: Encoding) -> list[tuple[str, str]]:
        clicks = [
            click
            for click in (event.ad_identifiers.gclid, event.ad_identifiers.gbraid, event.ad_identifiers.wbraid)
            if click
        ]
        people = event.user_data.user_identifiers
        hashes = [each.phone_number or each.email_address for each in people]
        is_worth = "conversion_value" in event
        wrong = {
            ("event_timestamp", "REQUIRED_FIELD_MISSING"): not event.event_timestamp,
            ("event_source", "REQUIRED_FIELD_MISSING"): not event.event_source,
            ("ad_identifiers", "NO_IDENTIFIERS_PROVIDED"): not clicks and not people,
            ("ad_identifiers", "MULTIPLE_DATA_TYPES_NOT_ALLOWED"): len(clicks) > 1,
            ("ad_identifiers.gclid", "INVALID_FORMAT"): bool(self.bad_clicks & set(clicks)),
            ("currency", "INVALID_CURRENCY_CODE"): is_worth and not re.fullmatch("[A-Z]{3}", event.currency),
            ("encoding", "REQUIRED_FIELD_MISSING"): bool(people) and encoding != Encoding.HEX,
            ("user_data", "TOO_MANY_USER_IDENTIFIERS"): len(people) > 10,
            ("user_data", "INVALID_SHA256_FORMAT"): not all(map(_HASH.fullmatch, hashes)),
        }
        return [fault for fault, is_so in wrong.items() if is_so]


def _status(status: int, message: str, faults: Any = ()) -> Answer:
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [
                {"field": place, "description": f"{place} is wrong.", "reason": why} for place, why in faults
            ],
        }
    ]
    error = {
        "code": status,
        "message": message,
        "status": "INVALID_ARGUMENT",
        "details": details if faults else [],
    }
    return Answer(status, {}, json.dumps({"error": error}).encode())


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
            headers = {"Authorization": self.headers.get("Authorization", "Bearer ya29.access")}
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
