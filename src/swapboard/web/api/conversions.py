"""`/api/v1/conversions`: what destinations were told, or are to be told."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.conversions.delivery_log import Attempt, Delivery, attempts_of, delivery_by_id, list_deliveries
from swapboard.conversions.destinations.request import Request, shown
from swapboard.conversions.outbox import State
from swapboard.conversions.sending_again import send_again
from swapboard.conversions.store import destination_by_id
from swapboard.leads.lead import ContactKind
from swapboard.switchboard.destination_settings import may_end
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import ListQuery, Moment, PageDocument, RefId, found, moment
from swapboard.web.api.problem import conflict
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/conversions", tags=[Resource.CONVERSIONS], route_class=ApiRoute)


class DeliveriesQuery(ListQuery):
    """Which deliveries."""

    destination_id: RefId | None = None
    state: State | None = None


class DeliveryDocument(BaseModel):
    """One thing that a destination was told, or is to be told, of a call or a form."""

    id: str
    destination_id: str
    conversion_id: str = Field(description="The conversion's own name at the platform.")
    says: str = Field(description="convert, restate (another value), retract, or an event as `call.ended`")
    contact_kind: ContactKind
    contact_id: str
    value_cents: int | None
    currency: str
    state: State
    said_at: Moment
    due_at: Moment | None = Field(description="When it is tried next, while it waits.")
    attempts: int
    ended_at: Moment | None
    words: str | None = Field(description="What the platform answered last, or why it was not told.")


class AttemptDocument(BaseModel):
    """One try."""

    attempt: int
    happened_at: Moment
    outcome: str
    words: str


class RequestDocument(BaseModel):
    """An HTTP request, with its secrets left out."""

    method: str
    url: str
    headers: dict[str, str]
    body: str


class WholeDelivery(DeliveryDocument):
    """A delivery with its tries, and the exact request that it is."""

    tries: list[AttemptDocument]
    requests: list[RequestDocument] = Field(description="Empty where the destination cannot be opened any more.")


@router.get("", summary="List what was told or is to be told, the latest first")
async def list_(query: Annotated[DeliveriesQuery, Query()], desk: AtDesk) -> PageDocument[DeliveryDocument]:
    """A page of deliveries."""
    page = await desk.read(
        lambda connection: list_deliveries(
            connection, desk.company_id, query.destination_id, query.state, query.limit, query.cursor
        )
    )
    return PageDocument(data=[document(each) for each in page.rows], next_cursor=page.next_cursor)


@router.get("/{delivery_id}", summary="One delivery, with its tries and its exact request")
async def get(delivery_id: str, desk: AtDesk) -> WholeDelivery:
    """The delivery with this id."""

    def look(connection: Connection) -> WholeDelivery:
        delivery = _found(connection, desk, delivery_id)
        tries = attempts_of(connection, desk.company_id, delivery_id)
        requests = _requests(connection, desk, delivery)
        return WholeDelivery(
            **document(delivery).model_dump(),
            tries=[_attempt(each) for each in tries],
            requests=[_shown(each) for each in requests],
        )

    return await desk.read(look)


@router.post("/{delivery_id}/again", response_model=DeliveryDocument, summary="Send what failed again")
async def again(delivery_id: str, desk: ToCreate) -> Response:
    """It is tried at once, under the same id, and as often as if it were new."""

    def write(connection: Connection) -> DeliveryDocument:
        delivery = _found(connection, desk, delivery_id)
        ended = may_end(destination_by_id(connection, desk.company_id, delivery.destination_id))
        if not send_again(connection, desk.company_id, delivery_id, desk.now, ended):
            raise conflict(
                "not_failed",
                "Only what failed or was withheld can be sent again; what was told already might count twice.",
            )
        return document(_found(connection, desk, delivery_id))

    return await desk.create(write, 200)


def _requests(connection: Connection, desk: Desk, delivery: Delivery) -> Sequence[Request]:
    record = found(destination_by_id(connection, desk.company_id, delivery.destination_id), "destination")
    try:
        return desk.exchange.deliverer.preview(record, delivery.message)
    except ValueError:
        return ()


def _shown(request: Request) -> RequestDocument:
    told = shown(request)
    return RequestDocument(
        method=told.method, url=told.url, headers=dict(told.headers), body=told.body.decode(errors="replace")
    )


def _found(connection: Connection, desk: Desk, delivery_id: str) -> Delivery:
    return found(delivery_by_id(connection, desk.company_id, delivery_id), "delivery")


def document(delivery: Delivery) -> DeliveryDocument:
    """A delivery as the API writes it."""
    message = delivery.message
    return DeliveryDocument(
        id=delivery.delivery_id,
        destination_id=delivery.destination_id,
        conversion_id=message.conversion_id,
        says=message.saying,
        contact_kind=message.contact.kind,
        contact_id=message.contact.contact_id,
        value_cents=message.value_cents,
        currency=message.currency,
        state=delivery.state,
        said_at=iso(delivery.said_at),
        due_at=iso(delivery.due_at) if delivery.state is State.WAITING else None,
        attempts=delivery.attempts,
        ended_at=moment(delivery.ended_at),
        words=delivery.words,
    )


def _attempt(attempt: Attempt) -> AttemptDocument:
    return AttemptDocument(
        attempt=attempt.attempt,
        happened_at=iso(attempt.happened_at),
        outcome=attempt.result.outcome,
        words=attempt.result.words,
    )
