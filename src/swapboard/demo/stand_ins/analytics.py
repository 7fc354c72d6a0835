"""A stand-in for Google Analytics' Measurement Protocol that holds its documented limits.

https://developers.google.com/analytics/devguides/collection/protocol/ga4/sending-events (limitations) and
…/validating-events. As the real one it answers 204 to anything at `/mp/collect`, and keeps only what is good.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json

from swapboard.clock import HOUR, Millis
from swapboard.conversions.destinations.request import Answer, Request

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_RESERVED = ("ga_", "google_", "firebase_")
_GOOGLES_OWN = frozenset(
    (
        *("ad_click", "ad_exposure", "app_remove", "app_update", "error", "first_open", "first_visit"),
        *("in_app_purchase", "os_update", "session_start", "user_engagement"),
    )
)
_OLDEST_MICROS = 72 * HOUR * 1000
_NOT_OURS = "The measurement ID or the API secret is not this property's."


class _Event(BaseModel):
    name: str = ""
    params: dict[str, object] = {}


class _Told(BaseModel):
    client_id: str = ""
    timestamp_micros: int | None = None
    events: list[_Event] = []


@dataclass
class Analytics:
    """One property."""

    measurement_id: str
    api_secret: str
    clock: Callable[[], Millis]
    kept: list[dict[str, object]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    """Why it did not keep something, which the real one tells nobody."""

    def __call__(self, request: Request) -> Answer:
        parts = urlsplit(request.url)
        faults = self._faults(request.body)
        match parts.path:
            case "/debug/mp/collect":
                told = [
                    {"description": each, "validationCode": "VALUE_INVALID", "fieldPath": ""} for each in faults
                ]
                return Answer(200, {}, to_json({"validationMessages": told}))
            case "/mp/collect":
                self._collect(parse_qs(parts.query), request.body, faults)
                return Answer(204, {}, b"")
        return Answer(404, {}, b"")

    def _collect(self, query: dict[str, list[str]], body: bytes, faults: list[str]) -> None:
        if query != {"measurement_id": [self.measurement_id], "api_secret": [self.api_secret]}:
            faults = [_NOT_OURS, *faults]
        if faults:
            self.dropped.append(" ".join(faults))
        else:
            self.kept.append(from_json(body))

    def _faults(self, body: bytes) -> list[str]:
        try:
            told = _Told.model_validate_json(body)
        except ValidationError:
            return ["The body cannot be read."]
        stamp = told.timestamp_micros
        wrong = {
            "The body is too large.": len(body) > 130_000,
            "client_id is missing or malformed.": not re.fullmatch(r"\d+\.\d+", told.client_id),
            "timestamp_micros is out of the last 72 hours.": stamp is not None
            and not 0 <= self.clock() * 1000 - stamp <= _OLDEST_MICROS,
            "There must be 1 to 25 events.": not 1 <= len(told.events) <= 25,
        }
        faults = [words for words, is_so in wrong.items() if is_so]
        return faults + [fault for event in told.events for fault in _event_faults(event)]


def _event_faults(event: _Event) -> list[str]:
    params = event.params
    is_allowed = _is_name(event.name) and event.name not in _GOOGLES_OWN
    faults = [] if is_allowed else [f"The name {event.name!r} is not allowed."]
    if len(params) > 25:
        faults.append("An event has more than 25 parameters.")
    for name, value in params.items():
        if not _is_name(name):
            faults.append(f"The parameter {name!r} is not allowed.")
        if not isinstance(value, str | int | float) or len(str(value)) > 100:
            faults.append(f"The value of {name!r} is not allowed.")
    if "value" in params and not re.fullmatch(r"[A-Z]{3}", str(params.get("currency", ""))):
        faults.append("A value needs a currency.")
    if not str(params.get("session_id", "0")).isdigit():
        faults.append("session_id is not a number.")
    return faults


def _is_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and not name.startswith(_RESERVED)
