"""A stand-in for Google's token and Google Ads addresses on loopback, as strict as they document themselves."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from swapboard.keywords.google_ads import AdsAccount, GoogleAds
from tests.local_server import answering

FIXTURES = Path(__file__).parent / "fixtures"
CREDENTIALS = {
    "customer_id": "123-456-7890",
    "client_id": "client.example.com",
    "client_secret": "a client's secret",
    "refresh_token": "a refresh token",
}
_QUERY = re.compile(r"SELECT [a-z_., ]+ FROM click_view WHERE segments\.date = '(\d{4}-\d\d-\d\d)'")


@dataclass
class StandIn:
    """What it knows, and what it was asked."""

    today: date = date(2026, 11, 24)
    click_day: date = date(2026, 11, 23)
    faults: list[tuple[int, dict[str, object]]] = field(default_factory=list)
    """Answers to give first, whatever is asked of Google Ads."""
    days: list[date] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    encoding: str = ""
    """What it says that its answers are packed as, which they are not."""

    def opened(self, account: AdsAccount) -> GoogleAds:
        """The adapter, pointed here."""
        return GoogleAds(account, self.url, f"{self.url}/token")

    def token(self, body: bytes) -> tuple[int, dict[str, object]]:
        told = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        wanted = {name: CREDENTIALS[name] for name in ("client_id", "client_secret", "refresh_token")}
        if told != wanted | {"grant_type": "refresh_token"}:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        return 200, {"access_token": "an access token", "expires_in": 3599, "token_type": "Bearer"}

    def search(self, path: str, headers: dict[str, str], asked: dict[str, Any]) -> tuple[int, dict[str, object]]:
        self.headers.append(headers)
        if self.faults:
            return self.faults.pop(0)
        if headers.get("authorization") != "Bearer an access token":
            return 401, _refusal(401, "Request had invalid authentication credentials.")
        found = _QUERY.fullmatch(asked.get("query", ""))
        if path != "/v26/customers/1234567890/googleAds:search" or not found:
            return 400, _refusal(400, "Error in query: the filter must be of a single day.")
        day = date.fromisoformat(found[1])
        if not self.today - timedelta(days=90) <= day <= self.today:
            return 400, _refusal(400, "The requested date is more than 90 days ago.")
        if "pageToken" not in asked:
            self.days.append(day)
        if day != self.click_day:
            return 200, {"fieldMask": "clickView.gclid"}
        name = "page_two" if asked.get("pageToken") == "page-two" else "page_one"
        page: dict[str, object] = json.loads((FIXTURES / f"{name}.json").read_text())
        return 200, page


def _refusal(code: int, message: str) -> dict[str, object]:
    return {"error": {"code": code, "message": message, "status": "INVALID_ARGUMENT"}}


@contextmanager
def google(stand_in: StandIn) -> Iterator[StandIn]:
    """Serve on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if self.path == "/token":
                status, answer = stand_in.token(body)
            else:
                status, answer = stand_in.search(self.path, headers, json.loads(body))
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if stand_in.encoding:
                self.send_header("Content-Encoding", stand_in.encoding)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base's name
            """Nothing to the terminal."""

    with answering(Handler) as server:
        stand_in.url = f"http://127.0.0.1:{server.server_port}"
        yield stand_in
