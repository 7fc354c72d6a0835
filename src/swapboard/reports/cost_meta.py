"""Costs as Meta tells them: https://developers.facebook.com/docs/marketing-api/insights"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import to_json

from swapboard.conversions.destinations.base import Answer, Post, Request, Unreached
from swapboard.keywords.google_ads import AdsError
from swapboard.reports.costs import SOURCES, CostLine, Platform, micros_of

URL = "https://graph.facebook.com"
VERSION = "v24.0"
_FIELDS = "campaign_id,campaign_name,adset_name,spend,clicks,impressions,account_currency"
_AT_ONCE = 500
_MOST_PAGES = 400


class _Insight(BaseModel):
    date_start: date
    campaign_id: str = ""
    campaign_name: str = ""
    adset_name: str = ""
    spend: Decimal = Decimal()
    clicks: int = 0
    impressions: int = 0
    account_currency: str = Field(min_length=3, max_length=3)


class _Paging(BaseModel):
    next: str = ""


class _Insights(BaseModel):
    data: list[_Insight]
    paging: _Paging = _Paging()


class _Fault(BaseModel):
    message: str = ""


class _Faults(BaseModel):
    error: _Fault = _Fault()


@dataclass(frozen=True, slots=True)
class MetaAccount:
    """An advertiser's account at Meta."""

    account_id: str
    """Digits, without `act_`."""
    access_token: str = field(repr=False)
    url: str = URL


def meta_costs(account: MetaAccount, first: date, last: date, post: Post) -> Sequence[CostLine]:
    """What the account's ads cost on these days. Raises AdsError."""
    asked = {
        "level": "adset",
        "time_increment": "1",
        "time_range": to_json({"since": first.isoformat(), "until": last.isoformat()}).decode(),
        "fields": _FIELDS,
        "limit": str(_AT_ONCE),
    }
    url = f"{account.url}/{VERSION}/act_{account.account_id}/insights?{urlencode(asked)}"
    lines: list[CostLine] = []
    for _page in range(_MOST_PAGES):
        told = _ask(account, url, post)
        lines.extend(map(_line, told.data))
        if not told.paging.next:
            return lines
        url = _next(account, told.paging.next)
    raise AdsError("Meta's answer does not end.", permanent=True)


def _next(account: MetaAccount, url: str) -> str:
    """The next page, at the same host only: the token goes with it."""
    if urlsplit(url).netloc != urlsplit(account.url).netloc:
        raise AdsError("Meta's next page is at another address.", permanent=True)
    return url


def _ask(account: MetaAccount, url: str, post: Callable[[Request], Answer]) -> _Insights:
    headers = {"Authorization": f"Bearer {account.access_token}"}
    try:
        answer = post(Request("GET", url, headers, b"", secrets=(account.access_token,)))
    except Unreached as error:
        raise AdsError(f"Meta did not answer. {error}", permanent=False) from error
    try:
        if answer.status != 200:
            words = _Faults.model_validate_json(answer.body).error.message or "no reason was given"
            words = words.replace(account.access_token, "…")[:300]
            raise AdsError(f"Meta: {words} (HTTP {answer.status})", permanent=answer.status < 500)
        return _Insights.model_validate_json(answer.body)
    except ValidationError as error:
        raise AdsError("Meta's answer could not be read.", permanent=False) from error


def _line(told: _Insight) -> CostLine:
    usual = SOURCES[Platform.META]
    return CostLine(
        told.date_start,
        micros_of(told.spend),
        told.account_currency,
        told.campaign_name,
        told.campaign_id,
        told.adset_name,
        "",
        usual.channel,
        usual.source,
        usual.medium,
        told.clicks,
        told.impressions,
    )
