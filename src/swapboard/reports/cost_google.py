"""Costs as Google Ads tells them: https://developers.google.com/google-ads/api/fields/v26/keyword_view

Keywords are told for search ads only; what else a campaign cost (Performance Max, display, video) is what is left
of the campaign's own sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from swapboard.keywords.google_ads import GoogleAds
from swapboard.reports.costs import SOURCES, CostLine, Platform, whole

_SUMS = "metrics.cost_micros, metrics.clicks, metrics.impressions"
_CAMPAIGN = "segments.date, customer.currency_code, campaign.id, campaign.name"


class _Told(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class _Segments(_Told):
    date: date


class _Customer(_Told):
    currency_code: str


class _Named(_Told):
    # 64-bit numbers are texts in Google's JSON (https://protobuf.dev/programming-guides/json/).
    id: str = ""
    name: str = ""


class _Keyword(_Told):
    text: str = ""


class _Criterion(_Told):
    keyword: _Keyword = _Keyword()


class _Metrics(_Told):
    cost_micros: int = 0
    clicks: int = 0
    impressions: int = 0


class _Row(_Told):
    segments: _Segments
    customer: _Customer
    campaign: _Named
    ad_group: _Named = _Named()
    ad_group_criterion: _Criterion = _Criterion()
    metrics: _Metrics = _Metrics()


class _Page(_Told):
    results: list[_Row] = []
    next_page_token: str = ""


@dataclass(frozen=True, slots=True)
class CostPage:
    """One page of an answer."""

    lines: Sequence[CostLine]
    next_page: str | None


def campaign_question(first: date, last: date) -> str:
    """What to ask for the campaigns' costs, in Google Ads Query Language."""
    return f"SELECT {_CAMPAIGN}, {_SUMS} FROM campaign {between(first, last)}"  # noqa: S608 not SQL


def keyword_question(first: date, last: date) -> str:
    """The same for keywords."""
    deep = f"{_CAMPAIGN}, ad_group.name, ad_group_criterion.keyword.text"
    return f"SELECT {deep}, {_SUMS} FROM keyword_view {between(first, last)}"  # noqa: S608 not SQL


def read_page(body: bytes) -> CostPage:
    """The lines of an answer of `googleAds:search`. Raises ValidationError."""
    page = _Page.model_validate_json(body)
    return CostPage([_line(row) for row in page.results], page.next_page_token or None)


def google_costs(ads: GoogleAds, first: date, last: date) -> Sequence[CostLine]:
    """What the account's ads cost on these days. Raises AdsError."""
    asked = (campaign_question(first, last), keyword_question(first, last))
    campaigns, keywords = ([line for page in ads.search(each, read_page) for line in page.lines] for each in asked)
    return whole(campaigns, keywords)


def between(first: date, last: date) -> str:
    """The condition of an answer about these days."""
    return f"WHERE segments.date BETWEEN '{first.isoformat()}' AND '{last.isoformat()}'"


def _line(row: _Row) -> CostLine:
    usual = SOURCES[Platform.GOOGLE_ADS]
    return CostLine(
        row.segments.date,
        row.metrics.cost_micros,
        row.customer.currency_code,
        row.campaign.name,
        row.campaign.id,
        row.ad_group.name,
        row.ad_group_criterion.keyword.text,
        usual.channel,
        usual.source,
        usual.medium,
        row.metrics.clicks,
        row.metrics.impressions,
    )
