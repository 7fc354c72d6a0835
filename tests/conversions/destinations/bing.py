"""A stand-in for Microsoft Advertising's Campaign Management API (REST, v13) that holds its documented rules.

The fields and their types are those of the service's WSDL in the official package bingads 13.0.30.1; the rules of
https://learn.microsoft.com/en-us/advertising/campaign-management-service/offlineconversion and
…/offlineconversionadjustment. What these do not name is refused.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from swapboard.clock import DAY, Millis, from_iso
from swapboard.conversions.destinations.request import Answer, Request

_FOUND_BY = {
    "ConversionName": str,
    "ConversionTime": str,
    "MicrosoftClickId": str,
    "HashedEmailAddress": str,
    "HashedPhoneNumber": str,
}
_CONVERSION = _FOUND_BY | {"ConversionCurrencyCode": str, "ConversionValue": float}
_ADJUSTMENT = _FOUND_BY | {
    "AdjustmentCurrencyCode": str,
    "AdjustmentTime": str,
    "AdjustmentType": str,
    "AdjustmentValue": float,
}
_HASH = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_PATH = "/CampaignManagement/v13"


@dataclass
class Bing:
    """One account; `kept` is what it counts, by click or person, goal and time, with its worth."""

    now: Millis
    goals: tuple[str, ...] = ("Phone call",)
    unknown_clicks: set[str] = field(default_factory=set)
    kept: dict[tuple[str, str, str], float | None] = field(default_factory=dict)
    requests: list[tuple[str, int]] = field(default_factory=list)
    fault: tuple[int, int, str] | None = None
    """(HTTP status, code, name): what the next call is answered."""

    def __call__(self, request: Request) -> Answer:
        parts = urlsplit(request.url)
        if parts.path.endswith("/token"):
            return self._token(request)
        return self._refusal(request) or self._answer(parts.path.removeprefix(_PATH), json.loads(request.body))

    def _refusal(self, request: Request) -> Answer | None:
        if self.fault:
            return _fault(*self.fault)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if headers.get("developertoken") != "DEV" or headers.get("authorization") != "Bearer EwB.access":
            return _fault(401, 105, "InvalidCredentials")
        if (headers.get("customerid"), headers.get("customeraccountid")) != ("111", "222"):
            return _fault(403, 106, "UserIsNotAuthorized")
        return None if request.method == "POST" else Answer(405, {}, b"")

    def _answer(self, path: str, told: dict[str, Any]) -> Answer:
        match path:
            case "/ConversionGoals/QueryByIds":
                assert set(told) <= {"ConversionGoalIds", "ConversionGoalTypes", "ReturnAdditionalFields"}
                goals = [{"Name": goal, "Type": "OfflineConversion"} for goal in self.goals]
                return Answer(200, {}, json.dumps({"ConversionGoals": goals, "PartialErrors": []}).encode())
            case "/OfflineConversions/Apply":
                return self._apply(told, "OfflineConversions", self._conversion)
            case "/OfflineConversionAdjustments/Apply":
                return self._apply(told, "OfflineConversionAdjustments", self._adjustment)
        return Answer(404, {}, b"")

    def _token(self, request: Request) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if asked.get("refresh_token") != "M.refresh" or "msads.manage" not in asked.get("scope", ""):
            told = {"error": "invalid_grant", "error_description": "AADSTS70000: The grant is expired."}
            return Answer(400, {}, json.dumps(told).encode())
        return Answer(200, {}, json.dumps({"access_token": "EwB.access", "expires_in": 3599}).encode())

    def _apply(self, told: dict[str, Any], name: str, take: Any) -> Answer:
        if set(told) != {name}:
            return _fault(400, 100, "NullRequest")
        rows = told[name]
        self.requests.append((name, len(rows)))
        if not 1 <= len(rows) <= 1_000:
            return _fault(400, 4402, f"{name}ArrayExceedsLimit")
        errors = [
            {
                "Index": place,
                "Code": 5600,
                "ErrorCode": why,
                "Message": "It was not applied.",
                "Type": "BatchError",
            }
            for place, row in enumerate(rows)
            if (why := take(row))
        ]
        return Answer(200, {}, json.dumps({"PartialErrors": errors}).encode())

    def _conversion(self, row: dict[str, Any]) -> str | None:
        if why := self._fault_of(row, _CONVERSION):
            return why
        if "ConversionValue" in row and not re.fullmatch("[A-Z]{3}", row.get("ConversionCurrencyCode", "")):
            return "CurrencyCodeInvalid"
        self.kept.setdefault(_key(row), row.get("ConversionValue"))
        return None

    def _adjustment(self, row: dict[str, Any]) -> str | None:
        if why := self._fault_of(row, _ADJUSTMENT):
            return why
        when = row.get("AdjustmentTime", "")
        if not _TIME.fullmatch(when) or from_iso(when) < from_iso(row["ConversionTime"]):
            return "AdjustmentTimeInvalid"
        match row.get("AdjustmentType"):
            case "Retract":
                if "AdjustmentValue" in row:
                    return "AdjustmentValueNotAllowed"
                self.kept.pop(_key(row), None)
            case "Restate":
                if "AdjustmentValue" not in row or "AdjustmentCurrencyCode" not in row:
                    return "AdjustmentValueRequired"
                if _key(row) in self.kept:
                    self.kept[_key(row)] = row["AdjustmentValue"]
            case _:
                return "AdjustmentTypeInvalid"
        return None

    def _fault_of(self, row: dict[str, Any], types: dict[str, type]) -> str | None:
        person = [row[name] for name in ("HashedEmailAddress", "HashedPhoneNumber") if name in row]
        wrong = {
            "UnknownField": not set(row) <= set(types),
            "InvalidType": not all(isinstance(row[name], (types[name], int)) for name in set(row) & set(types)),
            "ConversionNameInvalid": row.get("ConversionName") not in self.goals,
            "ConversionTimeInvalid": not _TIME.fullmatch(row.get("ConversionTime", "")),
            "MicrosoftClickIdRequired": not row.get("MicrosoftClickId") and not person,
            "MicrosoftClickIdInvalid": row.get("MicrosoftClickId") in self.unknown_clicks,
            "HashInvalid": not all(map(_HASH.fullmatch, person)),
        }
        if why := next((why for why, is_so in wrong.items() if is_so), None):
            return why
        age = self.now - from_iso(row["ConversionTime"])
        return None if 0 <= age <= 90 * DAY else "ConversionTimeOutOfRange"


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    found_by = row.get("MicrosoftClickId") or row.get("HashedPhoneNumber") or row["HashedEmailAddress"]
    return found_by, row["ConversionName"], row["ConversionTime"]


def _fault(status: int, code: int, name: str) -> Answer:
    error = {"Code": code, "ErrorCode": name, "Message": "The call failed.", "Details": None}
    return Answer(status, {}, json.dumps({"TrackingId": "t", "OperationErrors": [error]}).encode())
