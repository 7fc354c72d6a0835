"""A stand-in for Meta's Conversions API that holds its documented rules; one bad event spoils its whole request.

https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/server-event and …/user-data.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from swapboard.clock import DAY, SECOND, Millis
from swapboard.conversions.destinations.request import Answer, Request

_HASH = re.compile(r"[0-9a-f]{64}")
_CLICK = re.compile(r"fb\.\d\.\d{13}\.[!-~]+")
_SOURCES = {
    "email",
    "website",
    "app",
    "phone_call",
    "chat",
    "physical_store",
    "system_generated",
    "business_messaging",
    "other",
}


@dataclass
class Graph:
    """One dataset; `kept` are its events by name and id, as Meta tells them apart."""

    now: Millis
    dataset_id: str = "1234567890123"
    access_token: str = "EAAexample"
    kept: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    requests: list[int] = field(default_factory=list)

    def __call__(self, request: Request) -> Answer:
        parts = urlsplit(request.url)
        if request.method == "GET":
            token = parse_qs(parts.query).get("access_token", [""])[0]
            return self._dataset(parts.path) if token == self.access_token else _error(400, 190, "Invalid token.")
        told = json.loads(request.body)
        if told.get("access_token") != self.access_token:
            return _error(400, 190, "Invalid OAuth access token.")
        if not re.fullmatch(rf"/v\d+\.0/{self.dataset_id}/events", parts.path):
            return _error(400, 100, "Unsupported post request.")
        return self._events(told["data"])

    def _dataset(self, path: str) -> Answer:
        if not path.endswith(f"/{self.dataset_id}"):
            return _error(404, 803, "Some of the aliases you requested do not exist.")
        return Answer(200, {}, json.dumps({"id": self.dataset_id, "name": "Site"}).encode())

    def _events(self, events: list[dict[str, Any]]) -> Answer:
        self.requests.append(len(events))
        if not 1 <= len(events) <= 1_000:
            return _error(400, 100, "Too many events.")
        for event in events:
            if why := self._fault(event):
                return _error(400, 100, why)
        for event in events:
            self.kept.setdefault((event["event_name"], event["event_id"]), event)
        return Answer(200, {}, json.dumps({"events_received": len(events), "fbtrace_id": "A"}).encode())

    def _fault(self, event: dict[str, Any]) -> str | None:
        person = event.get("user_data", {})
        worth = event.get("custom_data", {})
        wrong = {
            "event_time is too old or in the future.": not 0
            <= self.now // SECOND - event.get("event_time", 0)
            <= 7 * DAY // SECOND,
            "action_source is unknown.": event.get("action_source") not in _SOURCES,
            "user_data is empty.": not set(person) & {"ph", "em", "fbc", "fbp"},
            "user_data is not hashed.": not all(
                _HASH.fullmatch(each) for name in ("ph", "em") for each in person.get(name, ())
            ),
            "fbc is malformed.": "fbc" in person and not _CLICK.fullmatch(person["fbc"]),
            "A website's event needs client_user_agent and event_source_url.": event.get("action_source")
            == "website"
            and not (person.get("client_user_agent") and event.get("event_source_url")),
            "currency is missing.": "value" in worth and not re.fullmatch("[A-Z]{3}", worth.get("currency", "")),
        }
        return next((why for why, is_so in wrong.items() if is_so), None)


def _error(status: int, code: int, message: str) -> Answer:
    return Answer(status, {}, json.dumps({"error": {"message": message, "code": code, "type": "X"}}).encode())
