"""`/api/v1/numbers/search`, `/orders`, `/actions`: numbers are found, bought once, and led through their life."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.carriers.base import CarrierError
from swapboard.numbers.acting import Order, act
from swapboard.numbers.lifecycle import Action, NotPossible
from swapboard.numbers.listing import numbers_by_id, pool_by_id
from swapboard.numbers.matching import Wanted, mismatch, wanted_for
from swapboard.numbers.orders import NumberOrder, OrderState
from swapboard.numbers.target_listing import target_by_id
from swapboard.switchboard.buying import NoSuchCarrier, OrderReused, Purpose, buy_number, find_numbers
from swapboard.web.api.desk import KEY_PATTERN, AtDesk, Desk
from swapboard.web.api.fields import (
    Cents,
    E164Text,
    Message,
    Moment,
    PhoneText,
    RefId,
    Word,
    moment,
    one_of_two,
    phone,
)
from swapboard.web.api.number_documents import NumbersDocument, document
from swapboard.web.api.problem import ELSEWHERE, Problem, conflict, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/numbers", tags=[Resource.NUMBERS], route_class=ApiRoute)

MOST_AT_ONCE = 1_000


class _For(Message):
    """What a number is for: a pool, or one place for a target."""

    model_config = ConfigDict(json_schema_extra=one_of_two("pool_id", "target_id"))

    carrier_id: RefId
    pool_id: RefId | None = None
    target_id: RefId | None = None


class SearchMessage(_For):
    """What to look for; the area is the target's own, then any, unless one is given."""

    area_code: str | None = Field(None, pattern=r"^\d{1,6}$")
    limit: int = Field(20, ge=1, le=50)


class OfferDocument(BaseModel):
    """A number for sale."""

    number: E164Text
    locality: str | None
    region: str | None
    mismatch: str | None = Field(description="What a caller would find odd about it, beside the target.")


class OffersDocument(BaseModel):
    """Numbers for sale, those that would do best first."""

    data: list[OfferDocument]


class OrderMessage(_For):
    """A number to buy. This costs money."""

    number: PhoneText
    placement: Word | None = None
    channel: Word | None = None
    source: Word | None = None
    medium: Word | None = None
    campaign: Word | None = None
    monthly_cents: Cents | None = None


class OrderDocument(BaseModel):
    """How an order went: `ordering` means that the carrier gave no clear answer, so look there first."""

    number: E164Text
    state: OrderState
    number_id: str | None
    problem: str | None
    created_at: Moment
    finished_at: Moment | None


class ActionMessage(Message):
    """What to do with numbers: with all, or with none. `assign` takes pool_id or target_id."""

    action: Action
    number_ids: list[RefId] = Field(min_length=1, max_length=MOST_AT_ONCE)
    pool_id: RefId | None = None
    target_id: RefId | None = None


@router.post("/search", summary="Look for numbers for sale", responses=ELSEWHERE)
async def search(message: SearchMessage, desk: AtDesk) -> OffersDocument:
    """Asks the carrier; nothing is ordered."""
    target = await _target(desk, message)
    wanted = wanted_for(target)
    if message.area_code:
        wanted = Wanted(wanted.country, (message.area_code,))
    try:
        found = await find_numbers(
            desk.exchange, desk.company_id, message.carrier_id, target, wanted, message.limit
        )
    except NoSuchCarrier as error:
        raise invalid("carrier_id", str(error)) from None
    except CarrierError as error:
        raise Problem(502, "carrier_failed", str(error)) from None
    return OffersDocument(
        data=[
            OfferDocument(
                number=each.number,
                locality=each.locality,
                region=each.region,
                mismatch=mismatch(target, each.number),
            )
            for each in found
        ]
    )


OrderKey = Annotated[
    str,
    Header(alias="Idempotency-Key", pattern=KEY_PATTERN, description="The order's own: it is done once for each."),
]


@router.post("/orders", status_code=201, response_model=OrderDocument, summary="Buy a number")
async def order(message: OrderMessage, desk: AtDesk, key: OrderKey) -> Response:
    """Costs money at the carrier. The Idempotency-Key must be given: it makes this one order for ever."""
    await _target(desk, message)
    purpose = Purpose(**message.model_dump(exclude={"carrier_id", "number"}))
    number = phone(message.number, desk.company.country, "number")
    order_key = f"{desk.caller.key.key_id}/{key}"
    try:
        done = await buy_number(
            desk.exchange, desk.company_id, order_key, number, message.carrier_id, purpose, desk.caller.known_as
        )
    except NoSuchCarrier as error:
        raise invalid("carrier_id", str(error)) from None
    except OrderReused as error:
        raise Problem(422, "idempotency_key_reused", str(error)) from None
    if done.state is OrderState.FAILED:
        raise conflict("carrier_refused", f"The carrier refused: {done.problem}")
    status = 201 if done.state is OrderState.BOUGHT else 202
    return Response(_order(done).model_dump_json(), status, media_type="application/json")


@router.post("/actions", summary="Pause, quarantine, release, activate or assign numbers")
async def actions(message: ActionMessage, desk: AtDesk) -> NumbersDocument:
    """Done with all of them, or with none; those that are so already stay. Each is written to the numbers' log."""
    wanted = Order(message.action, message.number_ids, desk.caller.known_as, message.pool_id, message.target_id)

    def write(connection: Connection) -> NumbersDocument:
        ids: Sequence[str] = list(dict.fromkeys(message.number_ids))
        act(connection, desk.company_id, wanted, desk.now)
        return NumbersDocument(
            data=[document(each, desk) for each in numbers_by_id(connection, desk.company_id, ids)]
        )

    try:
        return await desk.change(write)
    except NotPossible as error:
        raise conflict("not_possible", str(error)) from None


async def _target(desk: Desk, wanted: _For) -> str:
    """The number that the new one would stand for. Raises Problem (422)."""

    def look(connection: Connection) -> str | None:
        pool = pool_by_id(connection, desk.company_id, wanted.pool_id) if wanted.pool_id else None
        target_id = pool.target_id if pool else wanted.target_id
        target = target_by_id(connection, desk.company_id, target_id) if target_id else None
        return target.number if target else None

    if (wanted.pool_id is None) == (wanted.target_id is None):
        raise invalid("pool_id", "Give either pool_id (a pool number) or target_id (a static number).")
    number = await desk.read(look)
    if number is None:
        raise invalid("pool_id" if wanted.pool_id else "target_id", "There is none with this id.")
    return number


def _order(done: NumberOrder) -> OrderDocument:
    return OrderDocument(
        number=done.number,
        state=done.state,
        number_id=done.number_id,
        problem=done.problem,
        created_at=moment(done.created_at) or "",
        finished_at=moment(done.finished_at),
    )
