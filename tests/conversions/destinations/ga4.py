"""A stand-in for Google Analytics' Measurement Protocol that holds its documented limits.

https://developers.google.com/analytics/devguides/collection/protocol/ga4/sending-events (limitations) and
…/validating-events. As the real one it answers 204 to anything at `/mp/collect`, and keeps only what is good.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from swapboard.clock import Millis
from swapboard.conversions.destinations.base import Answer, Request

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_RESERVED = ("ga_", "google_", "firebase_")
_HOURS_72_MICROS = 72 * 3_600_000_000


@dataclass
class Analytics:
    """One property."""

    measurement_id: str
    api_secret: str
    now: Millis
    kept: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: Request) -> Answer:
        parts = urlsplit(request.url)
        query = parse_qs(parts.query)
        faults = self._faults(request.body)
        if parts.path == "/debug/mp/collect":
            told = [{"description": each, "validationCode": "VALUE_INVALID", "fieldPath": ""} for each in faults]
            return Answer(200, {}, json.dumps({"validationMessages": told}).encode())
        assert parts.path == "/mp/collect", parts.path
        is_ours = query == {"measurement_id": [self.measurement_id], "api_secret": [self.api_secret]}
        if is_ours and not faults:
            self.kept.append(json.loads(request.body))
        return Answer(204, {}, b"")

    def _faults(self, body: bytes) -> list[str]:
        told = json.loads(body)
        faults = []
        if len(body) > 130_000:
            faults.append("The body is too large.")
        if not re.fullmatch(r"\d+\.\d+", told.get("client_id", "")):
            faults.append("client_id is missing or malformed.")
        stamp = told.get("timestamp_micros")
        if stamp is not None and not 0 <= self.now * 1000 - stamp <= _HOURS_72_MICROS:
            faults.append("timestamp_micros is out of the last 72 hours.")
        events = told.get("events", [])
        if not 1 <= len(events) <= 25:
            faults.append("There must be 1 to 25 events.")
        for event in events:
            faults += _event_faults(event)
        return faults


def _event_faults(event: dict[str, Any]) -> list[str]:
    faults = []
    if not _NAME.fullmatch(event.get("name", "")) or event["name"].startswith(_RESERVED):
        faults.append(f"The name {event.get('name')!r} is not allowed.")
    params = event.get("params", {})
    if len(params) > 25:
        faults.append("An event has more than 25 parameters.")
    for name, value in params.items():
        if not _NAME.fullmatch(name) or name.startswith(_RESERVED):
            faults.append(f"The parameter {name!r} is not allowed.")
        if not isinstance(value, str | int | float) or len(str(value)) > 100:
            faults.append(f"The value of {name!r} is not allowed.")
    if "value" in params and not re.fullmatch(r"[A-Z]{3}", params.get("currency", "")):
        faults.append("A value needs a currency.")
    if "session_id" in params and not str(params["session_id"]).isdigit():
        faults.append("session_id is not a number.")
    return faults
