"""A stand-in for api.telnyx.com on the loopback that keeps Telnyx's published rules rather than saying yes.

Which fields a request may have, and must have: the request types of the official client (PyPI `telnyx` 4.189, made
from Telnyx's OpenAPI): NumberOrderCreateParams, PhoneNumberUpdateParams, TexmlApplicationUpdateParams,
AvailablePhoneNumberListParams, PhoneNumberListParams, texml.accounts.CallRetrieveCallsParams. The answers are its
response types' fields; errors: https://developers.telnyx.com/development/api-fundamentals/api-errors.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

API_KEY = "KEY0123"
ACCOUNT_SID = "cb6cfbbc-eb00-41af-a3f3-0d7b32009e4b"
APPLICATION_ID = "1234567890"
RECORDING = "35094891-3290-4142-b2c2-b2eda57534cf"
AUDIO = bytes(range(256)) * 4

SEARCH = {
    f"filter[{name}]"
    for name in (
        "administrative_area",
        "best_effort",
        "country_code",
        "exclude_held_numbers",
        "features",
        "limit",
        "locality",
        "national_destination_code",
        "phone_number_type",
        "quickship",
        "rate_center",
        "reservable",
    )
}
LIST_CALLS = {
    *(f"{name}{sign}" for name in ("EndTime", "StartTime") for sign in ("", "<", ">")),
    *("From", "Page", "PageSize", "PageToken", "Status", "To"),
}
ORDER = {"billing_group_id", "connection_id", "customer_reference", "messaging_profile_id", "phone_numbers"}
UPDATE_NUMBER = {
    *("address_id", "billing_group_id", "connection_id", "customer_reference"),
    *("external_pin", "hd_voice_enabled", "tags"),
}
UPDATE_APPLICATION = {
    *("friendly_name", "voice_url", "active", "anchorsite_override", "call_cost_in_webhooks", "dtmf_type"),
    *("first_command_timeout", "first_command_timeout_secs", "inbound", "outbound", "status_callback"),
    *("status_callback_method", "tags", "voice_fallback_url", "voice_method"),
}


class Refusal(Exception):
    """Telnyx's own error."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.body = {"errors": [{"code": "10000", "title": title, "detail": detail}]}


@dataclass
class Api:
    """What the stand-in knows, and what it was asked."""

    url: str = ""
    for_sale: list[str] = field(default_factory=lambda: ["+12025550130", "+12025550131", "+12125550199"])
    owned: dict[str, dict[str, Any]] = field(default_factory=dict)
    application: dict[str, Any] = field(
        default_factory=lambda: {
            "id": APPLICATION_ID,
            "record_type": "texml_application",
            "friendly_name": "Calls",
            "voice_url": "https://elsewhere.example.com",
            "inbound": {"channel_limit": 10, "shaken_stir_enabled": False},
        }
    )
    calls: list[dict[str, Any]] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    failures: dict[str, list[int]] = field(default_factory=dict)
    """By method, the statuses that the next requests get; a negative one once the work is done."""
    kept: set[str] = field(default_factory=lambda: {RECORDING})
    recorded_as: str = "wav"
    status_of_new: str = "active"
    is_slow: bool = False
    """Orders stay under way."""


class Handler(BaseHTTPRequestHandler):
    """One request."""

    api: Api

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        address = urlsplit(self.path)
        self.api.asked[f"{self.command} {address.path}"] += 1
        failing = self.api.failures.get(self.command, [])
        failure = failing.pop(0) if failing else 0
        if failure > 0:
            self._send(failure, {"errors": [{"code": "10007", "title": "Try again", "detail": "Busy."}]})
            return
        try:
            status, document = self._route(address.path, dict(parse_qsl(address.query)))
        except Refusal as refusal:
            status, document = refusal.status, refusal.body
        self._send(-failure or status, document)

    def _send(self, status: int, document: Any) -> None:
        is_audio = isinstance(document, bytes)
        body = b"" if status == 204 else document if is_audio else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "audio/wav" if is_audio else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _route(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        if path.startswith("/stored/"):
            assert "Authorization" not in self.headers, "the store is not Telnyx's own"
            return 200, AUDIO
        if self.headers.get("Authorization") != f"Bearer {API_KEY}":
            raise Refusal(401, "Authentication failed", "The API key looks malformed.")
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        for pattern, method, answer in ROUTES:
            found = re.fullmatch(pattern, path)
            if found and method == self.command:
                answered: tuple[int, Any] = answer(self, query, body, *found.groups())
                return answered
        raise Refusal(404, "Resource not found", f"There is no {self.command} {path}.")

    def _search(self, query: dict[str, str], _body: Any) -> tuple[int, Any]:
        _only(query, SEARCH)
        code = query.get("filter[national_destination_code]", "")
        found = [number for number in self.api.for_sale if number[2:].startswith(code)]
        return 200, {"data": [_offer(number) for number in found[: int(query["filter[limit]"])]], "meta": {}}

    def _order(self, _query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
        _only(body, ORDER)
        numbers = [each["phone_number"] for each in body["phone_numbers"]]
        for number in numbers:
            if number not in self.api.for_sale:
                raise Refusal(422, "Number not available", f"{number} cannot be ordered.")
            self.api.for_sale.remove(number)
            if not self.api.is_slow:
                ref = str(1_000 + len(self.api.owned))
                self.api.owned[ref] = {
                    "id": ref,
                    "record_type": "phone_number",
                    "phone_number": number,
                    "status": self.api.status_of_new,
                    "connection_id": body["connection_id"],
                }
        status = "pending" if self.api.is_slow else "success"
        ordered = [{"id": "n1", "phone_number": number, "status": status} for number in numbers]
        return 200, {"data": {"id": "o1", "status": status, "phone_numbers": ordered}}

    def _numbers(self, query: dict[str, str], _body: Any) -> tuple[int, Any]:
        _only(query, {"filter[phone_number]", "page[number]", "page[size]"})
        wanted = query["filter[phone_number]"].lstrip("+")
        return 200, {"data": [each for each in self.api.owned.values() if wanted in each["phone_number"]]}

    def _change_number(self, _query: dict[str, str], body: dict[str, Any], ref: str) -> tuple[int, Any]:
        _only(body, UPDATE_NUMBER)
        self._known(ref).update(body)
        return 200, {"data": self.api.owned[ref]}

    def _release(self, _query: dict[str, str], _body: Any, ref: str) -> tuple[int, Any]:
        gone = self._known(ref)
        del self.api.owned[ref]
        return 200, {"data": gone}

    def _application(self, _query: dict[str, str], _body: Any, ref: str) -> tuple[int, Any]:
        if ref != APPLICATION_ID:
            raise Refusal(404, "Resource not found", f"There is no TeXML application {ref}.")
        return 200, {"data": self.api.application}

    def _change_application(self, _query: dict[str, str], body: dict[str, Any], _ref: str) -> tuple[int, Any]:
        _only(body, UPDATE_APPLICATION)
        for name in ("friendly_name", "voice_url"):
            if name not in body:
                raise Refusal(422, "Missing required parameter", f"{name} is required.")
        for name in ("voice_method", "status_callback_method"):
            if body.get(name, "post") not in {"get", "post"}:
                raise Refusal(422, "Invalid value", f"{name} is get or post.")
        self.api.application.update(body)
        return 200, {"data": self.api.application}

    def _calls(self, query: dict[str, str], _body: Any, account_sid: str) -> tuple[int, Any]:
        _only(query, LIST_CALLS)
        page, size = int(query.get("Page", 0)), 2
        after = datetime.strptime(query["StartTime>"], "%Y-%m-%d").replace(tzinfo=UTC)
        found = [
            each for each in self.api.calls if parsedate_to_datetime(each["start_time"]).date() > after.date()
        ]
        more = f"/v2/texml/Accounts/{account_sid}/Calls?Page={page + 1}&StartTime%3E={after:%Y-%m-%d}"
        return 200, {
            "calls": found[page * size : (page + 1) * size],
            "next_page_uri": more if (page + 1) * size < len(found) else None,
            "page": page,
        }

    def _recording(self, _query: dict[str, str], _body: Any, ref: str) -> tuple[int, Any]:
        if ref != RECORDING:
            raise Refusal(404, "Resource not found", "There is no such recording.")
        host = self.api.url.removesuffix("/v2/")
        links = (
            {self.api.recorded_as: f"{host}/stored/recording.{self.api.recorded_as}"}
            if ref in self.api.kept
            else {}
        )
        return 200, {"data": {"id": ref, "record_type": "recording", "download_urls": links}}

    def _delete_recording(self, _query: dict[str, str], _body: Any, ref: str) -> tuple[int, Any]:
        if ref not in self.api.kept:
            raise Refusal(404, "Resource not found", "There is no such recording.")
        self.api.kept.remove(ref)
        return 204, {}

    def _known(self, ref: str) -> dict[str, Any]:
        if ref not in self.api.owned:
            raise Refusal(404, "Resource not found", "The requested resource or URL could not be found.")
        return self.api.owned[ref]


ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("/v2/available_phone_numbers", "GET", Handler._search),
    ("/v2/number_orders", "POST", Handler._order),
    ("/v2/phone_numbers", "GET", Handler._numbers),
    ("/v2/phone_numbers/([^/]+)", "PATCH", Handler._change_number),
    ("/v2/phone_numbers/([^/]+)", "DELETE", Handler._release),
    ("/v2/texml_applications/([^/]+)", "GET", Handler._application),
    ("/v2/texml_applications/([^/]+)", "PATCH", Handler._change_application),
    (f"/v2/texml/Accounts/({ACCOUNT_SID})/Calls", "GET", Handler._calls),
    ("/v2/recordings/([^/]+)", "GET", Handler._recording),
    (f"/v2/texml/Accounts/{ACCOUNT_SID}/Recordings/([^/]+).json", "DELETE", Handler._delete_recording),
)


def _only(given: dict[str, Any], known: set[str]) -> None:
    if not set(given) <= known:
        raise Refusal(422, "Unknown parameter", f"Unknown: {sorted(set(given) - known)}")


def _offer(number: str) -> dict[str, Any]:
    return {
        "record_type": "available_phone_number",
        "phone_number": number,
        "region_information": [
            {"region_type": "country_code", "region_name": "US"},
            {"region_type": "rate_center", "region_name": "WASHINGTON"},
            {"region_type": "state", "region_name": "DC"},
        ],
    }
