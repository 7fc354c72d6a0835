"""`/api/v1/calls`: the calls, newest first, with what they are credited to (DESIGN 5.3)."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.accounts.store import touch_config
from swapboard.calls.call import Status
from swapboard.calls.listing import CallFilter, CallRecord, call_by_id, list_calls
from swapboard.calls.verdict import MOST_CENTS, MOST_TAGS, Verdict, tidy_tags
from swapboard.storage.paging import Key, write_cursor
from swapboard.switchboard.clearing import clear
from swapboard.switchboard.judging import judge
from swapboard.web.api.call_documents import CallDocument, call_documents
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.exporting import AFTER, LINES_AT_ONCE, described, exported
from swapboard.web.api.fields import (
    Asked,
    Change,
    Instant,
    ListQuery,
    PageDocument,
    PhoneText,
    RefId,
    Word,
    found,
    instant_of,
    phone,
)
from swapboard.web.api.problem import Problem, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/calls", tags=[Resource.CALLS], route_class=ApiRoute)


class CallsWanted(Asked):
    """Which calls; all that is given must fit."""

    from_: Instant | None = Field(None, alias="from", description="Began at this instant or later.")
    to: Instant | None = Field(None, description="Began before this instant.")
    status: Status | None = None
    channel: Word | None = None
    campaign: Word | None = None
    tracking_number: PhoneText | None = None
    caller: PhoneText | None = None
    session_id: RefId | None = None
    spam: bool | None = Field(None, description="Only spam, or only what is none.")
    q: str | None = Field(None, max_length=200, description="Words, or a phone number, that must all occur.")
    said: str | None = Field(None, max_length=200, description="Words that were said in the call, all of them.")


class CallQuery(CallsWanted, ListQuery):
    """A page of them."""


class CallExport(CallsWanted):
    """All of them."""

    after: RefId | None = Field(None, description=AFTER)


@router.get("", summary="List calls, newest first")
async def list_(query: Annotated[CallQuery, Query()], desk: AtDesk) -> PageDocument[CallDocument]:
    """A page of calls; `next_cursor` continues with older ones."""
    wanted = _wanted(query, desk)
    return await desk.read(lambda connection: _page(connection, desk, wanted, query.limit, query.cursor))


@router.get("/export", summary="Export calls", response_class=Response, responses=described(CallDocument))
async def export(query: Annotated[CallExport, Query()], desk: AtDesk) -> Response:
    """All calls, newest first, as JSON Lines: one call in each line."""
    wanted = _wanted(query, desk)
    cursor = await desk.read(lambda connection: _cursor_after(connection, desk, query.after))
    return await exported(
        desk, lambda connection, cursor: _page(connection, desk, wanted, LINES_AT_ONCE, cursor), cursor
    )


def _cursor_after(connection: Connection, desk: Desk, call_id: str | None) -> str | None:
    if call_id is None:
        return None
    call = call_by_id(connection, desk.company_id, call_id)
    if call is None:
        raise invalid("after", "There is no such call.", "query")
    return write_cursor(Key(call.started_at, call.call_id))


def _wanted(query: CallsWanted, desk: Desk) -> CallFilter:
    """Raises Problem (403) for who may not search what was said, (422) for what is no number."""
    country = desk.company.country
    if query.said and not desk.role.may_listen:
        raise Problem(403, "forbidden", f"A key with the role {desk.role.value} may not search what was said.")
    return CallFilter(
        from_at=instant_of(query.from_),
        until_at=instant_of(query.to),
        status=query.status,
        channel=query.channel,
        campaign=query.campaign,
        tracking_number=_number(query.tracking_number, country, "tracking_number"),
        caller=_number(query.caller, country, "caller"),
        session_id=query.session_id,
        spam=query.spam,
        text=query.q,
        said=desk.exchange.sealer.searched(desk.company_id, query.said or ""),
        country=country,
    )


def _page(
    connection: Connection, desk: Desk, wanted: CallFilter, limit: int, cursor: str | None
) -> PageDocument[CallDocument]:
    page = list_calls(connection, desk.company_id, wanted, limit, cursor)
    documents = call_documents(connection, desk.company_id, page.rows)
    return PageDocument(data=documents, next_cursor=page.next_cursor)


class CallChange(Change):
    """What a person says of a call; null takes it back."""

    tags: list[Word] | None = Field(None, max_length=MOST_TAGS, description="Instead of the tags so far.")
    value: float | None = Field(None, ge=0, le=MOST_CENTS / 100, description="What the call was worth.")
    qualified: bool | None = Field(None, description="Whether the caller was a good lead.")
    spam: bool | None = Field(None, description="True blocks the caller, false always puts them through.")


@router.get("/{call_id}", summary="One call")
async def get(call_id: str, desk: AtDesk) -> CallDocument:
    """The call with this id."""
    return await desk.read(lambda connection: _document(connection, desk.company_id, call_id))


@router.patch("/{call_id}", summary="Judge a call")
async def change(call_id: str, sent: CallChange, desk: AtDesk) -> CallDocument:
    """Tags, value and verdict; what is left out stays as it was."""

    def run(connection: Connection) -> CallDocument:
        known = found(call_by_id(connection, desk.company_id, call_id), "call")
        said = frozenset(sent.model_fields_set)
        judge(connection, desk.company_id, call_id, _verdict(known, sent), desk.now, said=said)
        if "spam" in sent.model_fields_set:
            touch_config(connection, desk.company_id)
            by = desk.caller.known_as
            clear(connection, desk.company_id, call_id, sent.spam, by, desk.now)
        return _document(connection, desk.company_id, call_id)

    return await desk.write(run)


def _document(connection: Connection, company_id: str, call_id: str) -> CallDocument:
    call = found(call_by_id(connection, company_id, call_id), "call")
    [document] = call_documents(connection, company_id, [call])
    return document


def _verdict(known: CallRecord, sent: CallChange) -> Verdict:
    said = sent.model_fields_set
    try:
        tags = tidy_tags(sent.tags or ()) if "tags" in said else known.tags
    except ValueError as error:
        raise invalid("tags", str(error)) from None
    cents = round(sent.value * 100) if sent.value is not None else None
    return Verdict(
        tags=tags,
        value_cents=cents if "value" in said else known.value_cents,
        qualified=sent.qualified if "qualified" in said else known.qualified,
    )


def _number(text: str | None, country: str, field: str) -> str | None:
    return phone(text, country, field, "query") if text is not None else None
