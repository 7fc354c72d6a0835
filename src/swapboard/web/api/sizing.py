"""`/api/v1/pools/{pool_id}/sizing`: how many numbers a pool needs, by its own visits."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.numbers.advice import Advice
from swapboard.numbers.callers import callers_of
from swapboard.numbers.listing import PoolRecord, pool_by_id
from swapboard.numbers.own_traffic import FEWEST_STAYS, OwnTraffic, own_traffic
from swapboard.numbers.stays import wishes_of
from swapboard.web.api.coming_days import DayDocument, coming_day
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import Asked, Moment, found
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/pools/{pool_id}/sizing", tags=[Resource.POOLS], route_class=ApiRoute)


class SizingQuery(Asked):
    """What is asked of the pool; as usual where it is left out."""

    quiet_minutes: float | None = Field(None, ge=0, le=1_440, description="A number should rest so long.")
    promise: float | None = Field(
        None, ge=0.0001, le=0.5, description="So large a share of visits may find none, were numbers kept back so."
    )


class PoolSizeDocument(BaseModel):
    """What a pool of so many numbers would have done."""

    numbers: int
    overflow: float = Field(description="The share of visits that find every number shown to others.")
    kept_back: float = Field(description="The share that would find none, were each number kept back to rest.")
    accuracy: float = Field(description="The share of calls by visits with a number that name the right one.")
    monthly_cents: int


class AdviceDocument(BaseModel):
    """What the visits of the last four weeks advise."""

    recommended: int
    visits: int = Field(description="So many were played again.")
    visits_per_hour: float = Field(description="In the busiest hour.")
    live_minutes: float = Field(description="How long a visit keeps its number, on average.")
    sizes: list[PoolSizeDocument]


class PeakDocument(BaseModel):
    """The most numbers that visits wanted at once in an hour; those that found none are counted, too."""

    starts_at: Moment
    live: int


class SizingDocument(BaseModel):
    """How large a pool is, and should be."""

    pool_id: str
    active: int = Field(description="The numbers that it has.")
    quiet_minutes: float
    promise: float
    advice: AdviceDocument | None = Field(description=f"Null while there were fewer than {FEWEST_STAYS} visits.")
    peaks: list[PeakDocument] = Field(description="The last seven days, hour by hour; empty hours are left out.")
    exhausted: int = Field(description="Visits of those days that found no number.")
    days: list[DayDocument] = Field(description="The coming week; empty while too little is known.")


@router.get("", summary="How many numbers a pool needs")
async def get(pool_id: str, query: Annotated[SizingQuery, Query()], desk: AtDesk) -> SizingDocument:
    """By its own visits, each size tried on them. What other sizes did to calls: ask for a rehearsal."""
    given = query.model_dump(exclude_none=True)

    def read(connection: Connection) -> SizingDocument:
        pool = found(pool_by_id(connection, desk.company_id, pool_id), "pool")
        usual = wishes_of(connection, desk.company_id, pool_id)
        wishes = replace(usual, callers=callers_of(connection, desk.company_id, desk.now), **given)
        zone = desk.company.time_zone
        own = own_traffic(connection, desk.company_id, pool_id, zone, wishes, desk.now)
        return _document(pool, own, wishes.quiet_minutes, wishes.promise)

    return await desk.read(read)


def _document(pool: PoolRecord, own: OwnTraffic, quiet_minutes: float, promise: float) -> SizingDocument:
    return SizingDocument(
        pool_id=pool.pool_id,
        active=pool.active,
        quiet_minutes=quiet_minutes,
        promise=promise,
        advice=_advice(own.advice) if own.advice else None,
        peaks=[PeakDocument(starts_at=iso(each.at), live=each.live) for each in own.peaks if each.live],
        exhausted=own.exhausted,
        days=[coming_day(each) for each in own.ahead],
    )


def _advice(advice: Advice) -> AdviceDocument:
    return AdviceDocument(
        recommended=advice.recommended,
        visits=advice.replayed_visits,
        visits_per_hour=advice.traffic.visits_per_hour,
        live_minutes=advice.traffic.live_minutes,
        sizes=_sizes(advice),
    )


def _sizes(advice: Advice) -> list[PoolSizeDocument]:
    return [
        PoolSizeDocument(
            numbers=each.numbers,
            overflow=each.overflow,
            kept_back=each.kept_back,
            accuracy=each.accuracy,
            monthly_cents=each.monthly_cents,
        )
        for each in advice.sizes
    ]
