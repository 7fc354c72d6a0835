"""`/api/v1/calls/…/recordings`: what was said, to be heard, deleted, paused."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.audit import Act
from swapboard.accounts.rights import Resource
from swapboard.calls.listing import CallRecord, call_by_id
from swapboard.carriers.base import CarrierError
from swapboard.clock import iso
from swapboard.recordings.recording import Because, Kind, Recording, State
from swapboard.recordings.speech import caller_share
from swapboard.recordings.store import fetch_again, recordings_of_call
from swapboard.recordings.transcripts import want_transcript
from swapboard.switchboard.listening import delete_recording, note_heard, pause_or_resume
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.fields import Moment, found
from swapboard.web.api.problem import ELSEWHERE, Problem, conflict
from swapboard.web.api.route import ApiRoute
from swapboard.web.bodies import Refused
from swapboard.web.sound import sound

router = APIRouter(prefix="/calls/{call_id}", tags=[Resource.CALLS], route_class=ApiRoute)


Wanted = Annotated[str | None, Header(alias="Range", description="The part that is wanted, in bytes.")]


class TurnDocument(BaseModel):
    """Somebody speaks."""

    speaker: int = Field(description="0 is the caller, 1 the other side.")
    begins: float = Field(description="Seconds from the recording's beginning.")
    ends: float


class RecordingDocument(BaseModel):
    """A recording of a talk or of a message."""

    id: str
    kind: Kind
    state: State
    recorded_at: Moment
    seconds: float | None
    url: str | None = Field(description="Where it is to be heard, with a key that may; null unless it is kept.")
    media_type: str | None
    caller_share: float | None = Field(description="The caller's part of all that was said, from 0 to 1.")
    turns: list[TurnDocument]
    trouble: str | None = Field(
        description="Why it could not be fetched from the carrier, in the carrier's words."
    )
    gone_because: Because | None = Field(description="Why there is nothing to be heard any more.")


def recording_document(recording: Recording) -> RecordingDocument:
    """The recording as the API shows it."""
    is_kept = recording.state is State.KEPT
    path = f"/api/v1/calls/{recording.call_id}/recordings/{recording.recording_id}/sound"
    return RecordingDocument(
        id=recording.recording_id,
        kind=recording.kind,
        state=recording.state,
        recorded_at=iso(recording.told_at),
        seconds=recording.seconds,
        url=path if is_kept else None,
        media_type=recording.media_type,
        caller_share=caller_share(recording.turns, len(recording.waveform)),
        turns=[TurnDocument(speaker=each.channel, begins=each.begins, ends=each.ends) for each in recording.turns],
        trouble=recording.trouble,
        gone_because=recording.gone_because,
    )


def kept_one(recordings: Sequence[Recording]) -> RecordingDocument | None:
    """The recording that stands for the call: of the talk, else of the message."""
    kept = [each for each in recordings if each.state is State.KEPT]
    first = next(iter(sorted(kept, key=lambda each: each.kind is Kind.MESSAGE)), None)
    return recording_document(first) if first else None


def why_gone(recordings: Sequence[Recording]) -> Because | None:
    """Why a call that was recorded has no recording any more."""
    if any(each.state is not State.GONE for each in recordings):
        return None
    return next((each.gone_because for each in recordings), None)


@router.get("/recordings", summary="A call's recordings")
async def list_recordings(call_id: str, desk: AtDesk) -> list[RecordingDocument]:
    """Of the talk and of the message, also those that are still to be fetched, or gone."""
    _call, recordings = await desk.read(lambda connection: _of_call(connection, desk, call_id))
    return [recording_document(each) for each in recordings]


@router.get(
    "/recordings/{recording_id}/sound",
    summary="Hear a recording",
    response_class=Response,
    responses={200: {"content": {"audio/wav": {}}}, 206: {"content": {"audio/wav": {}}}},
)
async def hear(call_id: str, recording_id: str, desk: AtDesk, range_: Wanted = None) -> Response:
    """The sound, whole or by `Range`; who heard it is written down."""
    if not desk.role.may_listen:
        raise Problem(403, "forbidden", f"A key with the role {desk.role.value} may not hear recordings.")
    recording = await _one(call_id, recording_id, desk)
    await desk.exchange.change(
        lambda connection: note_heard(connection, desk.company_id, _actor(desk), recording_id, desk.now)
    )
    try:
        return await asyncio.to_thread(sound, desk.exchange.shelf, recording, range_)
    except Refused as refused:
        raise Problem(refused.status, "no_sound", refused.reason) from None


@router.delete("/recordings/{recording_id}", status_code=204, summary="Delete a recording")
async def remove_recording(call_id: str, recording_id: str, desk: AtDesk) -> None:
    """It cannot be heard any more at once; its file and the carrier's copy go within minutes."""
    await _to_change(call_id, recording_id, desk, "delete")
    await desk.exchange.change(
        lambda connection: delete_recording(connection, desk.company_id, _actor(desk), recording_id, desk.now)
    )


@router.post("/recordings/{recording_id}/again", summary="Fetch a recording once more")
async def fetch_recording_again(call_id: str, recording_id: str, desk: AtDesk) -> RecordingDocument:
    """For one that could not be had from the carrier (409 for any other); it is tried within minutes."""
    await _to_change(call_id, recording_id, desk, "fetch")

    def write(connection: Connection) -> RecordingDocument:
        if not fetch_again(connection, desk.company_id, recording_id, desk.now):
            raise conflict("not_failed", "Only a recording that could not be fetched is fetched again.")
        return recording_document(_among(_of_call(connection, desk, call_id)[1], recording_id))

    return await desk.write(write)


@router.post(
    "/recordings/{recording_id}/transcript",
    status_code=204,
    summary="Let a recording be written down, or tried again",
)
async def transcribe_recording(call_id: str, recording_id: str, desk: AtDesk) -> None:
    """What was said is at `/calls/{call_id}/transcript` once it is written; where it is, nothing changes."""
    recording = await _to_change(call_id, recording_id, desk, "transcribe")
    if recording.state is not State.KEPT:
        raise conflict("no_sound", "There is nothing to be heard in it.")
    await desk.write(
        lambda connection: want_transcript(connection, desk.company_id, recording_id, call_id, desk.now)
    )


@router.post("/recording/pause", status_code=204, summary="Pause a call's recording", responses=ELSEWHERE)
async def pause_recording(call_id: str, desk: AtDesk) -> None:
    """For what must not be recorded, such as a card's number; the carrier must be able to."""
    await _tell_carrier(call_id, desk, Act.PAUSED)


@router.post("/recording/resume", status_code=204, summary="Resume a call's recording", responses=ELSEWHERE)
async def resume_recording(call_id: str, desk: AtDesk) -> None:
    """Record again after a pause."""
    await _tell_carrier(call_id, desk, Act.RESUMED)


async def _tell_carrier(call_id: str, desk: Desk, act: Act) -> None:
    try:
        is_known = await pause_or_resume(desk.exchange, desk.company_id, call_id, act, _actor(desk))
    except CarrierError as error:
        raise Problem(409 if error.permanent else 502, "carrier", str(error)) from None
    found(is_known or None, "call")


async def _to_change(call_id: str, recording_id: str, desk: Desk, doing: str) -> Recording:
    if not desk.role.may_change:
        raise Problem(403, "forbidden", f"A key with the role {desk.role.value} may not {doing} recordings.")
    return await _one(call_id, recording_id, desk)


async def _one(call_id: str, recording_id: str, desk: Desk) -> Recording:
    _call, recordings = await desk.read(lambda connection: _of_call(connection, desk, call_id))
    return _among(recordings, recording_id)


def _among(recordings: Sequence[Recording], recording_id: str) -> Recording:
    return found(next((each for each in recordings if each.recording_id == recording_id), None), "recording")


def _of_call(connection: Connection, desk: Desk, call_id: str) -> tuple[CallRecord, Sequence[Recording]]:
    call = found(call_by_id(connection, desk.company_id, call_id), "call")
    return call, recordings_of_call(connection, desk.company_id, call_id)


def _actor(desk: Desk) -> str:
    return desk.caller.known_as
