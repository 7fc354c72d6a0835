"""Costs as Microsoft Advertising tells them, by its reports of campaigns and keywords."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_pascal

from swapboard.conversions.destinations.request import Post
from swapboard.keywords.google_ads import AdsError
from swapboard.reports.costs import SOURCES, CostLine, Platform, micros_of, whole
from swapboard.reports.microsoft_reports import UNREAD, MicrosoftAccount, Rows, fetch_reports, plain_number

_CAMPAIGN = ("TimePeriod", "CampaignId", "CampaignName", "CurrencyCode", "Spend", "Clicks", "Impressions")
_KEYWORD = (*_CAMPAIGN, "AdGroupName", "Keyword")
_REPORTS = {"CampaignPerformanceReportRequest": _CAMPAIGN, "KeywordPerformanceReportRequest": _KEYWORD}


class _Row(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal)

    time_period: date
    campaign_id: str
    campaign_name: str = ""
    currency_code: str
    spend: Annotated[Decimal, BeforeValidator(plain_number)]
    clicks: Annotated[int, BeforeValidator(plain_number)] = 0
    impressions: Annotated[int, BeforeValidator(plain_number)] = 0
    ad_group_name: str = ""
    keyword: str = ""


_ROWS = TypeAdapter(list[_Row])


def microsoft_costs(
    account: MicrosoftAccount, first: date, last: date, post: Post, pause: Callable[[float], None]
) -> Sequence[CostLine]:
    """What the account's ads cost on these days; `pause` waits so many seconds. Raises AdsError."""
    campaigns, keywords = map(_lines, fetch_reports(account, _REPORTS, (first, last), post, pause))
    return whole(campaigns, keywords)


def _lines(rows: Rows) -> Sequence[CostLine]:
    try:
        return [_line(row) for row in _ROWS.validate_python(rows)]
    except ValidationError as error:
        raise AdsError(UNREAD, permanent=False) from error


def _line(row: _Row) -> CostLine:
    usual = SOURCES[Platform.MICROSOFT]
    return CostLine(
        row.time_period,
        micros_of(row.spend),
        row.currency_code,
        row.campaign_name,
        row.campaign_id,
        row.ad_group_name,
        row.keyword,
        usual.channel,
        usual.source,
        usual.medium,
        row.clicks,
        row.impressions,
    )
