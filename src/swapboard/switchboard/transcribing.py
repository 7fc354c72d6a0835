"""What is said in recordings is written down: claimed from the database, heard on a thread, kept.

In the transaction that keeps a transcript stand the hits of the company's phrases, what its rules make of the
call, and what destinations are told of that; so a crash at any instant loses nothing and tells nothing twice.
"""

import asyncio
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from swapboard.accounts.store import config_versions
from swapboard.calls.phrase_store import keep_hits, listened_for, word_settings_of
from swapboard.calls.phrases import Hit, spot
from swapboard.calls.transcript import Transcript
from swapboard.clock import Millis
from swapboard.conversions.event import Event
from swapboard.language import _
from swapboard.leads.lead import ContactKind
from swapboard.mail.outbox import hasten_letters
from swapboard.recordings.chunks import Damaged
from swapboard.recordings.hearing import Engine, NotHeard, Stopped, write_down
from swapboard.recordings.muting import card_spans, muted
from swapboard.recordings.recording import Recording, State
from swapboard.recordings.store import mute_recording, recording_by_id
from swapboard.recordings.transcripts import (
    TranscriptRecord,
    claim_transcript,
    due_transcripts,
    fail_transcript,
    hold_transcript,
    keep_transcript,
    note_spotted,
    release_transcript,
    transcripts_to_spot,
)
from swapboard.recordings.whisper import open_engine
from swapboard.switchboard.announcing import announce
from swapboard.switchboard.companies import due_of_each
from swapboard.switchboard.converting import convert
from swapboard.switchboard.mailing import about_message
from swapboard.switchboard.qualifying import apply_rules

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

HOLD_SECONDS = 30.0


def transcript_ready(connection: Connection, held: TranscriptRecord, now: Millis) -> None:
    """What follows once a call's words are known, in the transaction that keeps them."""
    apply_rules(connection, held.company_id, held.call_id, now)
    convert(connection, held.company_id, ContactKind.CALL, held.call_id, now)
    details = {"recording_id": held.recording_id}
    announce(connection, held.company_id, held.call_id, [Event.TRANSCRIPT_READY], now, details)
    hasten_letters(connection, held.company_id, about_message(held.recording_id), now)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be heard."""

    held: TranscriptRecord
    recording: Recording
    language: str
    phrases: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Heard:
    """What was said, and the file without the card numbers that were said, if there were any."""

    transcript: Transcript
    file_key: str | None = None
    size_bytes: int = 0
    spans: Sequence[tuple[float, float]] = ()


class Transcriber:
    """Writes down what is due, one recording after the other, if there is an engine."""

    def __init__(self, exchange: "Exchange", engine: Engine | None = None) -> None:
        settings = exchange.settings
        self._exchange = exchange
        self.engine = engine or open_engine(settings.transcribe_model, settings.transcribe_threads)
        self._stopped = threading.Event()

    @property
    def trouble(self) -> str | None:
        """What keeps anything from being written down here, and what to do."""
        if self.engine is None:
            return _("This server has no speech model: whoever runs it sets SWAPBOARD_TRANSCRIBE_MODEL.")
        return self.engine.trouble

    def stop(self) -> None:
        """Let what is being heard end soon; it is given back."""
        self._stopped.set()

    async def look(self) -> None:
        """Write down what is due, then look for new phrases in what is kept."""
        if self.engine is not None and not await asyncio.to_thread(lambda: self.trouble):
            due = partial(due_of_each, due=due_transcripts, now=self._exchange.clock())
            for company_id, recording_id in await self._exchange.read(due):
                await self._claim_and_do(self.engine, company_id, recording_id)
        await self._spot_again()

    async def _claim_and_do(self, engine: Engine, company_id: str, recording_id: str) -> None:
        now = self._exchange.clock()
        claim = partial(claim_transcript, company_id=company_id, recording_id=recording_id, now=now)
        held = await self._exchange.change(claim)
        task = await self._exchange.read(partial(_task, held=held)) if held else None
        if task is not None:
            await self._do(engine, task)

    async def _do(self, engine: Engine, task: _Task) -> None:
        holding = _Holding(self._exchange, task.held, self._stopped)
        work = asyncio.create_task(asyncio.to_thread(self._hear, engine, task, holding))
        try:
            heard = await holding.until_done(work)
        except Stopped:
            await self._release(holding)
        except asyncio.CancelledError:
            await self._release(holding)
            raise
        except (NotHeard, Damaged, OSError) as error:
            permanent = isinstance(error, Damaged) or (isinstance(error, NotHeard) and error.permanent)
            log.warning("a recording was not written down: %s", error)
            await self._put_off(holding, str(error), permanent=permanent)
        except Exception as error:  # of an engine's libraries, which name only some of theirs: memory, a bad model
            log.exception("a recording was not written down")
            await self._put_off(holding, f"The model could not hear it: {error!r}", permanent=False)
        else:
            await self._keep(task, holding.held, heard)

    async def _keep(self, task: _Task, held: TranscriptRecord, heard: _Heard) -> None:
        hits = spot(heard.transcript.segments, task.phrases)
        written = self._exchange.sealer.write(held.company_id, heard.transcript)
        now = self._exchange.clock()

        def keep(connection: Connection) -> bool:
            if not keep_transcript(connection, held, written, now):
                return False
            is_muted = heard.file_key is not None and mute_recording(
                connection, task.recording, heard.file_key, heard.size_bytes, heard.spans
            )
            _keep_hits(connection, held, hits, task.phrases, now)
            transcript_ready(connection, held, now)
            return is_muted

        is_muted = await self._exchange.change(keep)
        if heard.file_key is not None:
            left = task.recording.file_key if is_muted else heard.file_key
            await asyncio.to_thread(self._remove, task.recording, left or "")
        self._exchange.live.ring(held.company_id)

    async def _put_off(self, holding: "_Holding", trouble: str, *, permanent: bool) -> None:
        now = self._exchange.clock()
        await self._exchange.change(
            partial(_fail, held=holding.held, trouble=trouble, permanent=permanent, now=now)
        )

    def _remove(self, recording: Recording, file_key: str) -> None:
        """What is left over of two files. Its key stands nowhere any more: if it stays, it is noise."""
        try:
            self._exchange.shelf.remove_one(recording.company_id, recording.recording_id, file_key)
        except OSError as error:
            log.warning("a file of a recording that nobody can open any more stays: %s", error)

    async def _release(self, holding: "_Holding") -> None:
        now = self._exchange.clock()
        await self._exchange.change(lambda connection: release_transcript(connection, holding.held, now))

    def _hear(self, engine: Engine, task: _Task, holding: "_Holding") -> _Heard:
        recording = task.recording
        assert recording.file_key is not None
        shelf = self._exchange.shelf
        content = b"".join(shelf.read(recording.company_id, recording.recording_id, recording.file_key))
        transcript = write_down(content, recording.kind, task.language, engine, lambda: holding.goes_on)
        spans = card_spans(transcript)
        without = muted(content, spans) if spans else None
        if without is None:
            return _Heard(transcript)
        file_key = shelf.keep(recording.company_id, recording.recording_id, without)
        return _Heard(transcript, file_key, len(without), spans)

    async def _spot_again(self) -> None:
        """Phrases changed: look for them in what is kept; what was said of calls before does not change by it."""
        found = await self._exchange.read(_to_spot)
        for company_id, (phrases, records) in found.items():
            hits = await asyncio.to_thread(self._spotted, records, phrases)
            now = self._exchange.clock()

            def keep(
                connection: Connection,
                company_id: str = company_id,
                hits: Mapping[str, tuple[TranscriptRecord, list[Hit]]] = hits,
                now: Millis = now,
            ) -> None:
                for recording_id, (record, said) in hits.items():
                    if note_spotted(connection, company_id, recording_id, now):
                        keep_hits(connection, company_id, recording_id, record.call_id, said)

            await self._exchange.change(keep)

    def _spotted(
        self, records: Sequence[TranscriptRecord], phrases: Sequence[str]
    ) -> dict[str, tuple[TranscriptRecord, list[Hit]]]:
        found: dict[str, tuple[TranscriptRecord, list[Hit]]] = {}
        for record in records:
            try:
                segments = self._exchange.sealer.read(record.sealed or "").segments
            except Damaged as error:
                log.error("no phrase can be looked for in a transcript: %s", error)
                segments = ()
            found[record.recording_id] = record, spot(segments, phrases)
        return found


class _Holding:
    """A claimed transcript that is held while somebody listens."""

    def __init__(self, exchange: "Exchange", held: TranscriptRecord, stopped: threading.Event) -> None:
        self.held = held
        self._exchange, self._stopped, self._is_mine = exchange, stopped, True

    @property
    def goes_on(self) -> bool:
        """False once it is somebody else's, or everything stops."""
        return self._is_mine and not self._stopped.is_set()

    async def until_done(self, work: "asyncio.Task[_Heard]") -> _Heard:
        """Move its due time on while the work takes. A thread cannot be cancelled: whoever is waits for it."""
        try:
            while not (await asyncio.wait({work}, timeout=HOLD_SECONDS))[0]:
                await self._hold()
            return work.result()
        except asyncio.CancelledError:
            self._stopped.set()
            await asyncio.wait({work})
            work.exception()  # nobody else asks for it
            raise

    async def _hold(self) -> None:
        now = self._exchange.clock()
        until = await self._exchange.change(lambda connection: hold_transcript(connection, self.held, now))
        self._is_mine = until is not None
        if until is not None:
            self.held = replace(self.held, due_at=until)


def _task(connection: Connection, held: TranscriptRecord) -> _Task | None:
    """What to hear; None when the recording went meanwhile."""
    recording = recording_by_id(connection, held.company_id, held.recording_id)
    if recording is None or recording.state is not State.KEPT or recording.file_key is None:
        return None
    settings = word_settings_of(connection, held.company_id)
    return _Task(held, recording, settings.language, listened_for(connection, held.company_id))


def _fail(connection: Connection, held: TranscriptRecord, trouble: str, *, permanent: bool, now: Millis) -> None:
    if fail_transcript(connection, held, trouble, permanent=permanent, now=now):
        hasten_letters(connection, held.company_id, about_message(held.recording_id), now)


def _keep_hits(
    connection: Connection, held: TranscriptRecord, hits: Sequence[Hit], phrases: Sequence[str], now: Millis
) -> None:
    keep_hits(connection, held.company_id, held.recording_id, held.call_id, hits)
    # If the phrases changed while it was heard, it is looked through again.
    is_current = list(phrases) == list(listened_for(connection, held.company_id))
    note_spotted(connection, held.company_id, held.recording_id, now if is_current else 0)


def _to_spot(connection: Connection) -> dict[str, tuple[Sequence[str], Sequence[TranscriptRecord]]]:
    found: dict[str, tuple[Sequence[str], Sequence[TranscriptRecord]]] = {}
    for company_id in config_versions(connection):
        changed_at = word_settings_of(connection, company_id).phrases_changed_at
        records = transcripts_to_spot(connection, company_id, changed_at) if changed_at else ()
        if records:
            found[company_id] = listened_for(connection, company_id), records
    return found
