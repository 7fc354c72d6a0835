"""Who hears recordings, and who lets them go."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from swapboard.accounts.audit import Act, entries_of, note
from swapboard.calls.listing import CallRecord, call_by_id
from swapboard.carriers.base import CarrierError, Fault, NothingRecorded, RecordingPauser
from swapboard.clock import MINUTE, Millis
from swapboard.language import _
from swapboard.recordings.recording import Because
from swapboard.recordings.store import let_go
from swapboard.switchboard.adapter_faults import ask_carrier
from swapboard.switchboard.call_account import call_account

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

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


async def pause_or_resume(exchange: "Exchange", company_id: str, call_id: str, act: Act, actor: str) -> bool:
    """Pause a call's recording, or go on with it, and write down who did; False when there is no such call.

    Raises CarrierError.
    """

    def look(connection: Connection) -> tuple[CallRecord, RecordingPauser] | None:
        call = call_by_id(connection, company_id, call_id)
        return (call, _pauser_of(connection, exchange, call)) if call else None

    found = await exchange.read(look)
    if found is None:
        return False
    await ask_carrier(_tell, *found, act)
    now = exchange.clock()
    await exchange.change(lambda connection: note(connection, company_id, actor, act, call_id, now))
    return True


def _tell(call: CallRecord, pauser: RecordingPauser, act: Act) -> None:
    """Of the call, else of one of its legs, which some carriers record instead."""
    tell = pauser.pause_recording if act is Act.PAUSED else pauser.resume_recording
    try:
        tell(call.call_ref)
    except NothingRecorded:
        legs = [leg.leg_ref for leg in call.legs if leg.leg_ref and leg.ended_at is None]
        if not any(_is_told(tell, leg_ref) for leg_ref in legs):
            raise


def _is_told(tell: Callable[[str], None], ref: str) -> bool:
    try:
        tell(ref)
    except NothingRecorded:
        return False
    return True


def _pauser_of(connection: Connection, exchange: "Exchange", call: CallRecord) -> RecordingPauser:
    """Whoever records the call on this server, else the account that can pause it. Raises CarrierError."""
    if (here := exchange.recorders.of(call.company_id, call.carrier_id, call.call_ref)) is not None:
        return here
    name, carrier = call_account(connection, exchange.vault, call.company_id, call.carrier_id)
    if not isinstance(carrier, RecordingPauser):
        raise CarrierError(
            _("%(name)s cannot pause a recording; typed keys are silenced all the same.") % {"name": name},
            Fault.REQUEST,
        )
    return carrier
