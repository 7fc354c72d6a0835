"""A paid click as the ad platform knows it, and how Google Ads tells of clicks.

https://developers.google.com/google-ads/api/reference/rpc/latest/ClickView: a query must be of one day, at most
90 days back; a keyword is known only of clicks on search ads.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

from swapboard.clock import SECOND, Millis

DAYS_BACK = 90


@dataclass(frozen=True, slots=True)
class Click:
    """What is known of one click; a fact that the platform leaves out is None."""

    gclid: str
    keyword: str | None
    campaign: str | None
    campaign_id: str | None


@dataclass(frozen=True, slots=True)
class Clicks:
    """One page of a day's clicks; `next_page` continues it."""

    clicks: tuple[Click, ...]
    next_page: str | None


class _Told(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class _KeywordInfo(_Told):
    text: str | None = None


class _ClickView(_Told):
    gclid: str
    keyword_info: _KeywordInfo = _KeywordInfo()


class _Campaign(_Told):
    # 64-bit numbers are texts in Google's JSON (https://protobuf.dev/programming-guides/json/).
    id: str | None = None
    name: str | None = None


class _Row(_Told):
    click_view: _ClickView
    campaign: _Campaign = _Campaign()


class _Page(_Told):
    results: Annotated[list[_Row], Field(default_factory=list)]
    next_page_token: str | None = None


_PAGE = TypeAdapter(_Page)


def question(day: date) -> str:
    """What to ask for a day's clicks, in Google Ads Query Language."""
    fields = "click_view.gclid, click_view.keyword_info.text, campaign.id, campaign.name"
    return f"SELECT {fields} FROM click_view WHERE segments.date = '{day.isoformat()}'"  # noqa: S608 not SQL


def read_answer(body: bytes) -> Clicks:
    """The clicks in an answer of `googleAds:search`. Raises ValueError (pydantic's) for anything else."""
    page = _PAGE.validate_json(body)
    return Clicks(tuple(map(_click, page.results)), page.next_page_token or None)


def day_of(at: Millis, clocks: tzinfo = UTC) -> date:
    """The day of an instant, in UTC or by other clocks."""
    return datetime.fromtimestamp(at / SECOND, clocks).date()


def _click(row: _Row) -> Click:
    keyword = (row.click_view.keyword_info.text or "").strip() or None
    return Click(row.click_view.gclid, keyword, row.campaign.name or None, row.campaign.id or None)
