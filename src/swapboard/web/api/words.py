"""`/api/v1/words` and a call's transcript: what was said, what is listened for, whether it is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.audit import Act, note
from swapboard.accounts.rights import Resource
from swapboard.calls.listing import call_by_id
from swapboard.calls.phrase_store import (
    PhraseRecord,
    TooMany,
    calls_by_phrase,
    drop_phrase,
    hits_of_calls,
    phrases_of,
    put_phrase,
    set_word_settings,
    word_settings_of,
)
from swapboard.calls.phrases import LONGEST_PHRASE, Hit, Meaning, Phrase, SaidBy, merged, tidy_phrase
from swapboard.calls.transcript import Side, Transcript
from swapboard.calls.verdict import LONGEST_TAG
from swapboard.clock import DAY, iso
from swapboard.recordings.chunks import Damaged
from swapboard.recordings.recording import Kind, Recording
from swapboard.recordings.speech import caller_share
from swapboard.recordings.store import recordings_of_call
from swapboard.recordings.transcripts import TranscriptRecord, TranscriptState, transcripts_of_call
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, Message, Moment, PageDocument, found
from swapboard.web.api.problem import Problem, conflict, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/words", tags=[Resource.WORDS], route_class=ApiRoute)
of_call = APIRouter(prefix="/calls/{call_id}", tags=[Resource.CALLS], route_class=ApiRoute)

COUNTED_DAYS = 90


class WordDocument(BaseModel):
    """A word as it was heard."""

    text: str
    begins: float = Field(description="Seconds from the recording's beginning.")
    ends: float


class SegmentDocument(BaseModel):
    """What one side said in one go."""

    side: Side
    begins: float
    ends: float
    text: str
    words: list[WordDocument]


class HitDocument(BaseModel):
    """A phrase that was said."""

    phrase: str
    heard: str = Field(description="The words in which it was said first.")
    counts: dict[Side, int]
    first_at: dict[Side, float] = Field(description="Seconds from the recording's beginning.")


class TranscriptDocument(BaseModel):
    """What was said in one recording of a call."""

    recording_id: str
    kind: Kind
    state: TranscriptState = Field(description="due: it is being written down; failed: see `trouble`.")
    trouble: str | None
    made_at: Moment | None
    language: str | None
    engine: str | None
    caller_share: float | None = Field(description="The caller's part of all that was said, from 0 to 1.")
    segments: list[SegmentDocument]


class TranscriptsDocument(BaseModel):
    """What was said in a call."""

    call_id: str
    hits: list[HitDocument] = Field(description="Which of the company's phrases were said.")
    transcripts: list[TranscriptDocument]


class WordSettingsDocument(BaseModel):
    """Whether what is said is written down."""

    transcribes: bool
    language: str = Field(description="ISO 639-1; empty finds it out, call by call.")
    trouble: str | None = Field(description="What keeps this server from writing anything down.")


class WordSettingsChange(Change):
    """What to change; a field that is left out stays."""

    transcribes: bool = False
    language: str = Field("", pattern="^([a-z]{2,3})?$")


class NewPhrase(Message):
    """What to listen for; the same words again change the rest."""

    phrase: Annotated[str, Field(min_length=1, max_length=LONGEST_PHRASE + 20)]
    said_by: SaidBy = SaidBy.ANYBODY
    meaning: Meaning = Field(Meaning.NOTHING, description="Whether it speaks for a good lead.")
    tag: str = Field("", max_length=LONGEST_TAG)


class PhraseDocument(BaseModel):
    """What is listened for."""

    id: str
    phrase: str
    said_by: SaidBy
    meaning: Meaning
    tag: str
    calls: int = Field(description="In how many calls of the last 90 days it was said by anybody.")
    created_at: Moment


@of_call.get("/transcript", summary="What was said in a call")
async def transcript(call_id: str, desk: AtDesk) -> TranscriptsDocument:
    """Word for word, by side; who read it is written down. Card numbers are left out."""
    if not desk.role.may_listen:
        raise Problem(403, "forbidden", f"A key with the role {desk.role.value} may not read what was said.")

    def look(connection: Connection) -> tuple[list[TranscriptDocument], Sequence[Hit]]:
        found(call_by_id(connection, desk.company_id, call_id), "call")
        kept = {each.recording_id: each for each in recordings_of_call(connection, desk.company_id, call_id)}
        documents = [
            _transcript(each, desk, kept[each.recording_id].kind, _share(kept[each.recording_id]))
            for each in transcripts_of_call(connection, desk.company_id, call_id)
        ]
        hits = hits_of_calls(connection, desk.company_id, [call_id]).get(call_id, ())
        return documents, merged(hits)

    documents, hits = await desk.read(look)
    if any(each.segments for each in documents):
        by = desk.caller.known_as
        await desk.exchange.change(
            lambda connection: note(connection, desk.company_id, by, Act.READ, call_id, desk.now)
        )
    return TranscriptsDocument(call_id=call_id, hits=[_hit(each) for each in hits], transcripts=documents)


@router.get("/settings", summary="Whether what is said is written down")
async def get_settings(desk: AtDesk) -> WordSettingsDocument:
    """And what keeps this server from it, if anything."""
    return await desk.read(lambda connection: _settings(connection, desk))


@router.patch("/settings", summary="Let what is said be written down, or not")
async def change_settings(sent: WordSettingsChange, desk: AtDesk) -> WordSettingsDocument:
    """It holds for recordings that come in from now on."""

    def write(connection: Connection) -> WordSettingsDocument:
        known = word_settings_of(connection, desk.company_id)
        wanted = replace(known, **sent.model_dump(include=sent.model_fields_set))
        if wanted != known:
            set_word_settings(connection, desk.company_id, wanted)
        return _settings(connection, desk)

    return await desk.write(write)


@router.get("/phrases", summary="What is listened for")
async def list_phrases(desk: AtDesk) -> PageDocument[PhraseDocument]:
    """By its words, with how often it was said."""

    def look(connection: Connection) -> PageDocument[PhraseDocument]:
        counts = calls_by_phrase(connection, desk.company_id, desk.now - COUNTED_DAYS * DAY)
        phrases = phrases_of(connection, desk.company_id)
        return PageDocument(data=[_phrase(each, counts) for each in phrases], next_cursor=None)

    return await desk.read(look)


@router.post("/phrases", status_code=201, response_model=PhraseDocument, summary="Listen for something")
async def add_phrase(new: NewPhrase, desk: ToCreate) -> Response:
    """What is kept already is looked through, too."""
    try:
        phrase = Phrase(tidy_phrase(new.phrase), new.said_by, new.meaning, " ".join(new.tag.split()))
    except ValueError as error:
        raise invalid("phrase", str(error)) from None

    def write(connection: Connection) -> PhraseDocument:
        try:
            return _phrase(put_phrase(connection, desk.company_id, phrase, desk.now), {})
        except TooMany as error:
            raise conflict("too_many", str(error)) from None

    return await desk.create(write)


@router.delete("/phrases/{phrase_id}", status_code=204, summary="Listen for it no more")
async def remove_phrase(phrase_id: str, desk: AtDesk) -> None:
    """Tags that it gave to calls stay."""

    def write(connection: Connection) -> None:
        if not drop_phrase(connection, desk.company_id, phrase_id, desk.now):
            found(None, "phrase")

    await desk.write(write)


def _share(recording: Recording) -> float | None:
    return caller_share(recording.turns, len(recording.waveform))


def _transcript(record: TranscriptRecord, desk: Desk, kind: Kind, share: float | None) -> TranscriptDocument:
    opened, trouble = _opened(record, desk)
    return TranscriptDocument(
        recording_id=record.recording_id,
        kind=kind,
        state=record.state,
        trouble=record.trouble or trouble,
        made_at=iso(record.made_at) if record.made_at is not None else None,
        language=opened.language if opened else None,
        engine=opened.engine if opened else None,
        caller_share=share,
        segments=_segments(opened) if opened else [],
    )


def _opened(record: TranscriptRecord, desk: Desk) -> tuple[Transcript | None, str | None]:
    try:
        return (desk.exchange.sealer.read(record.sealed) if record.sealed else None), None
    except Damaged as error:
        return None, str(error)


def _segments(opened: Transcript) -> list[SegmentDocument]:
    return [
        SegmentDocument(
            side=each.side,
            begins=each.begins,
            ends=each.ends,
            text=each.text,
            words=[WordDocument(text=word.text, begins=word.begins, ends=word.ends) for word in each.words],
        )
        for each in opened.segments
    ]


def _hit(hit: Hit) -> HitDocument:
    return HitDocument(phrase=hit.text, heard=hit.heard, counts=dict(hit.counts), first_at=dict(hit.first_at))


def _settings(connection: Connection, desk: Desk) -> WordSettingsDocument:
    known = word_settings_of(connection, desk.company_id)
    return WordSettingsDocument(
        transcribes=known.transcribes, language=known.language, trouble=desk.exchange.transcriber.trouble
    )


def _phrase(record: PhraseRecord, counts: Mapping[str, int]) -> PhraseDocument:
    return PhraseDocument(
        id=record.phrase_id,
        phrase=record.phrase.text,
        said_by=record.phrase.said_by,
        meaning=record.phrase.meaning,
        tag=record.phrase.tag,
        calls=counts.get(record.phrase.text, 0),
        created_at=iso(record.created_at),
    )
