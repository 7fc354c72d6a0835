"""A caller wants to be forgotten: what they said and who they were goes, that somebody called stays."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from swapboard.accounts.audit import Act, note
from swapboard.accounts.store import touch_config
from swapboard.calls.caller_word_store import allow_no_more
from swapboard.clock import Millis
from swapboard.conversions import forgotten
from swapboard.leads import store as lead_store
from swapboard.leads.lead import keys_of
from swapboard.mail.outbox import forget_letters
from swapboard.recordings.recording import Because
from swapboard.recordings.store import let_go, recordings_of_caller
from swapboard.storage.schema import calls, carrier_events
from swapboard.switchboard.mailing import about_message
from swapboard.texts.store import forget_texts


class Forgotten(NamedTuple):
    """How much was somebody's."""

    calls: int
    texts: int


def forget_caller(connection: Connection, company_id: str, caller: str, actor: str, now: Millis) -> Forgotten:
    """Forget whoever called or wrote with this number (E.164).

    Deleted: their number and name on calls and in what carriers told, recordings and letters about them, texts,
    what ad platforms were told of these calls, that theirs is a good number. That it is blocked stays. What a
    platform already has, it keeps: its owner may ask for it.
    """
    theirs = select(calls.c.call_id, calls.c.carrier_id, calls.c.call_ref).where(
        calls.c.company_id == company_id, calls.c.caller_number == caller
    )
    rows = connection.execute(theirs).all()
    texts = forget_texts(connection, company_id, caller)
    if not rows and not texts:
        return Forgotten(0, 0)
    call_ids = [row.call_id for row in rows]
    heard = [each.recording_id for each in recordings_of_caller(connection, company_id, caller)]
    let_go(connection, company_id, heard, Because.FORGOTTEN, now)
    forget_letters(connection, company_id, [about_message(recording_id) for recording_id in heard])
    forgotten.forget_contacts(connection, company_id, call_ids)
    for row in rows:
        _forget_told(connection, company_id, row.carrier_id, row.call_ref, caller)
    _forget_calls(connection, company_id, call_ids)
    if allow_no_more(connection, company_id, caller):
        # The doors have the list in memory.
        touch_config(connection, company_id)
    lead_store.forget(connection, company_id, set(keys_of(phone=caller)), [])
    note(connection, company_id, actor, Act.FORGOT_CALLER, f"{len(call_ids)} calls, {texts} texts", now)
    return Forgotten(len(call_ids), texts)


def _forget_calls(connection: Connection, company_id: str, call_ids: Sequence[str]) -> None:
    theirs = calls.c.company_id == company_id, calls.c.call_id.in_(call_ids)
    # The text that is searched is made of the number and the name, among others.
    nameless = {"caller_number": None, "caller_name": None, "search_text": ""}
    connection.execute(update(calls).where(*theirs).values(**nameless))


def _forget_told(connection: Connection, company_id: str, carrier_id: str, call_ref: str, caller: str) -> None:
    """A late event folds the call anew, which must not bring the number back."""
    of_call = (
        carrier_events.c.company_id == company_id,
        carrier_events.c.carrier_id == carrier_id,
        carrier_events.c.call_ref == call_ref,
    )
    connection.execute(update(carrier_events).where(*of_call).values(raw={}))
    told = carrier_events.c
    for row in connection.execute(select(told.leg_ref, told.kind, told.sequence, told.facts).where(*of_call)):
        left = {name: fact for name, fact in row.facts.items() if name not in {"caller", "caller_name"}}
        if left != row.facts:
            is_it = told.leg_ref == row.leg_ref, told.kind == row.kind, told.sequence == row.sequence
            connection.execute(update(carrier_events).where(*of_call, *is_it).values(facts=left))
