"""`/api/v1/numbers/returns`, `/{id}/return`, `/{id}/point-here`: what becomes of a number at its carrier."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource
from swapboard.carriers.base import CarrierError
from swapboard.numbers.listing import NumberRecord, number_by_id
from swapboard.numbers.returns import Return, ReturnState, end_now, keep, open_returns, return_of
from swapboard.switchboard.buying import NoSuchCarrier
from swapboard.switchboard.pointing import NotThere, point_here
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.fields import E164Text, Message, Moment, found, moment
from swapboard.web.api.problem import ELSEWHERE, Problem, conflict
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/numbers", tags=[Resource.NUMBERS], route_class=ApiRoute)


class ReturnDocument(BaseModel):
    """A released number on its way back to its carrier."""

    number_id: str
    number: E164Text
    state: ReturnState
    due_at: Moment = Field(description="When the carrier is asked, or asked again.")
    problem: str | None = Field(description="Why it is not back yet, in the carrier's own words.")


class ReturnsDocument(BaseModel):
    """Released numbers that are still at their carrier."""

    data: list[ReturnDocument]


class ReturnMessage(Message):
    """`now` ends it without waiting for its quarantine, and wherever it points; `keep` lets it stay, and cost."""

    action: Literal["now", "keep"] = "now"


@router.get("/returns", summary="List released numbers that are still at their carrier")
async def waiting(desk: AtDesk) -> ReturnsDocument:
    """Those that still cost, the soonest first."""
    still_there = await desk.read(lambda connection: open_returns(connection, desk.company_id))
    return ReturnsDocument(data=[_document(each) for each in still_there])


@router.post("/{number_id}/return", summary="End a released number at its carrier now, or keep it there")
async def decide(number_id: str, message: ReturnMessage, desk: AtDesk) -> ReturnDocument:
    """The carrier is asked within a few minutes, until it answers clearly."""

    def write(connection: Connection) -> ReturnDocument:
        found(number_by_id(connection, desk.company_id, number_id), "tracking number")
        if message.action == "keep":
            done = keep(connection, desk.company_id, number_id, desk.now)
        else:
            done = end_now(connection, desk.company_id, number_id, desk.caller.known_as, desk.now)
        if not done:
            raise conflict("over", "This number is not on its way back to a carrier.")
        return _document(found(return_of(connection, desk.company_id, number_id), "number on its way back"))

    return await desk.change(write)


@router.post(
    "/{number_id}/point-here",
    status_code=204,
    summary="Send a number's calls here, at its carrier",
    responses=ELSEWHERE,
)
async def point(number_id: str, desk: AtDesk) -> None:
    """For a number whose carrier account sends its calls elsewhere."""
    number = await desk.read(lambda connection: _number(connection, desk, number_id))
    try:
        await point_here(desk.exchange, desk.company_id, number, desk.caller.known_as)
    except (NoSuchCarrier, NotThere) as error:
        raise conflict("not_there", str(error)) from None
    except CarrierError as error:
        raise Problem(502, "carrier_failed", str(error)) from None


def _number(connection: Connection, desk: Desk, number_id: str) -> NumberRecord:
    number = found(number_by_id(connection, desk.company_id, number_id), "tracking number")
    if number.released_at is not None:
        raise conflict("released", "This number was released.")
    return number


def _document(wanted: Return) -> ReturnDocument:
    return ReturnDocument(
        number_id=wanted.number_id,
        number=wanted.number,
        state=wanted.state,
        due_at=moment(wanted.due_at) or "",
        problem=wanted.problem,
    )
