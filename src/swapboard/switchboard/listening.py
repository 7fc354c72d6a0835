"""Who hears recordings, and who lets them go."""

from sqlalchemy import Connection

from swapboard.accounts.audit import Act, entries_of, note
from swapboard.accounts.secrets import Vault
from swapboard.calls.listing import CallRecord
from swapboard.carriers.base import CarrierError, Fault, RecordingPauser
from swapboard.clock import MINUTE, Millis
from swapboard.recordings.recording import Because
from swapboard.recordings.store import let_go
from swapboard.switchboard.call_account import call_account

ONE_HEARING: Millis = 10 * MINUTE
"""A player asks for many parts of one recording: within this time they are one hearing."""


def note_heard(connection: Connection, company_id: str, actor: str, recording_id: str, now: Millis) -> None:
    """Write down that somebody hears a recording."""
    known = entries_of(connection, company_id, recording_id, limit=50)
    lately = any(
        each.actor == actor and each.act is Act.HEARD and now - each.happened_at < ONE_HEARING for each in known
    )
    if not lately:
        note(connection, company_id, actor, Act.HEARD, recording_id, now)


def delete_recording(connection: Connection, company_id: str, actor: str, recording_id: str, now: Millis) -> None:
    """Somebody deletes a recording; its file and the carrier's copy go with the next round."""
    let_go(connection, company_id, [recording_id], Because.DELETED, now)
    note(connection, company_id, actor, Act.DELETED, recording_id, now)


def pauser_of(connection: Connection, vault: Vault, call: CallRecord) -> RecordingPauser:
    """The account that can pause the call's recording. Raises CarrierError."""
    name, carrier = call_account(connection, vault, call.company_id, call.carrier_id)
    if not isinstance(carrier, RecordingPauser):
        raise CarrierError(
            f"{name} cannot pause a recording; typed keys are silenced all the same.",
            Fault.REQUEST,
        )
    return carrier
