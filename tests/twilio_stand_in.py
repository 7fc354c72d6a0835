"""A stand-in for api.twilio.com on the loopback that keeps Twilio's documented rules rather than saying yes.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource, .../availablephonenumberlocal-resource,
https://www.twilio.com/docs/voice/api/call-resource, https://www.twilio.com/docs/usage/twilios-response
"""

import base64
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import stamina

from tests.local_server import answering

SID = "AC" + "a" * 32
TOKEN = "b" * 32
AUDIO = bytes(range(256)) * 8

NUMBER_FIELDS = {
    "PhoneNumber", "VoiceUrl", "VoiceMethod", "VoiceFallbackUrl", "VoiceFallbackMethod", "StatusCallback",
    "StatusCallbackMethod", "VoiceApplicationSid", "TrunkSid", "SmsUrl", "SmsMethod",
}  # fmt: skip


class Refusal(Exception):
    """Twilio's own error: an HTTP status, a code of its own, words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }


@dataclass
class Twilio:
    """What the stand-in knows, and what it was asked."""

    url: str = ""
    for_sale: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    needs_address: set[str] = field(default_factory=set)
    """Numbers that are offered, and sold to nobody without an address that the regulator asks for."""
    owned: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    recordings: dict[str, bytes] = field(default_factory=dict)
    texts: list[dict[str, str]] = field(default_factory=list)
    stopped: set[str] = field(default_factory=set)
    """Who wrote STOP, as Twilio keeps it."""
    recorded_now: dict[str, str] = field(default_factory=dict)
    """The state of what is being recorded, by call."""
    asked: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    """How the next requests with this method fail: a status, `drop`, `html`; `after-` once they are done."""
    calls_a_page: int = 2

    def fail(self, method: str, *ways: str) -> None:
        self.failures += [(method, way) for way in ways]

    def next_failure(self, method: str) -> str:
        for index, (failing, way) in enumerate(self.failures):
            if failing == method:
                del self.failures[index]
                return way
        return ""


class _Handler(BaseHTTPRequestHandler):
    twilio: Twilio

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        given = dict(parse_qsl(body if method == "POST" else address.query, keep_blank_values=True))
        self.twilio.asked[f"{method} {address.path.rpartition(SID)[2]}"] += 1
        failure = self.twilio.next_failure(method)
        if failure and not failure.startswith("after-"):
            self._fail(failure)
            return
        try:
            self._authenticate()
            status, document = self._route(method, address.path, given)
        except Refusal as refusal:
            status, document = refusal.status, refusal.body
        if failure:
            self._fail(failure.removeprefix("after-"))
        else:
            self._send(status, document)

    def _fail(self, way: str) -> None:
        if way == "drop":
            self.close_connection = True
            self.connection.close()
        elif way == "html":
            self._write(200, b"<html>Bad gateway</html>", "text/html")
        elif way == "plain-500":
            self._write(500, b"oops", "text/plain")
        else:
            self._send(int(way), {"code": 20_000 + int(way), "message": "Try again", "status": int(way)})

    def _send(self, status: int, document: Any) -> None:
        if isinstance(document, bytes):
            self._write(status, document, "audio/mpeg")
        elif isinstance(document, str):
            self.send_response(status)
            self.send_header("Location", document)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._write(status, b"" if document is None else json.dumps(document).encode(), "application/json")

    def _write(self, status: int, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _authenticate(self) -> None:
        expected = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            raise Refusal(401, 20003, "Authenticate")

    def _route(self, method: str, path: str, given: dict[str, str]) -> tuple[int, Any]:
        base = f"/2010-04-01/Accounts/{SID}/"
        if path.startswith("/media/"):
            return 200, self.twilio.recordings[path.removeprefix("/media/")]
        if not path.startswith(base):
            raise Refusal(404, 20404, f"The requested resource {path} was not found")
        resource, _, rest = path.removeprefix(base).removesuffix(".json").partition("/")
        answer = getattr(self, f"_{method}_{resource}{'_one' if rest else ''}".lower(), None)
        if answer is None:
            raise Refusal(405, 20004, f"Method {method} not allowed")
        status, document = answer(rest, given) if rest else answer(given)
        return status, document

    def _get_availablephonenumbers_one(self, rest: str, given: dict[str, str]) -> tuple[int, Any]:
        country, _, kind = rest.partition("/")
        if kind != "Local" or country not in self.twilio.for_sale:
            raise Refusal(404, 20404, f"The requested resource /{country}/Local.json was not found")
        self._only(given, {"AreaCode", "Contains", "VoiceEnabled", "PageSize"})
        found = self.twilio.for_sale[country]
        if "AreaCode" in given:
            if country not in {"US", "CA"} or len(given["AreaCode"]) != 3 or not given["AreaCode"].isdigit():
                raise Refusal(400, 21451, f"Invalid Area Code: {given['AreaCode']}")
            found = [each for each in found if each["phone_number"][2:5] == given["AreaCode"]]
        if "Contains" in given:
            pattern = given["Contains"]
            if len(pattern.strip("+*%$")) < 2:
                raise Refusal(400, 21452, f"Invalid pattern: {pattern}")
            found = [each for each in found if each["phone_number"].startswith(pattern)]
        return 200, {"available_phone_numbers": found[: self._page_size(given)], "uri": "/…"}

    def _get_incomingphonenumbers(self, given: dict[str, str]) -> tuple[int, Any]:
        self._only(given, {"PhoneNumber", "PageSize"})
        wanted = given.get("PhoneNumber", "")
        found = [each for each in self.twilio.owned.values() if wanted in each["phone_number"]]
        return 200, {"incoming_phone_numbers": found[: self._page_size(given)], "next_page_uri": None, "page": 0}

    def _post_incomingphonenumbers(self, given: dict[str, str]) -> tuple[int, Any]:
        number = given.get("PhoneNumber", "")
        if not number:
            raise Refusal(400, 21452, "PhoneNumber or AreaCode is required")
        if not (number.startswith("+") and number[1:].isdigit()):
            raise Refusal(400, 21421, f"{number} is not a valid number")
        if number in self.twilio.needs_address:
            # https://www.twilio.com/docs/api/errors/21631
            raise Refusal(400, 21631, "Phone Number Requires an Address but the 'AddressSid' parameter was empty.")
        for numbers in self.twilio.for_sale.values():
            for each in numbers:
                if each["phone_number"] == number:
                    numbers.remove(each)
                    sid = f"PN{len(self.twilio.owned):032x}"
                    self.twilio.owned[sid] = {"sid": sid, "phone_number": number}
                    return 201, self._update(sid, given)
        raise Refusal(400, 21422, f"{number} is not available")

    def _post_incomingphonenumbers_one(self, sid: str, given: dict[str, str]) -> tuple[int, Any]:
        return 200, self._update(self._known(sid), given)

    def _delete_incomingphonenumbers_one(self, sid: str, _given: dict[str, str]) -> tuple[int, Any]:
        del self.twilio.owned[self._known(sid)]
        return 204, None

    def _delete_recordings_one(self, ref: str, _given: dict[str, str]) -> tuple[int, Any]:
        if ref not in self.twilio.recordings:
            raise Refusal(404, 20404, f"The requested resource {ref} was not found")
        del self.twilio.recordings[ref]
        return 204, None

    def _post_calls_one(self, rest: str, given: dict[str, str]) -> tuple[int, Any]:
        """A call's current recording: paused or resumed, each only when it is not so already."""
        sid, _, current = rest.partition("/Recordings/")
        self._only(given, {"Status", "PauseBehavior"})
        if current != "Twilio.CURRENT" or sid not in self.twilio.recorded_now:
            raise Refusal(404, 20404, "The requested resource was not found")
        if given["Status"] not in {"paused", "in-progress"} or given["Status"] == self.twilio.recorded_now[sid]:
            raise Refusal(400, 21220, "Invalid recording state")
        self.twilio.recorded_now[sid] = given["Status"]
        return 200, {"sid": "RE" + "e" * 32, "status": given["Status"]}

    def _get_recordings_one(self, name: str, _given: dict[str, str]) -> tuple[int, Any]:
        ref = name.removesuffix(".wav")
        if ref not in self.twilio.recordings:
            raise Refusal(404, 20404, f"The requested resource {name} was not found")
        return 307, f"{self.twilio.url}/media/{ref}"

    def _update(self, sid: str, given: dict[str, str]) -> dict[str, Any]:
        self._only(given, NUMBER_FIELDS)
        for name, value in given.items():
            if name.endswith(("Url", "StatusCallback")) and not value.startswith(("http://", "https://")):
                raise Refusal(400, 21402, f"{name} is not valid: {value}")
            if name.endswith("Method") and value not in {"GET", "POST"}:
                raise Refusal(400, 21403, f"{name} is not valid: {value}")
        self.twilio.owned[sid] |= {"given": {**self.twilio.owned[sid].get("given", {}), **given}}
        if "VoiceUrl" in given:
            self.twilio.owned[sid] |= {
                "voice_url": given["VoiceUrl"],
                "voice_application_sid": None,
                "trunk_sid": None,
            }
        return self.twilio.owned[sid]

    def _post_messages(self, given: dict[str, str]) -> tuple[int, Any]:
        """https://www.twilio.com/docs/messaging/api/message-resource: what it needs, what it refuses."""
        self._only(given, {"From", "To", "Body"})
        if not given.get("Body") or len(given["Body"]) > 1600:
            raise Refusal(400, 21602, "Message body is required.")
        for name in ("From", "To"):
            if not (given.get(name, "").startswith("+") and given[name][1:].isdigit()):
                raise Refusal(400, 21211, f"Invalid '{name}' Phone Number: {given.get(name)}")
        if given["To"] in self.twilio.stopped:
            raise Refusal(400, 21610, "Attempt to send to unsubscribed recipient")
        self.twilio.texts.append(given)
        return 201, {"sid": f"SM{len(self.twilio.texts):032x}", "status": "queued"}

    def _get_calls(self, given: dict[str, str]) -> tuple[int, Any]:
        self._only(given, {"StartTime>", "PageSize", "Page", "PageToken"})
        found = self.twilio.calls
        if "StartTime>" in given:
            after = datetime.strptime(given["StartTime>"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            found = [each for each in found if parsedate_to_datetime(each["start_time"]) >= after]
        size, page = min(self._page_size(given), self.twilio.calls_a_page), int(given.get("Page", 0))
        more = (page + 1) * size < len(found)
        path = f"/2010-04-01/Accounts/{SID}/Calls.json"
        following = f"{path}?{urlencode({**given, 'Page': page + 1, 'PageToken': f'PA{page}'})}" if more else None
        return 200, {"calls": found[page * size : (page + 1) * size], "next_page_uri": following, "page": page}

    def _page_size(self, given: dict[str, str]) -> int:
        size = int(given.get("PageSize", 50))
        if not 1 <= size <= 1000:
            raise Refusal(400, 20001, "Page size must be between 1 and 1000")
        return size

    def _only(self, given: dict[str, str], known: set[str]) -> None:
        if not set(given) <= known:
            raise Refusal(400, 20001, f"Unknown parameters: {sorted(set(given) - known)}")

    def _known(self, sid: str) -> str:
        if sid not in self.twilio.owned:
            raise Refusal(404, 20404, f"The requested resource {sid} was not found")
        return sid


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    """A fresh stand-in with some numbers for sale; what is tried again is tried at once."""
    known = Twilio()
    known.for_sale = {
        "US": [
            {"phone_number": f"+1202555{last:04d}", "locality": "Washington", "region": "DC"}
            for last in range(130, 140)
        ]
        + [{"phone_number": "+12125550199", "locality": "New York", "region": "NY"}],
        "GB": [
            {"phone_number": "+442079460123", "locality": "", "region": ""},
            {"phone_number": "+441134960001", "locality": "Leeds", "region": ""},
        ],
    }
    known.recordings["RE" + "c" * 32] = AUDIO
    handler = type("Handler", (_Handler,), {"twilio": known})
    with answering(handler) as server, stamina.set_testing(True, attempts=3):
        known.url = f"http://127.0.0.1:{server.server_port}"
        yield known
