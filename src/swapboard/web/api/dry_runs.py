"""`/api/v1/flows/{flow_id}/dry-run`: what a caller would meet, with nothing dialled."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints

from swapboard.accounts.rights import Resource
from swapboard.attribution.home import home_of
from swapboard.calls.call import EventKind
from swapboard.calls.dry_run import Caller, DryRun, Ending, Moment, dry_run
from swapboard.calls.flow_event import FlowEvent, Visit
from swapboard.calls.flow_store import flow_by_id
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.fields import Asked, E164Text, Instant, PhoneText, found, instant_of, phone
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/flows/{flow_id}/dry-run", tags=[Resource.FLOWS], route_class=ApiRoute)

Said = Annotated[str, StringConstraints(max_length=200)]


class Answered(StrEnum):
    """Which of the phones that are rung is answered."""

    FIRST = "first"
    SECOND = "second"
    NONE = "none"


_ANSWERS = {Answered.FIRST: (True,), Answered.SECOND: (False, True), Answered.NONE: (False,)}


class DryRunQuery(Asked):
    """When the call comes, from whom, by which visit, and what is done in it."""

    at: Instant | None = Field(None, description="Now, unless it is given.")
    caller: PhoneText | None = Field(None, description="A withheld number, unless it is given.")
    keys: Annotated[str, StringConstraints(pattern="^[0-9*#.]{0,100}$")] = Field(
        "", description="What is pressed, question by question; a dot presses nothing."
    )
    answered: Answered = Answered.FIRST
    channel: Said | None = None
    source: Said | None = None
    medium: Said | None = None
    campaign: Said | None = None
    keyword: Said | None = None


class MomentDocument(BaseModel):
    """One thing that happens."""

    steps: list[str] = Field(description="Those that led to it, by their names in the flow.")
    heard: list[str]
    act: str = Field(description="What is done then, such as `dial` or `ask`.")
    numbers: list[E164Text] = Field(description="Whom it rings.")
    pressed: str | None = Field(description="Empty: nothing was; null: nothing was asked for.")
    answered: bool | None
    tags: list[str]
    survey: list[str] = Field(description="What whoever answered is asked once the caller has hung up.")


class DryRunDocument(BaseModel):
    """The whole path, and how it ended."""

    flow_id: str
    moments: list[MomentDocument]
    ending: Ending
    fault: str = Field(description="Why the flow could not tell, if so: then the default destination is dialled.")
    text: str = Field(description="What a caller whom nobody answered is written.")


@router.get("", summary="Try a flow without a call", name="try")
async def try_flow(flow_id: str, query: Annotated[DryRunQuery, Query()], desk: AtDesk) -> DryRunDocument:
    """Plays a call through the flow as it is now. Nobody is rung."""
    arrival = _arrival(query, desk)
    record = found(await desk.read(lambda connection: flow_by_id(connection, desk.company_id, flow_id)), "flow")
    run = dry_run(record.flow, arrival, Caller(query.keys, _ANSWERS[query.answered]))
    return _document(flow_id, run)


def _arrival(query: DryRunQuery, desk: Desk) -> FlowEvent:
    at = instant_of(query.at)
    number = phone(query.caller, desk.company.country, "caller", "query") if query.caller else None
    return FlowEvent(
        kind=EventKind.ARRIVED,
        at=desk.now if at is None else at,
        destination=desk.company.default_destination or "",
        caller=number,
        region=home_of(number) if number else None,
        visit=Visit(query.channel, query.source, query.medium, query.campaign, query.keyword),
    )


def _document(flow_id: str, run: DryRun) -> DryRunDocument:
    return DryRunDocument(
        flow_id=flow_id,
        moments=[_moment(each) for each in run.moments],
        ending=run.ending,
        fault=run.fault,
        text=run.text,
    )


def _moment(each: Moment) -> MomentDocument:
    return MomentDocument(
        steps=list(each.path),
        heard=list(each.heard),
        act=each.act,
        numbers=list(each.numbers),
        pressed=each.pressed,
        answered=each.is_answered,
        tags=list(each.tags),
        survey=list(each.survey),
    )
