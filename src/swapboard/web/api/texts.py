"""`/api/v1/texts`: what missed callers are written, what was sent and came in, who wants no more."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource
from swapboard.calls.nodes import MissedText
from swapboard.clock import iso
from swapboard.texts.store import has_stopped, list_stops, list_texts, replies_of, set_reply, set_stopped
from swapboard.texts.text import ANY_LINE, NUMBER, TextMessage, TextState
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import E164Text, ListQuery, Message, Moment, PageDocument, PhoneText, phone
from swapboard.web.api.line import line_named
from swapboard.web.api.problem import invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/texts", tags=[Resource.TEXTS], route_class=ApiRoute)


class TextDocument(BaseModel):
    """A text message."""

    id: str
    company_id: str
    call_id: str | None = Field(description="The missed call that it answers; null for one that came in.")
    sender: E164Text
    recipient: E164Text
    body: str
    state: TextState
    written_at: Moment
    words: str | None = Field(description="Why it was not sent: a reason, or the carrier's own words.")


class ReplyDocument(BaseModel):
    """What a number's missed callers are written."""

    number: E164Text | None = Field(description="The tracking number; null for all that have none of their own.")
    text: str = Field(description="`{number}` becomes the number that was called; empty: nothing is written.")


class ReplyChange(Message):
    """The words."""

    text: MissedText = ""


class StopDocument(BaseModel):
    """Somebody who wants no texts."""

    number: E164Text
    since: Moment


class Stop(Message):
    """Who wants no texts, or wants them again."""

    number: PhoneText
    stopped: bool = True


@router.get("", summary="List text messages, newest first")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[TextDocument]:
    """A page of what was sent, waits, and came in."""
    page = await desk.read(lambda connection: list_texts(connection, desk.company_id, query.limit, query.cursor))
    return PageDocument(data=[text_document(each) for each in page.rows], next_cursor=page.next_cursor)


@router.get("/replies", summary="What missed callers are written")
async def list_replies(desk: AtDesk) -> PageDocument[ReplyDocument]:
    """The text of all numbers, and those of single ones."""
    replies = await desk.read(lambda connection: replies_of(connection, desk.company_id))
    own = [ReplyDocument(number=line, text=text) for line, text in sorted(replies.items()) if line != ANY_LINE]
    data = [ReplyDocument(number=None, text=replies.get(ANY_LINE, "")), *own]
    return PageDocument(data=data, next_cursor=None)


@router.patch("/replies/{number_id}", summary="Change what missed callers are written")
async def change_reply(number_id: str, sent: ReplyChange, desk: AtDesk) -> ReplyDocument:
    """Of one number, or with `default` of all that have no text of their own."""
    if "{" in sent.text.replace(NUMBER, ""):
        raise invalid("text", "Only {number} can be filled in: the number that was called.")

    def write(connection: Connection) -> ReplyDocument:
        line, text = line_named(connection, desk, number_id), sent.text.strip()
        if "text" in sent.model_fields_set:
            set_reply(connection, desk.company_id, line, text)
        return ReplyDocument(number=line or None, text=replies_of(connection, desk.company_id).get(line, ""))

    return await desk.write(write)


@router.delete("/replies/{number_id}", status_code=204, summary="Take a number's own text away")
async def remove_reply(number_id: str, desk: AtDesk) -> None:
    """The number is like all others again; with `default`, those write nothing."""
    await desk.write(
        lambda connection: set_reply(connection, desk.company_id, line_named(connection, desk, number_id), None)
    )


@router.get("/stops", summary="Who wants no texts")
async def stops(desk: AtDesk) -> PageDocument[StopDocument]:
    """Whoever wrote STOP, or of whom somebody said so here: the latest first, 500 at most."""
    found_ = await desk.read(lambda connection: list_stops(connection, desk.company_id))
    data = [StopDocument(number=number, since=iso(since)) for number, since in found_]
    return PageDocument(data=data, next_cursor=None)


@router.post("/stops", status_code=200, summary="Say that somebody wants no texts")
async def stop(sent: Stop, desk: AtDesk) -> Stop:
    """Or, with `{"stopped": false}`, that they want them again."""
    number = phone(sent.number, desk.company.country, "number")

    def write(connection: Connection) -> Stop:
        set_stopped(connection, desk.company_id, number, sent.stopped, desk.now)
        return Stop(number=number, stopped=has_stopped(connection, desk.company_id, number))

    return await desk.write(write)


def text_document(text: TextMessage) -> TextDocument:
    return TextDocument(
        id=text.message_id,
        company_id=text.company_id,
        call_id=text.call_id,
        sender=text.sender,
        recipient=text.recipient,
        body=text.body,
        state=text.state,
        written_at=iso(text.written_at),
        words=text.words,
    )
