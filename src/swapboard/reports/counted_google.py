"""Conversions as Google Ads counted them: https://developers.google.com/google-ads/api/fields/v26/customer

Of each conversion action, on the days of the conversions themselves (by conversion date) and not of their clicks,
so that they stand beside our calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from swapboard.keywords.google_ads import GoogleAds
from swapboard.reports.cost_google import between
from swapboard.reports.counted import Count

_FIELDS = (
    "segments.date",
    "segments.conversion_action",
    "segments.conversion_action_name",
    "metrics.all_conversions_by_conversion_date",
)


class _Told(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class _Segments(_Told):
    date: date
    conversion_action: str = ""
    conversion_action_name: str = ""


class _Metrics(_Told):
    all_conversions_by_conversion_date: Decimal = Decimal()


class _Row(_Told):
    segments: _Segments
    metrics: _Metrics = _Metrics()


class _Page(_Told):
    results: list[_Row] = []
    next_page_token: str = ""


@dataclass(frozen=True, slots=True)
class CountPage:
    """One page of an answer."""

    counts: Sequence[Count]
    next_page: str | None


def question(first: date, last: date) -> str:
    """What to ask, in Google Ads Query Language."""
    return f"SELECT {', '.join(_FIELDS)} FROM customer {between(first, last)}"  # noqa: S608 not SQL


def read_page(body: bytes) -> CountPage:
    """The counts of an answer of `googleAds:search`. Raises ValidationError."""
    page = _Page.model_validate_json(body)
    return CountPage([_count(row) for row in page.results], page.next_page_token or None)


def google_counts(ads: GoogleAds, first: date, last: date) -> Sequence[Count]:
    """What the account counted on these days, by each action's ID and name. Raises AdsError."""
    return [count for page in ads.search(question(first, last), read_page) for count in page.counts]


def _count(row: _Row) -> Count:
    segments = row.segments
    action_id = segments.conversion_action.rpartition("/")[2]
    names = frozenset((action_id, segments.conversion_action_name)) - {""}
    return Count(segments.date, names, row.metrics.all_conversions_by_conversion_date)
