"""What was said in a call, on its page: lines to read and hear, hits of the company's phrases, the score."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.calls.judgement import Judgement
from swapboard.calls.listing import CallRecord
from swapboard.calls.phrases import Hit, moments
from swapboard.calls.transcript import Segment, Side
from swapboard.calls.verdict import Verdict
from swapboard.calls.verdicts import judgement_on
from swapboard.recordings.chunks import Damaged
from swapboard.recordings.recording import State
from swapboard.recordings.sealing import Sealer
from swapboard.recordings.store import recording_by_id
from swapboard.recordings.transcripts import (
    TranscriptRecord,
    TranscriptState,
    transcripts_of_call,
    want_transcript,
)
from swapboard.switchboard.qualifying import Rated, rate
from swapboard.web.dashboard.forms import require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a line: as it was heard, and whether one of the company's phrases is in it."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What one side said in one go."""

    side: Side
    begins: float
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said in one recording, as the page shows it; `lines` only for who may read it."""

    record: TranscriptRecord
    language: str
    engine: str
    lines: Sequence[Line]
    is_damaged: bool = False


@dataclass(frozen=True, slots=True)
class CallWords:
    """Everything about a call's words."""

    said: Mapping[str, Said]
    """By recording."""
    rated: Rated
    judgement: Judgement


def words_of_call(connection: Connection, desk: Desk, call: CallRecord, sealer: Sealer) -> CallWords:
    """What was said in the call, and what was made of it."""
    holds = Verdict(call.tags, call.value_cents, call.qualified)
    rated = rate(connection, desk.company_id, [call])[call.call_id]
    return CallWords(
        {
            each.recording_id: _said(each, sealer, rated.hits, may_read=desk.user.role.may_listen)
            for each in transcripts_of_call(connection, desk.company_id, call.call_id)
        },
        rated,
        judgement_on(connection, desk.company_id, call.call_id, holds),
    )


def words_routes() -> list[Route]:
    """Under a call's address."""
    return [Route("/calls/{call_id}/recordings/{recording_id}/words", signed_in(want_words), methods=["POST"])]


async def want_words(request: Request, desk: Desk) -> Response:
    """Let a recording be written down, or tried again."""
    require_change(desk)
    call_id, recording_id = request.path_params["call_id"], request.path_params["recording_id"]

    def write(connection: Connection) -> bool:
        recording = recording_by_id(connection, desk.company_id, recording_id)
        if recording is None or recording.call_id != call_id or recording.state is not State.KEPT:
            return False
        want_transcript(connection, desk.company_id, recording_id, call_id, desk.now)
        return True

    if not await exchange_of(request).change(write):
        raise HTTPException(404)
    return RedirectResponse(f"/calls/{call_id}#recording-{recording_id}", 303)


def _said(record: TranscriptRecord, sealer: Sealer, hits: Sequence[Hit], *, may_read: bool) -> Said:
    if record.state is not TranscriptState.KEPT or not may_read:
        return Said(record, "", "", ())
    try:
        transcript = sealer.read(record.sealed or "")
    except Damaged:
        return Said(record, "", "", (), is_damaged=True)
    marked = moments(transcript.segments, [hit.text for hit in hits])
    lines = [_line(segment, marked[segment.side]) for segment in transcript.segments]
    return Said(record, transcript.language, transcript.engine, lines)


def _line(segment: Segment, marked: Collection[float]) -> Line:
    pieces: list[Piece] = []
    for word in segment.words:
        is_hit = word.begins in marked
        if pieces and pieces[-1].is_hit is is_hit:
            pieces[-1] = Piece(f"{pieces[-1].text} {word.text}", is_hit)
        else:
            pieces.append(Piece(word.text, is_hit))
    return Line(segment.side, segment.begins, pieces)
