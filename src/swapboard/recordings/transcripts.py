"""What was said in recordings, in the database: to be written down, kept, looked through, and let go.

Whoever moves a transcript's due time has claimed it, holds it by moving it on while the work takes, and may write
only while it is still where they put it: so a worker that died costs nothing but its time.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from swapboard.clock import DAY, HOUR, MINUTE, Millis
from swapboard.language import _
from swapboard.storage.insert import insert_into
from swapboard.storage.schema import phrase_hits, transcript_words, transcripts

MOST_ATTEMPTS = 5
HELD_FOR: Millis = 2 * MINUTE
"""After so long without a sign of life a claimed one is anybody's again."""
_LONGEST_PAUSE: Millis = HOUR


class TranscriptState(StrEnum):
    """Where a transcript is."""

    DUE = "due"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TranscriptRecord:
    """What was said in one recording, or is to be written down of it."""

    company_id: str
    recording_id: str
    call_id: str
    state: TranscriptState
    due_at: Millis
    attempts: int
    trouble: str | None
    made_at: Millis | None
    sealed: str | None
    """Opened by `recordings/sealing.py`."""
    spotted_at: Millis | None


@dataclass(frozen=True, slots=True)
class Written:
    """What is kept of a transcript: itself, sealed, and the tokens of its words."""

    sealed: str
    tokens: Collection[int]


def want_transcript(connection: Connection, company_id: str, recording_id: str, call_id: str, now: Millis) -> None:
    """It is to be written down; one that failed is tried again, else nothing changes."""
    row = {
        "company_id": company_id,
        "recording_id": recording_id,
        "call_id": call_id,
        "state": TranscriptState.DUE.value,
        "due_at": now,
    }
    connection.execute(insert_into(connection, transcripts).on_conflict_do_nothing(), [row])
    failed = *_is_it(company_id, recording_id), transcripts.c.state == TranscriptState.FAILED
    again = {"state": TranscriptState.DUE.value, "due_at": now, "attempts": 0, "trouble": None}
    connection.execute(update(transcripts).where(*failed).values(**again))


def due_transcripts(connection: Connection, company_id: str, now: Millis, limit: int = 20) -> Sequence[str]:
    """The recordings' ids of those that are to be written down now, oldest first."""
    query = select(transcripts.c.recording_id).where(
        transcripts.c.company_id == company_id,
        transcripts.c.state == TranscriptState.DUE,
        transcripts.c.due_at <= now,
    )
    return list(connection.scalars(query.order_by(transcripts.c.due_at, transcripts.c.recording_id).limit(limit)))


def claim_transcript(
    connection: Connection, company_id: str, recording_id: str, now: Millis
) -> TranscriptRecord | None:
    """The transcript, if it is now this caller's to write; one that was begun too often fails for good."""
    free = _due(company_id, recording_id), transcripts.c.due_at <= now
    given_up = update(transcripts).where(*free, transcripts.c.attempts >= MOST_ATTEMPTS)
    trouble = _("It was begun %(most_attempts)s times, and each time the worker ended before it was done.") % {
        "most_attempts": MOST_ATTEMPTS
    }
    connection.execute(given_up.values(state=TranscriptState.FAILED.value, trouble=trouble))
    claimed = update(transcripts).where(*free)
    values = {"due_at": now + HELD_FOR, "attempts": transcripts.c.attempts + 1}
    if connection.execute(claimed.values(**values)).rowcount != 1:
        return None
    return transcript_of(connection, company_id, recording_id)


def hold_transcript(connection: Connection, held: TranscriptRecord, now: Millis) -> Millis | None:
    """Keep it for as long again; its new due time, or None when it is no longer this caller's."""
    until = now + HELD_FOR
    return until if _change(connection, held, {"due_at": until}) else None


def release_transcript(connection: Connection, held: TranscriptRecord, now: Millis) -> None:
    """Give it back, as if it had not been begun."""
    _change(connection, held, {"due_at": now, "attempts": max(0, held.attempts - 1)})


def keep_transcript(connection: Connection, held: TranscriptRecord, written: Written, now: Millis) -> bool:
    """It was written down; False when it is no longer this caller's, or its recording is gone."""
    values = {
        "state": TranscriptState.KEPT.value,
        "made_at": now,
        "sealed": written.sealed,
        "trouble": None,
    }
    if not _change(connection, held, values):
        return False
    rows = [
        {
            "company_id": held.company_id,
            "token": token,
            "recording_id": held.recording_id,
            "call_id": held.call_id,
        }
        for token in sorted(written.tokens)
    ]
    if rows:
        connection.execute(insert(transcript_words), rows)
    return True


def fail_transcript(
    connection: Connection, held: TranscriptRecord, trouble: str, *, permanent: bool, now: Millis
) -> bool:
    """It could not be written down: later and later, or no more; True when it never will be by itself."""
    if permanent or held.attempts >= MOST_ATTEMPTS:
        values: dict[str, object] = {"state": TranscriptState.FAILED.value, "trouble": trouble[:500]}
        return _change(connection, held, values)
    pause = min(_LONGEST_PAUSE, MINUTE << (held.attempts - 1))
    _change(connection, held, {"due_at": now + pause, "trouble": trouble[:500]})
    return False


def note_spotted(connection: Connection, company_id: str, recording_id: str, now: Millis) -> bool:
    """The present phrases were looked for; False when it is gone."""
    kept = *_is_it(company_id, recording_id), transcripts.c.state == TranscriptState.KEPT
    return connection.execute(update(transcripts).where(*kept).values(spotted_at=now)).rowcount == 1


def transcripts_to_spot(
    connection: Connection, company_id: str, changed_at: Millis, limit: int = 50
) -> Sequence[TranscriptRecord]:
    """Those that were looked through before the phrases changed."""
    query = select(transcripts).where(
        transcripts.c.company_id == company_id,
        transcripts.c.state == TranscriptState.KEPT,
        transcripts.c.spotted_at < changed_at,
    )
    return [_record(row) for row in connection.execute(query.order_by(transcripts.c.recording_id).limit(limit))]


def transcript_of(connection: Connection, company_id: str, recording_id: str) -> TranscriptRecord | None:
    """What is known of the recording's words, or None."""
    row = connection.execute(select(transcripts).where(*_is_it(company_id, recording_id))).one_or_none()
    return _record(row) if row else None


def transcripts_of_call(connection: Connection, company_id: str, call_id: str) -> Sequence[TranscriptRecord]:
    """Of all the call's recordings."""
    query = select(transcripts).where(transcripts.c.company_id == company_id, transcripts.c.call_id == call_id)
    return [_record(row) for row in connection.execute(query.order_by(transcripts.c.recording_id))]


def written_calls(connection: Connection, company_id: str, call_ids: Sequence[str]) -> set[str]:
    """Those of the calls of which something is written down."""
    query = select(transcripts.c.call_id).where(
        transcripts.c.company_id == company_id,
        transcripts.c.call_id.in_(call_ids),
        transcripts.c.state == TranscriptState.KEPT,
    )
    return set(connection.scalars(query))


def drop_transcripts(connection: Connection, company_id: str, recording_ids: Sequence[str]) -> None:
    """Let go what was said in these recordings, and all that was found in it."""
    for table in (phrase_hits, transcript_words, transcripts):
        gone = table.c.company_id == company_id, table.c.recording_id.in_(recording_ids)
        connection.execute(delete(table).where(*gone))


def drop_old_transcripts(connection: Connection, company_id: str, days: int, now: Millis) -> int:
    """Let go what was written down so many days ago; how many."""
    query = select(transcripts.c.recording_id).where(
        transcripts.c.company_id == company_id, transcripts.c.made_at <= now - days * DAY
    )
    old = list(connection.scalars(query.limit(500)))
    if old:
        drop_transcripts(connection, company_id, old)
    return len(old)


def _change(connection: Connection, held: TranscriptRecord, values: dict[str, object]) -> bool:
    mine = _due(held.company_id, held.recording_id), transcripts.c.due_at == held.due_at
    return connection.execute(update(transcripts).where(*mine).values(**values)).rowcount == 1


def _due(company_id: str, recording_id: str) -> ColumnElement[bool]:
    return (
        (transcripts.c.company_id == company_id)
        & (transcripts.c.recording_id == recording_id)
        & (transcripts.c.state == TranscriptState.DUE)
    )


def _is_it(company_id: str, recording_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return transcripts.c.company_id == company_id, transcripts.c.recording_id == recording_id


def _record(row: Row[*tuple[Any, ...]]) -> TranscriptRecord:
    return TranscriptRecord(**{**row._asdict(), "state": TranscriptState(row.state)})
