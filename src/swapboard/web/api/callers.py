"""`/api/v1/callers`: forgetting one, as people may ask for."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from swapboard.accounts.rights import Resource
from swapboard.switchboard.forgetting_caller import forget_caller
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import Message, PhoneText, phone
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/callers", tags=[Resource.CALLERS], route_class=ApiRoute)


class ForgottenCaller(Message):
    """Whoever called or wrote with this number."""

    number: PhoneText = Field(description="As it was shown, in any way of writing.")


class Forgotten(BaseModel):
    """What was forgotten."""

    calls: int = Field(description="How many calls are nobody's now.")
    texts: int = Field(description="How many texts from and to them were deleted.")


@router.post("/forget", summary="Forget a caller")
async def forget(sent: ForgottenCaller, desk: AtDesk) -> Forgotten:
    """Deletes number, name and recordings of every call, and all texts; that somebody called stays."""
    number, actor = phone(sent.number, desk.company.country, "number"), desk.caller.known_as
    gone = await desk.change(
        lambda connection: forget_caller(connection, desk.company_id, number, actor, desk.now)
    )
    return Forgotten(calls=gone.calls, texts=gone.texts)
