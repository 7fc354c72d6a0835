"""Meta's insights, page by page: https://developers.facebook.com/docs/marketing-api/insights"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from swapboard.conversions.destinations.request import Post, Request, Unreached
from swapboard.keywords.google_ads import AdsError

URL = "https://graph.facebook.com"
VERSION = "v24.0"
_AT_ONCE = 500
_PASSING = frozenset((1, 2, 4, 17, 32, 613, *range(80_000, 80_015)))
"""Unknown, busy, or too many questions of this app, person or ad account, which Meta answers with 400 or 403:
https://developers.facebook.com/docs/graph-api/overview/rate-limiting"""
_MOST_PAGES = 400

Row = TypeVar("Row", bound=BaseModel)


class _Paging(BaseModel):
    next: str = ""


class _Insights(BaseModel, Generic[Row]):
    data: list[Row]
    paging: _Paging = _Paging()


class _Fault(BaseModel):
    message: str = ""
    code: int = 0
    is_transient: bool = False


class _Faults(BaseModel):
    error: _Fault = _Fault()


@dataclass(frozen=True, slots=True)
class MetaAccount:
    """An advertiser's account at Meta."""

    account_id: str
    """Digits, without `act_`."""
    access_token: str = field(repr=False)
    url: str = URL


def days_asked(first: date, last: date) -> Mapping[str, str]:
    """What of a question asks for these days, one by one."""
    span = to_json({"since": first.isoformat(), "until": last.isoformat()}).decode()
    return {"time_increment": "1", "time_range": span}


def insights(account: MetaAccount, asked: Mapping[str, str], kind: type[Row], post: Post) -> Iterator[Row]:
    """The rows that answer a question, each as such a record. Raises AdsError."""
    query = urlencode({**asked, "limit": str(_AT_ONCE)})
    url = f"{account.url}/{VERSION}/act_{account.account_id}/insights?{query}"
    for _page in range(_MOST_PAGES):
        told = _ask(account, url, kind, post)
        yield from told.data
        if not told.paging.next:
            return
        url = _next(account, told.paging.next)
    raise AdsError("Meta's answer does not end.", permanent=True)


def _next(account: MetaAccount, url: str) -> str:
    """The next page, at the same host only: the token goes with it."""
    if urlsplit(url).netloc != urlsplit(account.url).netloc:
        raise AdsError("Meta's next page is at another address.", permanent=True)
    return url


def _ask(account: MetaAccount, url: str, kind: type[Row], post: Post) -> _Insights[Row]:
    headers = {"Authorization": f"Bearer {account.access_token}"}
    try:
        answer = post(Request("GET", url, headers, b"", secrets=(account.access_token,)))
    except Unreached as error:
        raise AdsError(f"Meta did not answer. {error}", permanent=False) from error
    try:
        if answer.status != 200:
            fault = _Faults.model_validate_json(answer.body).error
            words = (fault.message or "no reason was given").replace(account.access_token, "…")[:300]
            passes = answer.status >= 500 or fault.is_transient or fault.code in _PASSING
            raise AdsError(f"Meta: {words} (HTTP {answer.status})", permanent=not passes)
        return _Insights[kind].model_validate_json(answer.body)  # type: ignore[valid-type]
    except ValidationError as error:
        raise AdsError("Meta's answer could not be read.", permanent=False) from error
