"""Stand-ins for TikTok's Events API 2.0 and LinkedIn's Conversions API that hold their documented rules.

https://business-api.tiktok.com/portal/docs?id=1771100865818625,
https://learn.microsoft.com/en-us/linkedin/marketing/integrations/ads-reporting/conversions-api. What these do not
name is refused.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from swapboard.clock import DAY, SECOND, Millis
from swapboard.conversions.destinations.request import Answer, Request

_HASH = re.compile(r"[0-9a-f]{64}")


def _json(status: int, told: object) -> Answer:
    return Answer(status, {}, json.dumps(told).encode())


@dataclass
class TikTokPixel:
    """One pixel; HTTP 200 to everything. `kept` by name and id, `tested` what came with a test code."""

    now: Millis
    code: str = "C4ABCDEFGH"
    token: str = "tok"
    answer_code: int = 0
    """What every call is answered, but for 0."""
    kept: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    tested: list[dict[str, Any]] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)

    def __call__(self, request: Request) -> Answer:
        assert (request.method, urlsplit(request.url).path) == ("POST", "/open_api/v1.3/event/track/")
        if request.headers.get("Access-Token") != self.token:
            return self._said(40105, "Access token is incorrect or has been revoked.")
        if self.answer_code:
            return self._said(self.answer_code, "No.")
        told = json.loads(request.body)
        self.requests.append(len(told["data"]))
        if why := self._fault(told):
            return self._said(40002, why)
        if told.get("test_event_code"):
            self.tested += told["data"]
        else:
            for event in told["data"]:
                self.kept.setdefault((event["event"], event["event_id"]), event)
        return self._said(0, "OK")

    def _said(self, code: int, message: str) -> Answer:
        return _json(200, {"code": code, "message": message, "request_id": "r", "data": {}})

    def _fault(self, told: dict[str, Any]) -> str | None:
        if not set(told) <= {"event_source", "event_source_id", "data", "test_event_code"}:
            return "unknown field"
        if told["event_source"] not in {"web", "offline", "app", "crm"} or told["event_source_id"] != self.code:
            return "event_source_id: not found"
        if not 1 <= len(told["data"]) <= 1_000:
            return "data: between 1 and 1000 events"
        return next(
            (why for event in told["data"] if (why := self._event_fault(event, told["event_source"]))), None
        )

    def _event_fault(self, event: dict[str, Any], source: str) -> str | None:
        person, worth = event.get("user", {}), event.get("properties", {})
        wrong = {
            "unknown field": not set(event) <= {"event", "event_time", "event_id", "user", "properties", "page"},
            "event: required": not event.get("event"),
            "event_time: not valid": not 0 <= self.now // SECOND - event["event_time"] <= 28 * DAY // SECOND,
            "user: empty": not set(person) & {"ttclid", "ttp", "phone", "email", "external_id"},
            "user: not hashed": not all(
                _HASH.fullmatch(person[name]) for name in ("phone", "email", "external_id") if name in person
            ),
            "page.url: required": source == "web" and not event.get("page", {}).get("url"),
            "properties.currency: required": "value" in worth
            and not re.fullmatch("[A-Z]{3}", worth.get("currency", "")),
        }
        return next((why for why, is_so in wrong.items() if is_so), None)


@dataclass
class LinkedInAccount:
    """One ad account with one conversion; `kept` by event id."""

    now: Millis
    account_id: str = "508"
    conversion_id: str = "104012"
    method: str = "CONVERSIONS_API"
    token: str = "AQX"
    oldest_version: str = "202512"
    others: int = 0
    """So many conversions it has beside this one."""
    unknown_clicks: set[str] = field(default_factory=set)
    refuses_all: str = ""
    """How it names the one for which it refuses all, by `{place}`; empty where it answers for each."""
    requests: list[int] = field(default_factory=list)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, request: Request) -> Answer:
        parts = urlsplit(request.url)
        if parts.path == "/oauth/v2/accessToken":
            asked = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
            is_good = asked.get("refresh_token") == "AQV"
            return _json(200, {"access_token": self.token}) if is_good else _json(400, {"error": "invalid_grant"})
        if refusal := self._refusal(request):
            return refusal
        if (request.method, parts.path) == ("GET", "/rest/conversions"):
            return self._conversions(parse_qs(parts.query))
        assert (request.method, parts.path) == ("POST", "/rest/conversionEvents")
        assert request.headers["X-RestLi-Method"] == "BATCH_CREATE"
        events = json.loads(request.body)["elements"]
        if not 1 <= len(events) <= 5_000:
            return _json(400, {"message": "The batch is too large.", "status": 400})
        self.requests.append(len(events))
        strange = [place for place, event in enumerate(events) if not self._knows_all(event)]
        if self.refuses_all and strange:
            message = "".join(self.refuses_all.format(place=place) for place in strange)
            return _json(422, {"message": message, "status": 422})
        return _json(200, {"elements": [self._take(event) for event in events]})

    def _refusal(self, request: Request) -> Answer | None:
        assert request.headers["X-Restli-Protocol-Version"] == "2.0.0"
        if request.headers["LinkedIn-Version"] < self.oldest_version:
            return _json(426, {"message": "Requested version is not active", "status": 426})
        if request.headers["Authorization"] != f"Bearer {self.token}":
            return _json(401, {"message": "Invalid access token", "status": 401, "serviceErrorCode": 65600})
        return None

    def _conversions(self, query: dict[str, list[str]]) -> Answer:
        """A page of them; what is told last is the one."""
        start, count = (int(query.pop(name, [usual])[0]) for name, usual in (("start", "0"), ("count", "10")))
        if query != {"q": ["account"], "account": [f"urn:li:sponsoredAccount:{self.account_id}"]}:
            return _json(403, {"message": "Not enough permissions to access the account", "status": 403})
        rule = {"id": int(self.conversion_id), "name": "Call", "enabled": True, "conversionMethod": self.method}
        others = [rule | {"id": 1 + place} for place in range(self.others)]
        listed = [*others, rule][start : start + count]
        return _json(200, {"elements": listed, "paging": {"start": start, "count": count, "total": -1}})

    def _take(self, event: dict[str, Any]) -> dict[str, object]:
        ids = event.get("user", {}).get("userIds")
        worth = event.get("conversionValue")
        wrong = {
            "unknown field": not set(event)
            <= {"conversion", "conversionHappenedAt", "conversionValue", "eventId", "user"},
            "conversion is unknown": event["conversion"] != f"urn:lla:llaPartnerConversion:{self.conversion_id}",
            "conversionHappenedAt is out of range": not 0 <= self.now - event["conversionHappenedAt"] <= 90 * DAY,
            "user.userIds is required": not ids,
            "userIds are malformed": not self._knows_all(event),
            "amount must be a string": worth is not None and not isinstance(worth["amount"], str),
        }
        if why := next((why for why, is_so in wrong.items() if is_so), None):
            return {"status": 422, "error": {"status": 422, "message": why}}
        self.kept.setdefault(event["eventId"], event)
        return {"status": 201}

    def _knows_all(self, event: dict[str, Any]) -> bool:
        return all(map(self._is_known, event.get("user", {}).get("userIds") or ()))

    def _is_known(self, told: dict[str, str]) -> bool:
        if told["idType"] == "SHA256_EMAIL":
            return _HASH.fullmatch(told["idValue"]) is not None
        return (
            told["idType"] == "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID"
            and told["idValue"] not in self.unknown_clicks
        )
