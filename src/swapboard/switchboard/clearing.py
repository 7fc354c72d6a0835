"""A person says whether a call was spam: what follows follows at once, and the caller is known from then on."""

from sqlalchemy import Connection

from swapboard.calls.caller_word_store import CallerWord, say_of_caller, unsay_of_number
from swapboard.calls.listing import CallRecord, call_by_id, calls_by_id
from swapboard.calls.spam import Word
from swapboard.calls.spam_store import clear_calls, renew_first_call, say_of_call
from swapboard.clock import Millis
from swapboard.conversions.event import Event
from swapboard.language import _
from swapboard.leads import store as lead_store
from swapboard.leads.lead import Contact, ContactKind, keys_of
from swapboard.storage.ids import new_id
from swapboard.switchboard.announcing import announce
from swapboard.switchboard.converting import convert
from swapboard.switchboard.joining import join
from swapboard.switchboard.judging import qualify_lead

_NOTES = {
    Word.BLOCK: _("A call of theirs was called spam."),
    Word.ALLOW: _("A call of theirs was called no spam."),
}


def clear(
    connection: Connection, company_id: str, call_id: str, is_spam: bool | None, actor: str, now: Millis
) -> bool:
    """Keep the word, or with None take it back; False when there is no such call.

    Spam blocks the caller from now on. No spam puts them on the list of good numbers, and clears other calls.
    """
    call = call_by_id(connection, company_id, call_id)
    if call is None or not say_of_call(connection, company_id, call_id, is_spam):
        return False
    touched = [call_id]
    if call.caller_number:
        _teach(connection, company_id, call.caller_number, is_spam, actor, now)
        if is_spam is False:
            touched += clear_calls(connection, company_id, call.caller_number)
        renew_first_call(connection, company_id, call.caller_number)
    for each in calls_by_id(connection, company_id, touched):
        _follow(connection, company_id, each, now)
    return True


def _teach(
    connection: Connection, company_id: str, caller: str, is_spam: bool | None, actor: str, now: Millis
) -> None:
    if is_spam is None:
        unsay_of_number(connection, company_id, caller, _NOTES.values())
        return
    word = Word.BLOCK if is_spam else Word.ALLOW
    said = CallerWord(new_id(now), caller, word, _NOTES[word], actor, now)
    say_of_caller(connection, company_id, said)


def _follow(connection: Connection, company_id: str, call: CallRecord, now: Millis) -> None:
    """Spam is nobody's lead and no conversion; what is none is somebody's again."""
    lead_id = lead_store.lead_of(connection, company_id, ContactKind.CALL, call.call_id)
    if call.is_spam:
        lead_store.drop_contact(connection, company_id, ContactKind.CALL, call.call_id)
    else:
        lead_id = join(connection, company_id, _contact(call), now).lead_id
    qualify_lead(connection, company_id, lead_id, now)
    convert(connection, company_id, ContactKind.CALL, call.call_id, now)
    announce(connection, company_id, call.call_id, [Event.CHANGED], now)


def _contact(call: CallRecord) -> Contact:
    keys = keys_of(phone=call.caller_number, visitor_id=call.visitor_id, confidence=call.confidence or 0.0)
    return Contact(ContactKind.CALL, call.call_id, call.started_at, keys)
