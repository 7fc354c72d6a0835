"""A call as the API tells it."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.calls.call import Status
from swapboard.calls.listing import CallRecord, call_by_ref
from swapboard.calls.spam import Signal
from swapboard.clock import iso
from swapboard.recordings.recording import Because, Recording
from swapboard.recordings.store import recordings_of_calls
from swapboard.web.api.fields import E164Text, Moment
from swapboard.web.api.judgements import JudgementDocument, judgements_of
from swapboard.web.api.recordings import RecordingDocument, kept_one, why_gone


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
