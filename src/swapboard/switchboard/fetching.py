"""Recordings are fetched from their carriers, kept as long as they may be, and then deleted everywhere."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault
from swapboard.calls.phrase_store import word_settings_of
from swapboard.calls.store import carrier_accounts
from swapboard.carriers.base import Carrier, CarrierError, Fault, RecordingDeleter
from swapboard.carriers.opening import open_account
from swapboard.clock import Millis
from swapboard.conversions.event import Event
from swapboard.language import _
from swapboard.recordings.look import look
from swapboard.recordings.recording import Because, Recording
from swapboard.recordings.shelf import Shelf
from swapboard.recordings.store import (
    MOST_AT_ONCE,
    copies_at_carriers,
    due_recordings,
    keep_recording,
    keeping_of,
    let_go,
    no_more_at_carrier,
    old_recordings,
    put_off_recording,
    recording_by_id,
    recordings_left_over,
    removed,
)
from swapboard.recordings.transcripts import drop_old_transcripts, want_transcript
from swapboard.switchboard.adapter_faults import only_carrier_errors
from swapboard.switchboard.announcing import announce
from swapboard.switchboard.mailing import write_of_message

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """A carrier account with its credentials, sealed."""

    kind: str
    credentials: str


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be done for one company: what to fetch, what is old, what is gone and leaves its files."""

    accounts: Mapping[str, Account]
    due: Sequence[Recording]
    old: Sequence[str]
    left_over: Sequence[Recording]
    copies: Sequence[Recording]
    """Whose carrier is to keep none. Ours are written down: a server that dies before that would lose both."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A recording that could not be fetched."""

    words: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an errand: what is to be written down of each recording, by its id."""

    kept: Mapping[str, Mapping[str, object]]
    failed: Mapping[str, Failure]
    old: Sequence[str]
    removed: Sequence[str]
    copies_gone: Sequence[str] = ()


def to_fetch(connection: Connection, company_id: str, now: Millis) -> Errand:
    """What is due of this company's recordings."""
    deletes = keeping_of(connection, company_id).deletes_at_carrier
    return Errand(
        accounts={
            row.carrier_id: Account(row.kind, row.credentials) for row in carrier_accounts(connection, company_id)
        },
        due=due_recordings(connection, company_id, now)[:MOST_AT_ONCE],
        old=[each.recording_id for each in old_recordings(connection, company_id, now)],
        left_over=recordings_left_over(connection, company_id, now),
        copies=copies_at_carriers(connection, company_id, now) if deletes else (),
    )


def fetch(errand: Errand, vault: Vault, shelf: Shelf) -> Done:
    """Fetch, look at and put away what is due; delete the files, and the carrier's copies, of what is gone."""
    carriers: dict[str, Carrier] = {}
    kept: dict[str, Mapping[str, object]] = {}
    failed: dict[str, Failure] = {}
    for each in errand.due:
        try:
            carrier = _open(errand, each.carrier_id, vault, carriers)
            kept[each.recording_id] = _kept(each, carrier, shelf)
        except CarrierError as error:
            failed[each.recording_id] = Failure(str(error), error.permanent)
        except ValueError as error:
            failed[each.recording_id] = Failure(str(error), permanent=True)
        except OSError as error:
            failed[each.recording_id] = Failure(
                _("The sound cannot be written: %(error)s") % {"error": error}, permanent=False
            )
    silent: set[str] = set()
    gone = [
        each.recording_id for each in errand.left_over if _removed(each, errand, vault, carriers, silent, shelf)
    ]
    return Done(kept, failed, errand.old, gone, _copies_gone(errand, vault, carriers, silent))


def write_fetched(
    connection: Connection, company_id: str, done: Done, now: Millis, *, url: str, hears: bool = False
) -> None:
    """Write down what became of the errand; what was deleted meanwhile stays deleted.

    Whoever wants to know of messages is written to in the same transaction; `url` is where the dashboard is. A
    letter waits a while for its words, if somebody `hears` them.
    """
    for recording_id, kept in done.kept.items():
        if keep_recording(connection, company_id, recording_id, kept, now):
            waits = want_words(connection, company_id, recording_id, now) and hears
            write_of_message(connection, company_id, recording_id, url, now, waits=waits)
            _announce(connection, company_id, recording_id, now)
    for recording_id, failure in done.failed.items():
        if put_off_recording(connection, company_id, recording_id, failure.words, failure.permanent, now):
            write_of_message(connection, company_id, recording_id, url, now)
    let_go(connection, company_id, done.old, Because.RETENTION, now)
    drop_old_transcripts(connection, company_id, keeping_of(connection, company_id).transcript_days, now)
    removed(connection, company_id, done.removed)
    no_more_at_carrier(connection, company_id, done.copies_gone)


def _announce(connection: Connection, company_id: str, recording_id: str, now: Millis) -> None:
    """Whoever wants to know is told that the recording can be heard."""
    recording = recording_by_id(connection, company_id, recording_id)
    if recording:
        details = {"recording_id": recording_id, "recording_kind": recording.kind, "seconds": recording.seconds}
        announce(connection, company_id, recording.call_id, [Event.RECORDING_READY], now, details)


def want_words(connection: Connection, company_id: str, recording_id: str, now: Millis) -> bool:
    """A recording is kept: what is said in it is to be written down, if the company wants that; True if so."""
    recording = recording_by_id(connection, company_id, recording_id)
    if recording is None or not word_settings_of(connection, company_id).transcribes:
        return False
    want_transcript(connection, company_id, recording_id, recording.call_id, now)
    return True


def _open(errand: Errand, carrier_id: str, vault: Vault, carriers: dict[str, Carrier]) -> Carrier:
    if carrier_id not in carriers:
        account = errand.accounts.get(carrier_id)
        if account is None:
            raise CarrierError(_("Its carrier account is no longer here."), Fault.ACCOUNT)
        carriers[carrier_id] = open_account(account.kind, account.credentials, vault)
    return carriers[carrier_id]


def _kept(recording: Recording, carrier: Carrier, shelf: Shelf) -> Mapping[str, object]:
    with only_carrier_errors():
        content = carrier.recording(recording.recording_ref)
    seen = look(content)
    file_key = shelf.keep(recording.company_id, recording.recording_id, seen.content)
    return {
        "file_key": file_key,
        "media_type": seen.media_type,
        "size_bytes": len(seen.content),
        "seconds": seen.seconds,
        "waveform": [list(each) for each in seen.waveform],
        "turns": [astuple(turn) for turn in seen.turns],
        "silenced": [list(span) for span in seen.silenced],
    }


def _copies_gone(errand: Errand, vault: Vault, carriers: dict[str, Carrier], silent: set[str]) -> Sequence[str]:
    """Of which the carrier has no copy any more."""
    return [each.recording_id for each in errand.copies if _is_gone_there(each, errand, vault, carriers, silent)]


def _removed(
    recording: Recording,
    errand: Errand,
    vault: Vault,
    carriers: dict[str, Carrier],
    silent: set[str],
    shelf: Shelf,
) -> bool:
    """True when nothing is left of it that we could delete."""
    try:
        shelf.remove(recording.company_id, recording.recording_id)
    except OSError as error:
        log.warning("the file of a recording cannot be deleted: %s", error)
        return False
    return not recording.at_carrier or _is_gone_there(recording, errand, vault, carriers, silent)


def _is_gone_there(
    recording: Recording, errand: Errand, vault: Vault, carriers: dict[str, Carrier], silent: set[str]
) -> bool:
    """True when its carrier has it no more; one that does not answer is not asked for all the others."""
    if recording.carrier_id in silent:
        return False
    try:
        is_gone = _deleted(_open(errand, recording.carrier_id, vault, carriers), recording.recording_ref)
    except CarrierError as error:
        if error.permanent:
            log.warning("a recording stays at its carrier, whom we cannot reach any more: %s", error)
            return True
        is_gone = False
    if not is_gone:
        silent.add(recording.carrier_id)
    return is_gone


def _deleted(carrier: Carrier, recording_ref: str) -> bool:
    """True when the carrier has it no more, or cannot be told to delete it."""
    if not isinstance(carrier, RecordingDeleter):
        return True
    try:
        with only_carrier_errors():
            carrier.delete_recording(recording_ref)
    except CarrierError as error:
        log.warning("a recording could not be deleted at its carrier: %s", error)
        # An account that may not now is mended by its owner: until then the carrier has it.
        return error.fault is Fault.REQUEST
    return True
