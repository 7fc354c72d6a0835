"""Recordings in the database; their sound stands in files (`shelf.py`)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, literal, select, update

from swapboard.calls.recording import OFF, RecordingMode, RecordingPolicy
from swapboard.clock import DAY, MINUTE, Millis
from swapboard.recordings.recording import (
    MOST_ATTEMPTS,
    Because,
    Keeping,
    Kind,
    Recording,
    State,
    leaves_at,
    next_try,
)
from swapboard.recordings.speech import Turn
from swapboard.recordings.transcripts import drop_transcripts
from swapboard.storage.ids import new_id
from swapboard.storage.insert import insert_into
from swapboard.storage.schema import calls, recording_keeping, recording_policies, recordings

MOST_AT_ONCE = 20


def policies_of(connection: Connection, company_id: str) -> Mapping[str, RecordingPolicy]:
    """Each number's policy (E.164), and under `ANY_LINE` the one for all others."""
    query = select(recording_policies).where(recording_policies.c.company_id == company_id)
    return {
        row.number: RecordingPolicy(
            RecordingMode(row.mode), row.notice, row.question, row.notice_file, row.question_file
        )
        for row in connection.execute(query)
    }


def set_policy(connection: Connection, company_id: str, line: str, policy: RecordingPolicy | None) -> None:
    """Write a number's policy; None makes it like all others."""
    is_it = recording_policies.c.company_id == company_id, recording_policies.c.number == line
    connection.execute(delete(recording_policies).where(*is_it))
    if policy and (line or policy != OFF):
        connection.execute(insert(recording_policies).values(company_id=company_id, number=line, **asdict(policy)))


def keeping_of(connection: Connection, company_id: str) -> Keeping:
    """How long the company keeps what was said."""
    query = select(recording_keeping).where(recording_keeping.c.company_id == company_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return Keeping()
    return Keeping(row.talk_days, row.message_days, row.transcript_days, row.deletes_at_carrier)


def set_keeping(connection: Connection, company_id: str, keeping: Keeping) -> None:
    """Write it; what is kept already is deleted by the new days, too."""
    connection.execute(delete(recording_keeping).where(recording_keeping.c.company_id == company_id))
    connection.execute(insert(recording_keeping).values(company_id=company_id, **asdict(keeping)))
    for kind, days in ((Kind.TALK, keeping.talk_days), (Kind.MESSAGE, keeping.message_days)):
        kept = update(recordings).where(
            recordings.c.company_id == company_id, recordings.c.kind == kind, recordings.c.state == State.KEPT
        )
        connection.execute(kept.values(due_at=recordings.c.told_at + days * DAY))


def note_recording(
    connection: Connection,
    company_id: str,
    call_id: str,
    carrier_id: str,
    recording_ref: str,
    kind: Kind,
    now: Millis,
) -> None:
    """A carrier tells of a recording: it is to be fetched; told again, nothing changes."""
    row = {
        "company_id": company_id,
        "recording_id": new_id(now),
        "call_id": call_id,
        "carrier_id": carrier_id,
        "recording_ref": recording_ref,
        "kind": kind.value,
        "state": State.DUE.value,
        "told_at": now,
        "due_at": now,
        "at_carrier": True,
    }
    connection.execute(insert_into(connection, recordings).on_conflict_do_nothing(), [row])


def recordings_of_call(connection: Connection, company_id: str, call_id: str) -> Sequence[Recording]:
    """The call's recordings, oldest first."""
    return _found(connection, company_id, recordings.c.call_id == call_id)


def recordings_of_calls(
    connection: Connection, company_id: str, call_ids: Sequence[str]
) -> Mapping[str, Sequence[Recording]]:
    """The recordings of many calls, by call."""
    found: dict[str, list[Recording]] = {}
    for each in _found(connection, company_id, recordings.c.call_id.in_(call_ids)):
        found.setdefault(each.call_id, []).append(each)
    return found


def recording_by_id(connection: Connection, company_id: str, recording_id: str) -> Recording | None:
    """The recording, or None."""
    return next(iter(_found(connection, company_id, recordings.c.recording_id == recording_id)), None)


def due_recordings(connection: Connection, company_id: str, now: Millis) -> Sequence[Recording]:
    """Those that are to be fetched now."""
    return _found(connection, company_id, recordings.c.state == State.DUE, recordings.c.due_at <= now)


def old_recordings(connection: Connection, company_id: str, now: Millis) -> Sequence[Recording]:
    """Those that were kept long enough."""
    return _found(connection, company_id, recordings.c.state == State.KEPT, recordings.c.due_at <= now)


def recordings_left_over(connection: Connection, company_id: str, now: Millis) -> Sequence[Recording]:
    """Those that are gone here, but whose file or the carrier's copy may still be there."""
    gone = recordings.c.state == State.GONE
    left = recordings.c.at_carrier | recordings.c.size_bytes.is_not(None)
    return _of_each_carrier(connection, company_id, now, MOST_AT_ONCE * 10, gone, left)


def copies_at_carriers(connection: Connection, company_id: str, now: Millis) -> Sequence[Recording]:
    """Those that are kept here, for sure, while their carrier has them, too."""
    kept = recordings.c.state == State.KEPT, recordings.c.at_carrier
    return _of_each_carrier(connection, company_id, now, MOST_AT_ONCE, *kept)


def keep_recording(
    connection: Connection, company_id: str, recording_id: str, kept: Mapping[str, object], now: Millis
) -> bool:
    """It was fetched; False when somebody deleted it meanwhile."""
    known = recording_by_id(connection, company_id, recording_id)
    if known is None or known.state is not State.DUE:
        return False
    due_at = leaves_at(known.kind, known.told_at, keeping_of(connection, company_id))
    values = {**kept, "state": State.KEPT.value, "kept_at": now, "due_at": due_at, "trouble": None}
    return _change(connection, company_id, recording_id, State.DUE, values)


def mute_recording(
    connection: Connection, known: Recording, file_key: str, size_bytes: int, spans: Sequence[tuple[float, float]]
) -> bool:
    """A WAV file with these spans silenced is in its place; False when it is gone, or another already."""
    found = recording_by_id(connection, known.company_id, known.recording_id)
    if found is None or found.file_key != known.file_key:
        return False
    values = {
        "file_key": file_key,
        "media_type": "audio/wav",
        "size_bytes": size_bytes,
        "silenced": [list(each) for each in sorted({*found.silenced, *spans})],
    }
    return _change(connection, known.company_id, known.recording_id, State.KEPT, values)


def put_off_recording(
    connection: Connection, company_id: str, recording_id: str, trouble: str, permanent: bool, now: Millis
) -> bool:
    """It could not be fetched: try again later, or no more; True when it never will be."""
    known = recording_by_id(connection, company_id, recording_id)
    if known is None:
        return False
    attempts = known.attempts + 1
    is_over = permanent or attempts >= MOST_ATTEMPTS
    state = State.FAILED if is_over else State.DUE
    values = {
        "attempts": attempts,
        "trouble": trouble[:500],
        "state": state.value,
        "due_at": next_try(attempts, now),
    }
    return _change(connection, company_id, recording_id, State.DUE, values) and is_over


def fetch_again(connection: Connection, company_id: str, recording_id: str, now: Millis) -> bool:
    """Somebody wants it tried once more."""
    return _change(
        connection,
        company_id,
        recording_id,
        State.FAILED,
        {"state": State.DUE.value, "due_at": now, "attempts": 0},
    )


def let_go(
    connection: Connection, company_id: str, recording_ids: Sequence[str], because: Because, now: Millis
) -> None:
    """Delete recordings: without its key a file is no more than noise, also in an old backup of the files.

    What was written down of them goes along.
    """
    drop_transcripts(connection, company_id, recording_ids)
    of_company = recordings.c.company_id == company_id, recordings.c.recording_id.in_(recording_ids)
    connection.execute(
        update(recordings)
        .where(*of_company, recordings.c.state != State.GONE)
        .values(
            state=State.GONE.value,
            file_key=None,
            waveform=None,
            turns=None,
            silenced=None,
            gone_at=now,
            gone_because=because.value,
        )
    )


def no_more_at_carrier(connection: Connection, company_id: str, recording_ids: Sequence[str]) -> None:
    """The carriers' copies of these are deleted."""
    of_company = recordings.c.company_id == company_id, recordings.c.recording_id.in_(recording_ids)
    connection.execute(update(recordings).where(*of_company).values(at_carrier=False))


def removed(connection: Connection, company_id: str, recording_ids: Sequence[str]) -> None:
    """The files of these are deleted, and the carrier's copies as far as they are to be."""
    of_company = recordings.c.company_id == company_id, recordings.c.recording_id.in_(recording_ids)
    connection.execute(update(recordings).where(*of_company).values(size_bytes=None, at_carrier=False))


def recordings_of_caller(connection: Connection, company_id: str, caller: str) -> Sequence[Recording]:
    """All of a caller's (E.164)."""
    theirs = select(calls.c.call_id).where(calls.c.company_id == company_id, calls.c.caller_number == caller)
    return _found(connection, company_id, recordings.c.call_id.in_(theirs), most=10_000)


def _change(
    connection: Connection, company_id: str, recording_id: str, state: State, values: Mapping[str, object]
) -> bool:
    changed = update(recordings).where(
        recordings.c.company_id == company_id,
        recordings.c.recording_id == recording_id,
        recordings.c.state == state,
    )
    return connection.execute(changed.values(**values)).rowcount == 1


def _found(
    connection: Connection, company_id: str, *conditions: ColumnElement[bool], most: int | None = MOST_AT_ONCE * 10
) -> list[Recording]:
    query = select(recordings).where(recordings.c.company_id == company_id, *conditions)
    ordered = query.order_by(recordings.c.told_at, recordings.c.recording_id).limit(most)
    return [_recording(row) for row in connection.execute(ordered)]


def _of_each_carrier(
    connection: Connection, company_id: str, now: Millis, most: int, *conditions: ColumnElement[bool]
) -> list[Recording]:
    """Of each so many at most: a carrier that does not answer keeps none of another's waiting.

    From the oldest on, but each minute another one is the first: those that their carrier never deletes keep no
    other waiting for ever.
    """
    oldest_first = recordings.c.told_at, recordings.c.recording_id
    of_carrier = recordings.c.carrier_id
    place = func.row_number().over(partition_by=of_carrier, order_by=oldest_first).label("place")
    count = func.count().over(partition_by=of_carrier).label("count")
    placed = select(recordings.c.recording_id, place, count).where(
        recordings.c.company_id == company_id, *conditions
    )
    among = placed.subquery("placed")
    turn = (among.c.place - 1 + among.c.count - literal(now // MINUTE) % among.c.count) % among.c.count
    query = select(among.c.recording_id, turn.label("turn")).where(turn < most)
    turns = {row.recording_id: row.turn for row in connection.execute(query)}
    found = _found(connection, company_id, recordings.c.recording_id.in_(turns), most=None)
    return sorted(found, key=lambda each: turns[each.recording_id])


def _recording(row: Row[*tuple[Any, ...]]) -> Recording:
    said = row._asdict()
    said |= {
        "kind": Kind(row.kind),
        "state": State(row.state),
        "waveform": row.waveform or (),
        "turns": [Turn(*each) for each in row.turns or ()],
        "silenced": [tuple(each) for each in row.silenced or ()],
        "gone_because": Because(row.gone_because) if row.gone_because else None,
    }
    return Recording(**said)
