"""`/api/v1/destinations/{destination_id}/replay`: a span of time is sent once more."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.clock import from_iso
from swapboard.conversions.sending_again import BADLY, HOWEVER, replay
from swapboard.switchboard.destination_settings import may_end
from swapboard.web.api.desk import AtDesk, ToCreate
from swapboard.web.api.destinations import the_destination
from swapboard.web.api.fields import Instant, Message
from swapboard.web.api.problem import conflict
from swapboard.web.api.route import ApiRoute

router = APIRouter(
    prefix="/destinations/{destination_id}/replay", tags=[Resource.DESTINATIONS], route_class=ApiRoute
)


class Replay(Message):
    """What is to be sent once more: all that was said in [since, until)."""

    since: Instant
    until: Instant
    told_too: Annotated[bool, Field(description="What was told as well, and not only what failed.")] = False


class ReplayDocument(BaseModel):
    """How many messages are on their way again."""

    count: int


async def _known(destination_id: str, desk: AtDesk) -> str:
    """Another company's destination is unknown, whatever was sent with it."""
    await desk.read(lambda connection: the_destination(connection, desk, destination_id))
    return destination_id


@router.post("", response_model=ReplayDocument, summary="Send a span of time once more")
async def replay_span(
    destination_id: Annotated[str, Depends(_known)], message: Replay, desk: ToCreate
) -> Response:
    """What failed or was withheld, and with `told_too` what was told, goes out again under its old ids."""
    span = from_iso(message.since), from_iso(message.until)

    def write(connection: Connection) -> ReplayDocument:
        record = the_destination(connection, desk, destination_id)
        if message.told_too and may_end(record) is BADLY:
            raise conflict("told_already", f"{record.name} might count twice what it was told already.")
        ended = HOWEVER if message.told_too else BADLY
        return ReplayDocument(count=replay(connection, desk.company_id, destination_id, span, desk.now, ended))

    return await desk.create(write, 200)
