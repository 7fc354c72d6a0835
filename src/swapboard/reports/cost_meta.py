"""Costs as Meta tells them.

What is asked by ad set, or by campaign, leaves out those that were deleted since or put into the archive; their
parents' sums have them still: https://developers.facebook.com/documentation/ads-commerce/marketing-api/
best-practices/manage-your-ad-object-status
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, Field

from swapboard.conversions.destinations.request import Post
from swapboard.reports.costs import SOURCES, CostLine, Platform, left_of, micros_of
from swapboard.reports.meta_insights import MetaAccount, days_asked, insights

_ACCOUNT = "spend,clicks,impressions,account_currency"
_CAMPAIGN = f"{_ACCOUNT},campaign_id,campaign_name"
_FIELDS = {"account": _ACCOUNT, "campaign": _CAMPAIGN, "adset": f"{_CAMPAIGN},adset_name"}


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
    accounts, campaigns, ad_sets = (
        [_line(each) for each in insights(account, _asked(level, first, last), _Insight, post)]
        for level in _FIELDS
    )
    lines = [*ad_sets, *_shown_there_only(campaigns, ad_sets)]
    nameless = [replace(each, campaign_id="") for each in lines]
    return [*lines, *_shown_there_only(accounts, nameless)]


def _asked(level: str, first: date, last: date) -> Mapping[str, str]:
    return {"level": level, "fields": _FIELDS[level], **days_asked(first, last)}


def _shown_there_only(sums: Sequence[CostLine], parts: Sequence[CostLine]) -> Sequence[CostLine]:
    """What of sums is in none of their parts. Each part is rounded: that they miss a cent is no ad of its own."""
    return [each for each in left_of(sums, parts) if each.clicks or each.impressions]


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
