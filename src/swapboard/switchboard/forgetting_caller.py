"""A caller wants to be forgotten: what they said and who they were goes, that somebody called stays."""

from typing import NamedTuple

from sqlalchemy import Connection

from swapboard.accounts.audit import Act, note
from swapboard.accounts.store import touch_config
from swapboard.calls.caller_word_store import allow_no_more
from swapboard.calls.nameless import calls_by, make_nameless, stay_nameless
from swapboard.clock import Millis
from swapboard.conversions import forgotten
from swapboard.conversions.event import Event
from swapboard.leads import store as lead_store
from swapboard.leads.lead import keys_of
from swapboard.mail.outbox import forget_letters
from swapboard.recordings.recording import Because
from swapboard.recordings.store import let_go, recordings_of_caller
from swapboard.switchboard.announcing import announce
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
    theirs = calls_by(connection, company_id, caller)
    texts = forget_texts(connection, company_id, caller)
    if allow_no_more(connection, company_id, caller):
        # The doors have the list in memory.
        touch_config(connection, company_id)
    if not theirs and not texts:
        return Forgotten(0, 0)
    call_ids = [each.call_id for each in theirs]
    heard = [each.recording_id for each in recordings_of_caller(connection, company_id, caller)]
    let_go(connection, company_id, heard, Because.FORGOTTEN, now)
    forget_letters(connection, company_id, [about_message(recording_id) for recording_id in heard])
    forgotten.forget_contacts(connection, company_id, call_ids)
    make_nameless(connection, company_id, theirs)
    stay_nameless(connection, company_id, theirs, now)
    for call_id in call_ids:
        announce(connection, company_id, call_id, [Event.FORGOTTEN], now, {"forgotten": "caller"})
    lead_store.forget(connection, company_id, set(keys_of(phone=caller)), [])
    note(connection, company_id, actor, Act.FORGOT_CALLER, f"{len(call_ids)} calls, {texts} texts", now)
    return Forgotten(len(call_ids), texts)
