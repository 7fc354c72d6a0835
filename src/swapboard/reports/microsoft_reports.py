"""Microsoft Advertising's reports: ordered, asked after, and fetched as a zipped table.

https://learn.microsoft.com/en-us/advertising/guides/request-download-report; by REST, as conversions are told.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_pascal
from pydantic_core import to_json

from swapboard.conversions.destinations.microsoft_ads.answers import fault_of
from swapboard.conversions.destinations.microsoft_ads.kind import SCOPE, TOKEN_URL
from swapboard.conversions.destinations.oauth import OAuthClient, Refused
from swapboard.conversions.destinations.request import Answer, Post, Request, Unreached
from swapboard.conversions.outbox import Outcome
from swapboard.keywords.google_ads import AdsError
from swapboard.language import _

URL = "https://reporting.api.bingads.microsoft.com"
PATH = "/Reporting/v13/GenerateReport"
POLL_SECONDS = 5.0
"""Each question counts towards the account's limits (its documents), so it is not asked in haste."""
MOST_POLLS = 120
UNREAD = "Microsoft's report could not be read."
MOST_BYTES = 256 * 1024 * 1024

T = TypeVar("T", bound=BaseModel)
Rows = Sequence[Mapping[str, str]]


def plain_number(number: object) -> object:
    """Without the commas between thousands; nothing is 0."""
    return (number.replace(",", "") or "0") if isinstance(number, str) else number


class _Told(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal)


class _Ordered(_Told):
    report_request_id: str


class _Status(_Told):
    status: str
    report_download_url: str | None = None


class _Polled(_Told):
    report_request_status: _Status


@dataclass(frozen=True, slots=True)
class MicrosoftAccount:
    """An advertiser's account at Microsoft."""

    customer_id: str
    account_id: str
    developer_token: str = field(repr=False)
    oauth: OAuthClient
    url: str = URL

    @staticmethod
    def of(told: Mapping[str, str]) -> "MicrosoftAccount":
        """From what was kept. Raises ValueError with words for people."""
        for name in ("customer_id", "account_id"):
            if not (told.get(name, "").isascii() and told.get(name, "").isdigit()):
                raise ValueError(
                    _("Customer ID and account ID are the numbers after cid= and aid= in the address.")
                )
        for name in ("developer_token", "client_id", "client_secret", "refresh_token"):
            if not told.get(name):
                raise ValueError(f"The {name.replace('_', ' ')} is missing.")
        token_url = told.get("token_url") or TOKEN_URL
        client = told["client_id"], told["client_secret"], told["refresh_token"]
        return MicrosoftAccount(
            told["customer_id"],
            told["account_id"],
            told["developer_token"],
            OAuthClient(token_url, *client, SCOPE),
            told.get("url") or URL,
        )


def fetch_reports(
    account: MicrosoftAccount,
    wanted: Mapping[str, Sequence[str]],
    days: tuple[date, date],
    post: Post,
    pause: Callable[[float], None],
) -> Sequence[Rows]:
    """The rows of daily reports: of each kind these columns; `pause` waits so many seconds. Raises AdsError."""
    try:
        desk = _Desk(account, account.oauth.access_token(post), post)
        ordered = [desk.order(kind, columns, *days) for kind, columns in wanted.items()]
        return [desk.rows(each, pause) for each in ordered]
    except Refused as refused:
        raise AdsError(f"Microsoft: {refused.result.words}", permanent=refused.lasts) from refused
    except Unreached as error:
        raise AdsError(f"Microsoft did not answer. {error}", permanent=False) from error


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where reports are ordered and handed out."""

    account: MicrosoftAccount
    token: str
    post: Post

    def order(self, kind: str, columns: Sequence[str], first: date, last: date) -> str:
        """The ID of a report that is made from now on."""
        wanted = {
            "Type": kind,
            "ReportName": "Swapboard",
            "Format": "Csv",
            "FormatVersion": "2.0",
            "ExcludeReportHeader": True,
            "ExcludeReportFooter": True,
            "ExcludeColumnHeaders": False,
            "ReturnOnlyCompleteData": False,
            "Aggregation": "Daily",
            "Columns": list(columns),
            "Scope": {"AccountIds": [self.account.account_id]},
            "Time": {"CustomDateRangeStart": _day(first), "CustomDateRangeEnd": _day(last)},
        }
        answer = self._ask("/Submit", {"ReportRequest": wanted})
        return _read(_Ordered, answer).report_request_id

    def rows(self, report_id: str, pause: Callable[[float], None]) -> Rows:
        """What the report says, once it is made."""
        for _try in range(MOST_POLLS):
            told = _read(_Polled, self._ask("/Poll", {"ReportRequestId": report_id})).report_request_status
            if told.status == "Success":
                # Without an address there is nothing to tell.
                return self._fetched(told.report_download_url) if told.report_download_url else []
            if told.status == "Error":
                raise AdsError("Microsoft could not make the report.", permanent=False)
            pause(POLL_SECONDS)
        raise AdsError("Microsoft did not make the report in time.", permanent=False)

    def _fetched(self, url: str) -> Rows:
        parts, own = urlsplit(url), urlsplit(self.account.url)
        if parts.scheme != "https" and parts.netloc != own.netloc:
            raise AdsError("Microsoft's report is at an address that is not safe.", permanent=True)
        # The address itself is the key: nothing of ours goes with it.
        answer = self.post(Request("GET", url, {}, b"", secrets=(parts.query,) if parts.query else ()))
        if answer.status != 200:
            raise AdsError(f"Microsoft's report could not be fetched (HTTP {answer.status}).", permanent=False)
        return _table(answer.body)

    def _ask(self, path: str, body: Mapping[str, object]) -> Answer:
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.token}",
            "DeveloperToken": self.account.developer_token,
            "CustomerId": self.account.customer_id,
            "CustomerAccountId": self.account.account_id,
        }
        secrets = self.token, self.account.developer_token
        answer = self.post(Request("POST", f"{self.account.url}{PATH}{path}", headers, to_json(body), secrets))
        if answer.status != 200:
            fault = fault_of(answer)
            raise AdsError(fault.words, permanent=fault.outcome is Outcome.REFUSED)
        return answer


def _table(content: bytes) -> Rows:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as folder:
            (entry,) = folder.infolist()
            if entry.file_size > MOST_BYTES:
                raise AdsError("Microsoft's report is too large.", permanent=True)
            text = folder.read(entry).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, csv.Error, ValueError) as error:
        raise AdsError(UNREAD, permanent=False) from error


def _read(kind: type[T], answer: Answer) -> T:
    try:
        return kind.model_validate_json(answer.body)
    except ValidationError as error:
        raise AdsError("Microsoft's answer could not be read.", permanent=False) from error


def _day(day: date) -> Mapping[str, int]:
    return {"Day": day.day, "Month": day.month, "Year": day.year}
