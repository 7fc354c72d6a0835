"""`/api/v1/calls`: the calls, newest first, with what they are credited to (DESIGN 5.3)."""

from collections.abc import Sequence
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.accounts.store import touch_config
from swapboard.attribution.verdicts import Said, said_of, say
from swapboard.calls.call import Status
from swapboard.calls.listing import CallFilter, CallRecord, call_by_id, call_by_ref, list_calls
from swapboard.calls.spam import Signal
from swapboard.calls.verdict import MOST_CENTS, MOST_TAGS, Verdict, tidy_tags
from swapboard.clock import iso
from swapboard.recordings.recording import Because, Recording
from swapboard.recordings.store import recordings_of_calls
from swapboard.storage.paging import Key, write_cursor
from swapboard.switchboard.clearing import clear
from swapboard.switchboard.judging import judge
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.exporting import AFTER, LINES_AT_ONCE, described, exported
from swapboard.web.api.fields import (
    Asked,
    Change,
    E164Text,
    Instant,
    ListQuery,
    Message,
    Moment,
    PageDocument,
    PhoneText,
    RefId,
    Word,
    found,
    instant_of,
    phone,
)
from swapboard.web.api.judgements import JudgementDocument, judgements_of
from swapboard.web.api.problem import Problem, conflict, invalid
from swapboard.web.api.recordings import RecordingDocument, kept_one, why_gone
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/calls", tags=[Resource.CALLS], route_class=ApiRoute)


class CallerDocument(BaseModel):
    """Who rang; a withheld number is null."""

    number: E164Text | None
    withheld: bool
    name: str | None
    place: str | None = Field(description="Where the number was issued.", examples=["New York, NY"])


class CandidateDocument(BaseModel):
    """A session that may have made the call."""

    session_id: str
    probability: float


class AttributionDocument(BaseModel):
    """What the call is credited to, with how sure that is."""

    kind: str = Field(description="session, static or unknown")
    confidence: float | None
    session_id: str | None
    visitor_id: str | None
    channel: str | None
    source: str | None
    medium: str | None
    campaign: str | None
    keyword: str | None
    landing_page: str | None
    referrer: str | None
    click_ids: dict[str, str]
    candidates: list[CandidateDocument]


class SpamReason(BaseModel):
    """One thing that speaks for spam, or against it."""

    signal: Signal
    count: int
    points: float = Field(description="Added to the log-odds; below zero it speaks against.")


class SpamDocument(BaseModel):
    """Whether the call counts as spam, and why."""

    is_spam: bool
    score: float | None = Field(description="How probable it is by itself, 0 to 1.")
    reasons: list[SpamReason]
    said: bool | None = Field(description="A person's word, which stands above the score.")


class CallDocument(BaseModel):
    """A call."""

    id: str
    company_id: str
    started_at: Moment
    tracking_number: E164Text | None
    destination: E164Text | None
    caller: CallerDocument
    status: Status
    ring_seconds: int | None
    talk_seconds: int | None
    greeting_seconds: int | None = Field(description="How long the caller heard greetings and menus.")
    voicemail_seconds: int | None = Field(description="How long a message the caller left.")
    flow_path: list[str] = Field(description="The steps of the call flow that the call went through.")
    first_time_caller: bool
    recording: RecordingDocument | None = Field(description="Of the talk, else of the message, while it is kept.")
    recording_gone_because: Because | None = Field(description="Why what was recorded is there no more.")
    tags: list[str]
    value: float | None
    qualified: bool | None
    judgement: JudgementDocument
    spam: SpamDocument
    attribution: AttributionDocument


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


def _call_document(
    call: CallRecord, recordings: Sequence[Recording], judgement: JudgementDocument
) -> CallDocument:
    return CallDocument(
        id=call.call_id,
        company_id=call.company_id,
        started_at=iso(call.started_at),
        tracking_number=call.tracking_number,
        destination=call.destination,
        caller=CallerDocument(
            number=call.caller_number,
            withheld=call.caller_withheld,
            name=call.caller_name,
            place=call.caller_place,
        ),
        status=call.status,
        ring_seconds=call.ring_seconds,
        talk_seconds=call.talk_seconds,
        greeting_seconds=call.greeting_seconds,
        voicemail_seconds=call.voicemail_seconds,
        flow_path=list(call.path),
        first_time_caller=call.first_time_caller,
        recording=kept_one(recordings),
        recording_gone_because=why_gone(recordings),
        tags=list(call.tags),
        value=call.value_cents / 100 if call.value_cents is not None else None,
        qualified=call.qualified,
        judgement=judgement,
        spam=_spam(call),
        attribution=_attribution(call),
    )


def call_documents(connection: Connection, company_id: str, calls: Sequence[CallRecord]) -> list[CallDocument]:
    """The calls as every door shows them."""
    recordings = recordings_of_calls(connection, company_id, [call.call_id for call in calls])
    judged = judgements_of(connection, company_id, calls)
    return [_call_document(call, recordings.get(call.call_id, ()), judged[call.call_id]) for call in calls]


def _spam(call: CallRecord) -> SpamDocument:
    state = call.spam
    reasons = [SpamReason(signal=each.signal, count=each.count, points=each.points) for each in state.reasons]
    return SpamDocument(is_spam=state.is_spam, score=state.score, reasons=reasons, said=state.said)


def call_document_by_ref(connection: Connection, company_id: str, call_ref: str) -> dict[str, Any] | None:
    """The document of the call that the carrier calls so, or None while it is not known."""
    call = call_by_ref(connection, company_id, call_ref)
    if call is None:
        return None
    [document] = call_documents(connection, company_id, [call])
    return document.model_dump(mode="json")


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


def _attribution(call: CallRecord) -> AttributionDocument:
    return AttributionDocument(
        kind=call.attribution_kind,
        confidence=call.confidence,
        session_id=call.session_id,
        visitor_id=call.visitor_id,
        channel=call.channel,
        source=call.source,
        medium=call.medium,
        campaign=call.campaign,
        keyword=call.keyword,
        landing_page=call.landing_page,
        referrer=call.referrer,
        click_ids=dict(call.click_ids),
        candidates=[
            CandidateDocument(session_id=each.session_id, probability=each.probability) for each in call.candidates
        ],
    )
