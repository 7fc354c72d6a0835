"""Stand-ins for Plausible, PostHog and Matomo that hold their documented rules; what these do not name is refused.

https://plausible.io/docs/events-api, https://posthog.com/docs/api/capture,
https://developer.matomo.org/api-reference/tracking-api.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from swapboard.clock import DAY, HOUR, SECOND, Millis, from_iso
from swapboard.conversions.destinations.request import Answer, Request
from tests.local_server import answering


def _json(status: int, told: object, **headers: str) -> Answer:
    return Answer(status, headers, json.dumps(told).encode())


@dataclass
class PlausibleSite:
    """One site; 202 to all that has the right shape, also to what is dropped."""

    domain: str = "example.com"
    kept: list[dict[str, Any]] = field(default_factory=list)
    visitors: set[tuple[str, IPv4Address | IPv6Address]] = field(default_factory=set)
    """By browser and address: it knows nothing else of them."""

    def __call__(self, request: Request) -> Answer:
        assert (request.method, urlsplit(request.url).path) == ("POST", "/api/event")
        told = json.loads(request.body)
        if faults := self._faults(told):
            return _json(400, {"errors": faults})
        user_agent = request.headers.get("User-Agent", "")
        if told["domain"] != self.domain or not user_agent or "bot" in user_agent.lower():
            return Answer(202, {"x-plausible-dropped": "1"}, b"ok")
        self.kept.append(told)
        self.visitors.add((user_agent, ip_address(request.headers.get("X-Forwarded-For", "203.0.113.7"))))
        return Answer(202, {}, b"ok")

    def _faults(self, told: dict[str, Any]) -> dict[str, list[str]]:
        props, revenue = told.get("props", {}), told.get("revenue")
        wrong = {
            "body": not set(told) <= {"name", "domain", "url", "referrer", "props", "revenue", "interactive"},
            "event_name": not 1 <= len(told.get("name", "")) <= 120,
            "domain": not told.get("domain"),
            "url": not re.match("https?://", told.get("url", "")) or len(told["url"].encode()) > 2_000,
            "props": len(props) > 30
            or not all(isinstance(text, str) and len(text.encode()) <= 2_000 for text in props.values()),
            "revenue": revenue is not None
            and not (re.fullmatch("[A-Z]{3}", revenue["currency"]) and float(revenue["amount"]) >= 0),
        }
        return {name: ["is invalid"] for name, is_so in wrong.items() if is_so}


@dataclass
class PostHogProject:
    """One project; the same uuid of the same person at the same time is one event."""

    now: Millis
    key: str = "phc_0123456789abcdef"
    limited: bool = False
    kept: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)

    def __call__(self, request: Request) -> Answer:
        told = json.loads(request.body)
        if self.limited:
            return _json(429, {"detail": "Too many requests."}, **{"retry-after": "7"})
        if told.get("api_key") != self.key:
            return _json(
                401, {"type": "authentication_error", "code": "invalid_api_key", "detail": "API key invalid."}
            )
        match urlsplit(request.url).path:
            case "/flags/":
                return _json(200, {"featureFlags": {}}) if told.get("distinct_id") else _json(400, {})
            case "/batch/":
                return self._batch(told, len(request.body))
        return _json(404, {})

    def _batch(self, told: dict[str, Any], size: int) -> Answer:
        if size > 20_000_000:
            return _json(413, {"detail": "The body is too large."})
        assert set(told) <= {"api_key", "batch", "historical_migration", "sent_at"}
        for event in told["batch"]:
            if why := self._fault(event):
                return _json(400, {"type": "validation_error", "detail": why})
        for event in told["batch"]:
            self.kept[(event["uuid"], event["distinct_id"], event["event"])] = event
        return _json(200, {"status": "Ok"})

    def _fault(self, event: dict[str, Any]) -> str | None:
        wrong = {
            "unknown field": not set(event) <= {"event", "distinct_id", "properties", "timestamp", "uuid"},
            "event is missing": not event.get("event"),
            "distinct_id is missing": not 1 <= len(event.get("distinct_id") or "") <= 200,
            "timestamp": from_iso(event["timestamp"]) > self.now + 23 * HOUR,
            "uuid": str(UUID(event["uuid"])) != event["uuid"],
        }
        return next((why for why, is_so in wrong.items() if is_so), None)


_MATOMO = {
    "idsite",
    "rec",
    "_id",
    "cid",
    "cdt",
    "url",
    "ua",
    "ca",
    "e_c",
    "e_a",
    "e_n",
    "e_v",
    "idgoal",
    "revenue",
    "ping",
}


@dataclass
class MatomoSite:
    """One website with one goal."""

    now: Millis
    site_id: str = "3"
    goal_id: str = "7"
    token: str = "f" * 32
    kept: list[dict[str, str]] = field(default_factory=list)
    visits: dict[str, str] = field(default_factory=dict)
    """The browser of each visitor; who is not named by `cid` may be taken for another with the same one."""
    is_down: bool = False

    def __call__(self, request: Request) -> Answer:
        assert (request.method, urlsplit(request.url).path) == ("POST", "/matomo.php")
        if self.is_down:
            return Answer(503, {}, b"<h1>Maintenance</h1>")
        if request.headers["Content-Type"] != "application/json":
            alone = dict(parse_qsl(request.body.decode()))
            assert alone.pop("send_image") == "0"
            return (
                Answer(204, {}, b"") if self._take(alone, is_known=False) else Answer(400, {}, b"Invalid idsite")
            )
        body = json.loads(request.body)
        is_known = body.get("token_auth") == self.token
        told = [dict(parse_qsl(each.removeprefix("?"))) for each in body["requests"]]
        bad = [place for place, each in enumerate(told) if not self._take(each, is_known=is_known)]
        # plugins/BulkTracking/Tracker/Handler.php of Matomo: super users only are told which.
        return _json(200, {"status": "success", "tracked": len(told) - len(bad), "invalid": len(bad)})

    def _take(self, told: dict[str, str], *, is_known: bool) -> bool:
        age = self.now - SECOND * int(told.get("cdt", self.now // SECOND))
        is_good = (
            set(told) <= _MATOMO
            and (told.get("idsite"), told.get("rec")) == (self.site_id, "1")
            and re.fullmatch("[0-9a-f]{16}", told.get("cid") or told.get("_id", "0" * 16)) is not None
            and (is_known or age <= DAY)
            and told.get("idgoal", self.goal_id) == self.goal_id
            and ("idgoal" in told or "ping" in told or bool(told.get("e_c") and told.get("e_a")))
        )
        if is_good and "ping" not in told:
            self.kept.append(told)
            self._visit(told)
        return is_good

    def _visit(self, told: dict[str, str]) -> None:
        who = told.get("cid") or told["_id"]
        if "cid" in told or told.get("ua") not in self.visits.values():
            self.visits[who] = told.get("ua", "")


@contextmanager
def over_http(project: PostHogProject) -> Iterator[str]:
    """The project on a port of this machine; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = project(
                Request("POST", f"http://{self.headers['Host']}{self.path}", dict(self.headers), body)
            )
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Nothing to the terminal."""

    with answering(Handler) as server:
        yield f"http://127.0.0.1:{server.server_port}"
