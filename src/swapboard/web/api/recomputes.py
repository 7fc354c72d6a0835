"""`/api/v1/recomputes`: past calls credited anew by what was learned since, and the log of it."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from swapboard.accounts.rights import Resource
from swapboard.attribution.changes import CreditChange, list_changes
from swapboard.attribution.recompute import Recredit, Review, in_batches, review
from swapboard.clock import DAY, iso
from swapboard.switchboard.recrediting import recredit
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import ListQuery, Message, Moment, PageDocument, RefId
from swapboard.web.api.problem import conflict
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/recomputes", tags=[Resource.RECOMPUTES], route_class=ApiRoute)


class CreditDocument(BaseModel):
    """What a call is credited to."""

    kind: str = Field(description="session, static or unknown")
    session_id: str | None
    confidence: float | None


class ChangeDocument(BaseModel):
    """A call that was credited differently after it had ended."""

    id: str
    call_id: str
    at: Moment
    by: str = Field(description="A person, a key, `command line`, or `carrier` for what a carrier told late.")
    version: int = Field(description="Of what was learned.")
    was: CreditDocument
    became: CreditDocument


class ChangeQuery(ListQuery):
    """Which lines of the log."""

    call_id: RefId | None = None


class Recompute(Message):
    """Weigh past calls anew."""

    days: int = Field(ge=1, le=3650, description="How many days back.")
    apply: bool = Field(False, description="False only tells what would change.")
    version: int | None = Field(
        None, ge=0, description="Apply only if this is still the latest that was learned: `version` of the answer."
    )


class ShiftDocument(BaseModel):
    """A call that comes out differently."""

    call_id: str
    was: CreditDocument
    becomes: CreditDocument


class ReviewDocument(BaseModel):
    """What weighing anew changes, or changed."""

    version: int
    calls: int = Field(description="How many were weighed.")
    changed: int = Field(description="How many were changed: none where `apply` was false.")
    changes: list[ShiftDocument]


@router.get("", summary="List calls that were credited differently, the latest change first")
async def list_(query: Annotated[ChangeQuery, Query()], desk: AtDesk) -> PageDocument[ChangeDocument]:
    """A page of the log; `next_cursor` continues with older lines."""
    page = await desk.read(
        lambda connection: list_changes(connection, desk.company_id, query.limit, query.cursor, query.call_id)
    )
    return PageDocument(data=[_line(each) for each in page.rows], next_cursor=page.next_cursor)


@router.post("", summary="Weigh past calls anew")
async def weigh(sent: Recompute, desk: AtDesk) -> ReviewDocument:
    """Tells which calls come out differently; with `apply` they are credited so, and it is written down."""
    now = desk.now
    found = await desk.read(lambda connection: review(connection, desk.company_id, now - sent.days * DAY, now))
    if sent.apply and sent.version is not None and sent.version != found.version:
        raise conflict("learned_since", "Something new was learned since. Ask again without `apply`, then decide.")
    changed = 0
    for batch in in_batches(found.changes) if sent.apply else ():
        changed += await desk.exchange.change(
            partial(
                recredit,
                company_id=desk.company_id,
                version=found.version,
                changes=batch,
                actor=desk.caller.known_as,
                now=now,
            )
        )
    return _document(found, changed)


def _document(found: Review, changed: int) -> ReviewDocument:
    return ReviewDocument(
        version=found.version,
        calls=found.weighed,
        changed=changed,
        changes=[_shift(each) for each in found.changes],
    )


def _shift(change: Recredit) -> ShiftDocument:
    return ShiftDocument(
        call_id=change.call_id, was=_credit(asdict(change.was)), becomes=_credit(asdict(change.became))
    )


def _line(change: CreditChange) -> ChangeDocument:
    return ChangeDocument(
        id=change.change_id,
        call_id=change.call_id,
        at=iso(change.happened_at),
        by=change.actor,
        version=change.version,
        was=_credit(change.was),
        became=_credit(change.became),
    )


def _credit(said: Mapping[str, Any]) -> CreditDocument:
    return CreditDocument(**said)
