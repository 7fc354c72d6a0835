"""A stand-in for Microsoft Advertising's Reporting API (REST, v13) that holds its documented rules.

Fields, columns and statuses are those of the service's WSDL in the official package bingads 13.0.30.1; what that
does not name is refused. A report is made a moment after it was ordered; its address is good once, and opens it
alone.
"""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from swapboard.conversions.destinations.request import Answer, Request

_COLUMNS = {
    "CampaignPerformanceReportRequest": "TimePeriod CampaignId CampaignName CurrencyCode Spend Clicks Impressions",
    "KeywordPerformanceReportRequest": "TimePeriod CampaignId CampaignName CurrencyCode Spend Clicks Impressions "
    "AdGroupName AdGroupId Keyword KeywordId",
    "GoalsAndFunnelsReportRequest": "TimePeriod CampaignId CampaignName Goal GoalId GoalType AllConversions",
}
_WANTED = {
    "Type",
    "ReportName",
    "Format",
    "FormatVersion",
    "ExcludeReportHeader",
    "ExcludeReportFooter",
    "ExcludeColumnHeaders",
    "ReturnOnlyCompleteData",
    "Aggregation",
    "Columns",
    "Scope",
    "Time",
}
_PATH = "/Reporting/v13/GenerateReport"
Row = dict[str, str]


@dataclass
class BingReports:
    """One account; `rows` are what its reports say, by their type."""

    url: str = "https://bing.example"
    rows: dict[str, Sequence[Row]] = field(default_factory=dict)
    refresh_token: str = "M.refresh"
    fault: tuple[int, int, str] | None = None
    """(HTTP status, code, name): what the next question is answered."""
    ends: str = "Success"
    spans: list[tuple[date, date]] = field(default_factory=list)
    polls: int = 0
    _ordered: dict[str, bytes | None] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    def __call__(self, request: Request) -> Answer:
        parts = urlsplit(request.url)
        if parts.path == "/token":
            return self._token(request)
        if parts.path.startswith("/made/"):
            return self._fetched(parts.path.removeprefix("/made/"), request)
        if why := self._refusal(request):
            return why
        told = json.loads(request.body)
        match parts.path.removeprefix(_PATH):
            case "/Submit":
                return self._order(told)
            case "/Poll":
                return self._poll(told)
        return Answer(404, {}, b"")

    def _token(self, request: Request) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if asked.get("refresh_token") != self.refresh_token or "msads.manage" not in asked.get("scope", ""):
            return _json(
                400, {"error": "invalid_grant", "error_description": "AADSTS70000: The grant is expired."}
            )
        return _json(200, {"access_token": "EwB.access", "expires_in": 3599})

    def _refusal(self, request: Request) -> Answer | None:
        if self.fault:
            return _fault(*self.fault)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if headers.get("developertoken") != "DEV" or headers.get("authorization") != "Bearer EwB.access":
            return _fault(401, 105, "InvalidCredentials")
        if (headers.get("customerid"), headers.get("customeraccountid")) != ("111", "222"):
            return _fault(403, 106, "UserIsNotAuthorized")
        return None if request.method == "POST" else Answer(405, {}, b"")

    def _order(self, told: dict[str, Any]) -> Answer:
        wanted = told.get("ReportRequest", {})
        if set(told) != {"ReportRequest"} or not set(wanted) <= _WANTED:
            return _fault(400, 100, "NullRequest")
        if why := _wrong_columns(wanted):
            return why
        if wanted["Scope"] != {"AccountIds": ["222"]}:
            return _fault(400, 2005, "ReportingServiceInvalidScope")
        span = _span(wanted["Time"])
        if span is None:
            return _fault(400, 2008, "ReportingServiceInvalidCustomDateRange")
        self.spans.append(span)
        report_id = f"report{len(self.spans)}"
        self._ordered[report_id] = self._made(wanted["Type"], wanted["Columns"], span)
        return _json(200, {"ReportRequestId": report_id})

    def _made(self, kind: str, columns: Sequence[str], span: tuple[date, date]) -> bytes | None:
        first, last = (day.isoformat() for day in span)
        rows = [row for row in self.rows.get(kind, ()) if first <= row["TimePeriod"] <= last]
        if not rows:
            return None
        text = io.StringIO()
        table = csv.DictWriter(text, columns, extrasaction="ignore", quoting=csv.QUOTE_ALL)
        table.writeheader()
        table.writerows(rows)
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as folder:
            folder.writestr("report.csv", text.getvalue().encode("utf-8-sig"))
        return content.getvalue()

    def _poll(self, told: dict[str, Any]) -> Answer:
        self.polls += 1
        report_id = told.get("ReportRequestId", "")
        if set(told) != {"ReportRequestId"} or report_id not in self._ordered:
            return _fault(400, 2100, "ReportingServiceInvalidReportId")
        if report_id not in self._asked:
            self._asked.add(report_id)
            return _json(200, {"ReportRequestStatus": {"ReportDownloadUrl": None, "Status": "Pending"}})
        has_any = self._ordered[report_id] is not None and self.ends == "Success"
        url = f"{self.url}/made/{report_id}" if has_any else None
        return _json(200, {"ReportRequestStatus": {"ReportDownloadUrl": url, "Status": self.ends}})

    def _fetched(self, report_id: str, request: Request) -> Answer:
        content = self._ordered.pop(report_id, None)
        assert request.method == "GET"
        assert "authorization" not in {name.lower() for name in request.headers}, "it would leave the service"
        return Answer(200, {}, content) if content else Answer(403, {}, b"")


def _wrong_columns(wanted: dict[str, Any]) -> Answer | None:
    columns = _COLUMNS.get(wanted.get("Type", ""), "").split()
    if not columns or not wanted.get("Columns") or not set(wanted["Columns"]) <= set(columns):
        return _fault(400, 2004, "ReportingServiceInvalidColumns")
    if wanted["Aggregation"] != "Summary" and "TimePeriod" not in wanted["Columns"]:
        return _fault(400, 2013, "ReportingServiceTimePeriodColumnRequired")
    return None


def _span(time: dict[str, Any]) -> tuple[date, date] | None:
    try:
        first, last = (
            date(*(time[f"CustomDateRange{end}"][part] for part in ("Year", "Month", "Day")))
            for end in ("Start", "End")
        )
    except (KeyError, TypeError, ValueError):
        return None
    return (first, last) if first <= last else None


def _json(status: int, document: object) -> Answer:
    return Answer(status, {}, json.dumps(document).encode())


def _fault(status: int, code: int, name: str) -> Answer:
    error = {"Code": code, "ErrorCode": name, "Message": "It was not done.", "Details": None}
    return _json(status, {"Errors": [error], "TrackingId": "t", "Type": "ApiFault"})
