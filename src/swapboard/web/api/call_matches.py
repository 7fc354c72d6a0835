"""`/api/v1/calls/{id}/match`: a person's word on what a call is credited to."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource
from swapboard.attribution.verdicts import Said, said_of, say
from swapboard.calls.listing import call_by_id
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import Message, found
from swapboard.web.api.problem import conflict
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/calls", tags=[Resource.CALLS], route_class=ApiRoute)


class MatchWord(Message):
    """A person's word on what a call is credited to: a visit, or nobody from the site."""

    model_config = ConfigDict(
        json_schema_extra={
            "not": {
                "required": ["right", "nobody"],
                "properties": {"right": {"type": "boolean"}, "nobody": {"const": True}},
            }
        }
    )

    right: bool | None = Field(None, description="Whether that is so; null takes the word back.")
    nobody: bool = Field(False, description="It was nobody of the candidates: leave `right` out.")

    @model_validator(mode="after")
    def _one_word(self) -> Self:
        if self.nobody and self.right is not None:
            raise ValueError("say either right or nobody")
        return self

    @property
    def said(self) -> Said | None:
        """The same as one word."""
        if self.nobody:
            return Said.NOBODY
        return {None: None, True: Said.RIGHT, False: Said.WRONG}[self.right]


class MatchDocument(BaseModel):
    """What was said of a call's match; nothing changes what the call is credited to."""

    call_id: str
    session_id: str | None
    right: bool | None
    nobody: bool = Field(description="Somebody said that it was nobody of the candidates.")
    confidence: float | None = Field(description="How sure we were when it was said.")


async def _known_call(call_id: str, desk: AtDesk) -> str:
    found(await desk.read(lambda connection: call_by_id(connection, desk.company_id, call_id)), "call")
    return call_id


@router.post("/{call_id}/match", summary="Say whether a call was credited rightly")
async def judge_match(
    call_id: Annotated[str, Depends(_known_call)], sent: MatchWord, desk: AtDesk
) -> MatchDocument:
    """It goes into how far the confidence can be trusted."""

    def run(connection: Connection) -> MatchDocument:
        by = desk.caller.known_as
        if not say(connection, desk.company_id, call_id, sent.said, by, desk.now):
            raise conflict("no_visit", "Nothing was concluded from this call that could be right or wrong.")
        said = said_of(connection, desk.company_id, call_id)
        return MatchDocument(
            call_id=call_id,
            session_id=said.session_id if said else None,
            right=said.is_right if said else None,
            nobody=said.word is Said.NOBODY if said else False,
            confidence=said.confidence if said else None,
        )

    return await desk.write(run)
