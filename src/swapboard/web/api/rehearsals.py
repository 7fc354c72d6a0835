"""`/api/v1/pools/{pool_id}/rehearsal`: what other sizes of a pool would have done with the company's own past."""

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource
from swapboard.numbers.listing import PoolRecord, pool_by_id
from swapboard.switchboard.filed_rehearsals import Rehearsed
from swapboard.switchboard.rehearsal import DAYS
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.fields import Moment, found, moment
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/pools/{pool_id}/rehearsal", tags=[Resource.POOLS], route_class=ApiRoute)


class SizeDocument(BaseModel):
    """What became of the visits and calls with so many numbers."""

    numbers: int
    visits: int
    overflow: int = Field(description="Visits that found every number taken.")
    calls: int
    untracked: int = Field(description="Calls by visits that overflowed.")
    right: float | None = Field(description="The share of the other calls that is credited as it is now.")
    confidence: float | None = Field(description="How sure the match is, on average.")


class RehearsalDocument(BaseModel):
    """The pool's latest rehearsal."""

    pool_id: str
    days: int = Field(description="Of the company's past.")
    asked_at: Moment | None = Field(description="Null: there was none yet.")
    sizes: list[int] = Field(description="The sizes that are tried.")
    is_running: bool
    failed: bool = Field(
        description="The latest broke off: the server's log says why. All else is of the last that worked, if any."
    )
    results: list[SizeDocument] = Field(description="One for each size that is done.")


@router.get("", summary="The latest rehearsal of a pool")
async def get(pool_id: str, desk: AtDesk) -> RehearsalDocument:
    """One that runs, or else what became of the last one."""
    await desk.read(lambda connection: _pool(connection, desk, pool_id))
    return await _latest(desk, pool_id)


@router.post("", status_code=202, summary="Rehearse other sizes of a pool")
async def rehearse(pool_id: str, desk: AtDesk) -> RehearsalDocument:
    """Play the last 90 days again, with a quarter of its numbers up to four times as many.

    It takes minutes, beside everything else; ask again for what came of it. One that runs already goes on.
    """
    pool = await desk.read(lambda connection: _pool(connection, desk, pool_id))
    desk.exchange.rehearsals.begin(desk.company_id, pool_id, pool.active, desk.now)
    return await _latest(desk, pool_id)


def _pool(connection: Connection, desk: Desk, pool_id: str) -> PoolRecord:
    return found(pool_by_id(connection, desk.company_id, pool_id), "pool")


async def _latest(desk: Desk, pool_id: str) -> RehearsalDocument:
    rehearsal = await desk.exchange.rehearsals.latest(desk.company_id, pool_id)
    return RehearsalDocument(
        pool_id=pool_id,
        days=DAYS,
        asked_at=moment(rehearsal.asked_at if rehearsal else None),
        sizes=list(rehearsal.sizes if rehearsal else ()),
        is_running=rehearsal is not None and rehearsal.is_running,
        failed=rehearsal is not None and rehearsal.failed,
        results=[_size(each) for each in (rehearsal.results if rehearsal else ())],
    )


def _size(each: Rehearsed) -> SizeDocument:
    return SizeDocument(
        numbers=each.numbers,
        visits=each.visits,
        overflow=each.overflow,
        calls=each.calls,
        untracked=each.untracked,
        right=each.right,
        confidence=each.confidence,
    )
