"""`/api/v1/destinations/{destination_id}/compare`: our conversions beside a platform's own count."""

import asyncio
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource
from swapboard.conversions.store import destination_by_id
from swapboard.reports.agreement import Compared, Theirs
from swapboard.switchboard.agreeing import Agreement, agreement_with, read_count
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.fields import Message, Moment, found, moment
from swapboard.web.api.files import FileRoute, PlatformFile
from swapboard.web.api.problem import invalid

router = APIRouter(
    prefix="/destinations/{destination_id}/compare", tags=[Resource.DESTINATIONS], route_class=FileRoute
)

Day = Annotated[str, Field(json_schema_extra={"format": "date"})]


class PlatformCount(Message):
    """What the platform says it counted."""

    content: PlatformFile


class DifferenceDocument(BaseModel):
    """So many conversions, and why they are not there, or not on this day."""

    count: int
    words: str


class ComparedDocument(BaseModel):
    """One day."""

    day: Day
    made: int = Field(description="Conversions that belong to this day there.")
    told: int = Field(description="Those of them that the platform took.")
    theirs: float | None = Field(description="What it counted; null where it did not say.")
    difference: float | None = Field(description="Theirs less what it was told.")
    reasons: list[DifferenceDocument]


class AgreementDocument(BaseModel):
    """Day by day, the latest first; days with nothing on either side are left out."""

    destination_id: str
    by_click: bool = Field(description="Whether a conversion stands on the day of its click.")
    heading: str | None = Field(description="The column of the file that was read; null without a file.")
    can_be_asked: bool = Field(description="Whether the platform can be asked, by an account for costs.")
    asked_at: Moment | None = Field(description="Of when the platform's last answer is.")
    trouble: str | None = Field(description="Why it said nothing since.")
    days: list[ComparedDocument]


@router.get("", summary="A destination's conversions by day", name="conversions_by_day")
async def by_day(destination_id: str, desk: AtDesk) -> AgreementDocument:
    """What was made and told in the last 30 days, and why what was not told was not.

    Google Ads, Microsoft Advertising and Meta are asked once a day what they counted.
    """
    return await _compared(destination_id, desk, None)


@router.post("", summary="Compare a destination with the platform's file")
async def compare(destination_id: str, count: PlatformCount, desk: AtDesk) -> AgreementDocument:
    """The same beside what the platform counted, with a reason for each difference. The file is not kept."""
    try:
        theirs = await asyncio.to_thread(read_count, count.content, desk.company)
    except ValueError as error:
        raise invalid("content", str(error)) from None
    return await _compared(destination_id, desk, theirs)


async def _compared(destination_id: str, desk: Desk, theirs: Theirs | None) -> AgreementDocument:
    def read(connection: Connection) -> Agreement:
        record = found(destination_by_id(connection, desk.company_id, destination_id), "destination")
        return agreement_with(connection, desk.exchange.vault, desk.company, record, theirs, desk.now)

    agreement = await desk.read(read)
    return AgreementDocument(
        destination_id=destination_id,
        by_click=agreement.by_click,
        heading=theirs.heading if theirs else None,
        can_be_asked=agreement.can_be_asked,
        asked_at=moment(agreement.counted.told_at) if agreement.counted else None,
        trouble=agreement.counted.trouble if agreement.counted else None,
        days=[_day(each) for each in agreement.days],
    )


def _day(each: Compared) -> ComparedDocument:
    return ComparedDocument(
        day=each.day.isoformat(),
        made=len(each.made),
        told=each.told,
        theirs=None if each.theirs is None else float(each.theirs),
        difference=None if each.difference is None else float(each.difference),
        reasons=[DifferenceDocument(count=reason.count, words=str(reason)) for reason in each.reasons],
    )
