"""`/api/v1/costs/files` and `/costs/feeds`: a platform's file of costs, and what each feed has told."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.reports.cost_columns import Column, Layout
from swapboard.reports.cost_file_store import keep_layout
from swapboard.reports.cost_import import Home, Looked, feed_of, look_at, look_for, sums_of, take_in
from swapboard.reports.cost_sheet import BadSheet
from swapboard.reports.cost_store import Put, Told, feeds_of, remove_feed
from swapboard.reports.costs import Platform
from swapboard.web.api.costs import Feed, Text, check_feed
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Asked, Message, Moment, PageDocument, found
from swapboard.web.api.files import FileRoute, PlatformFile
from swapboard.web.api.problem import Fault, invalid, invalid_all

router = APIRouter(prefix="/costs", tags=[Resource.COSTS], route_class=FileRoute)


FilePlatform = Literal["google_ads", "microsoft", "meta", "other"]
"""Placements are told at the numbers."""
_PLATFORM: Mapping[Platform, FilePlatform] = {
    Platform.GOOGLE_ADS: "google_ads",
    Platform.MICROSOFT: "microsoft",
    Platform.META: "meta",
}


Sign = Literal["", ".", ","]
_SIGN: Mapping[str, Sign] = {".": ".", ",": ","}


class LayoutDocument(Message):
    """How a file is read: the heading of each column, and what no column says."""

    columns: dict[Column, Text] = Field(description="The heading of the column that holds it.")
    platform: FilePlatform = "other"
    currency: Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")] = Field(
        "", description="Of all lines, where no column says it; else the company's."
    )
    decimal: Sign = Field("", description="Empty finds out.")
    month_first: bool | None = Field(None, description="Of dates like 03/04/2026; null finds out.")
    campaign: Text = Field("", description="Of all lines, where no column says it.")


class ReadLayoutDocument(BaseModel):
    """How a file was read; what was kept by other doors may say what no request may."""

    columns: dict[Column, str]
    platform: FilePlatform
    currency: str
    decimal: Sign
    month_first: bool | None
    campaign: str


class NewCostFile(Message):
    """A file to look at, or to take in."""

    content: PlatformFile
    layout: LayoutDocument | None = Field(
        None, description="Null: as files with its headings were read before, else as it is guessed."
    )
    feed: Feed | None = Field(None, description="Whose costs they are; null: the platform's.")
    only_look: bool = Field(False, description="Say what it says, and change nothing.")


class SumDocument(BaseModel):
    """What the lines come to."""

    currency: str
    micros: int


class CostFileDocument(BaseModel):
    """How a file was read, and what it says."""

    feed: str
    headings: list[str]
    layout: ReadLayoutDocument
    was_known: bool = Field(description="Whether somebody said before how files like it are read.")
    lines: int
    totals: int = Field(description="Rows that only add others up, which are left out.")
    faults: list[str] = Field(description="What cannot be read, by line. With any, nothing is taken in.")
    first_day: str | None
    last_day: str | None
    sums: list[SumDocument] = Field(description="To hold against the platform's own total.")
    taken: bool
    replaced: int = Field(description="Lines of the same days that were there before.")


class FeedDocument(BaseModel):
    """What a feed has told so far."""

    feed: str
    first_day: str
    last_day: str
    days: int = Field(description="Days that it told something of.")
    told_at: Moment = Field(description="When it last told something.")


class FeedQuery(Asked):
    """Which feed."""

    feed: Annotated[str, StringConstraints(min_length=1, max_length=100)] = Field(description="As it is listed.")


@router.post("/files", response_model=CostFileDocument, summary="Take in a file of costs, or look at it")
async def take_file(new: NewCostFile, desk: ToCreate) -> Response:
    """Each day that it tells replaces what its feed had for that day. How it is read is kept for files like it."""
    check_feed(new.feed or "")
    looked, usual = await _looked(new, desk)
    feed = new.feed or usual
    if not new.only_look:
        _check(looked)

    def write(connection: Connection) -> CostFileDocument:
        if new.only_look:
            return _file(looked, feed, None)
        put = take_in(connection, desk.company_id, feed, looked.read, desk.now)
        keep_layout(connection, desk.company_id, looked.table.signature, looked.layout, desk.now)
        return _file(looked, feed, put)

    return await desk.create(write, 200)


@router.get("/feeds", summary="List what each feed of costs has told", name="list")
async def list_feeds(desk: AtDesk) -> PageDocument[FeedDocument]:
    """All of them, by name."""
    told = await desk.read(lambda connection: feeds_of(connection, desk.company_id))
    return PageDocument(data=[_feed(each) for each in told], next_cursor=None)


@router.delete("/feeds", status_code=204, summary="Forget what a feed of costs told")
async def forget_feed(query: Annotated[FeedQuery, Query()], desk: AtDesk) -> None:
    """All of its days; what it tells later counts again."""

    def write(connection: Connection) -> None:
        found(remove_feed(connection, desk.company_id, query.feed) or None, "feed")

    await desk.change(write)


async def _looked(new: NewCostFile, desk: Desk) -> tuple[Looked, str]:
    """The file, and the feed that it usually belongs to. Raises Problem (422)."""
    home = Home(desk.company.currency, desk.company.country)
    told = _layout(new.layout) if new.layout else None

    def read(connection: Connection) -> tuple[Looked, str]:
        known = looked or look_for(connection, desk.company_id, new.content, home)
        return known, feed_of(connection, desk.company_id, known.layout)

    try:
        looked = await asyncio.to_thread(look_at, new.content, home, told) if told else None
        return await desk.read(read)
    except BadSheet as error:
        raise invalid("content", str(error)) from None


def _check(looked: Looked) -> None:
    """Raises Problem (422)."""
    if looked.read.faults:
        raise invalid_all([Fault("body", ["content"], each) for each in looked.read.faults])
    if not looked.read.lines:
        raise invalid("content", "There are no costs in it.")


def _layout(said: LayoutDocument) -> Layout:
    return Layout(
        dict(said.columns),
        Platform(said.platform),
        said.currency,
        said.decimal,
        said.month_first,
        said.campaign,
    )


def _file(looked: Looked, feed: str, put: Put | None) -> CostFileDocument:
    read, layout = looked.read, looked.layout
    first, last = read.days or (None, None)
    return CostFileDocument(
        feed=feed,
        headings=list(looked.table.headings),
        layout=ReadLayoutDocument(
            columns=dict(layout.columns),
            platform=_PLATFORM.get(layout.platform, "other"),
            currency=layout.currency,
            decimal=_SIGN.get(layout.decimal, ""),
            month_first=layout.month_first,
            campaign=layout.campaign,
        ),
        was_known=looked.was_known,
        lines=len(read.lines),
        totals=read.totals,
        faults=list(read.faults),
        first_day=first.isoformat() if first else None,
        last_day=last.isoformat() if last else None,
        sums=[SumDocument(currency=currency, micros=micros) for currency, micros in sums_of(read)],
        taken=put is not None,
        replaced=put.replaced if put else 0,
    )


def _feed(told: Told) -> FeedDocument:
    return FeedDocument(
        feed=told.feed,
        first_day=min(told.days).isoformat(),
        last_day=max(told.days).isoformat(),
        days=len(told.days),
        told_at=iso(told.told_at),
    )
