"""Costs as Meta tells them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, Field

from swapboard.conversions.destinations.request import Post
from swapboard.reports.costs import SOURCES, CostLine, Platform, micros_of
from swapboard.reports.meta_insights import MetaAccount, days_asked, insights

_FIELDS = "campaign_id,campaign_name,adset_name,spend,clicks,impressions,account_currency"


class _Insight(BaseModel):
    date_start: date
    campaign_id: str = ""
    campaign_name: str = ""
    adset_name: str = ""
    spend: Decimal = Decimal()
    clicks: int = 0
    impressions: int = 0
    account_currency: str = Field(min_length=3, max_length=3)


def meta_costs(account: MetaAccount, first: date, last: date, post: Post) -> Sequence[CostLine]:
    """What the account's ads cost on these days. Raises AdsError."""
    asked = {"level": "adset", "fields": _FIELDS, **days_asked(first, last)}
    return [_line(each) for each in insights(account, asked, _Insight, post)]


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
