"""Text messages: written when a call was missed, sent a moment later, and those that come in.

A message is written in the transaction in which its call ends, and sent at most once: to whoever is waiting for a
call, one text too few is better than two.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from swapboard.accounts.secrets import Vault
from swapboard.calls.call import Call, Status
from swapboard.calls.flow_store import flow_of_line
from swapboard.carriers.base import CarrierError, Fault, Text, TextCarrier, TextStopped
from swapboard.clock import DAY, Millis
from swapboard.language import _
from swapboard.storage.schema import calls
from swapboard.switchboard.adapter_faults import ask_carrier
from swapboard.switchboard.call_account import call_account
from swapboard.switchboard.companies import due_of_each
from swapboard.switchboard.threads import to_its_end
from swapboard.texts.store import (
    claim_text,
    count_dropped,
    due_texts,
    end_text,
    has_failed,
    has_stopped,
    never_left,
    new_text,
    put_text,
    replies_of,
    set_stopped,
    was_written,
)
from swapboard.texts.text import (
    SENT_AFTER,
    MissedCall,
    TextMessage,
    TextState,
    WhyNot,
    filled_in,
    is_missed,
    stops,
    text_for,
    why_not,
)

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

COMPANIES_AT_ONCE = 4
"""So that a carrier that hangs keeps few others waiting."""


def write_to_missed(
    connection: Connection, company_id: str, carrier_id: str, call_id: str, call: Call, now: Millis
) -> bool:
    """Write to the caller of a call that nobody answered, where its number or flow has words for it."""
    missed = MissedCall(call.status, call.tracking_number, call.caller, call.ended_at)
    line, caller = call.tracking_number, call.caller
    if not is_missed(missed) or line is None or caller is None or why_not(missed, now):
        return False
    words = _words(connection, company_id, line)
    if (
        not words
        or has_stopped(connection, company_id, caller)
        or was_written(connection, company_id, caller, now)
        or has_failed(connection, company_id, call_id)
    ):
        return False
    said = (line, caller, filled_in(words, line))
    text = new_text(company_id, carrier_id, call_id, said, TextState.WAITING, now + SENT_AFTER)
    # By the day, too: two servers that hear of two calls at once write one text.
    about = f"missed {caller} {now // DAY}"
    # What was dropped reached nobody: the next missed call of the day is written of.
    turn = count_dropped(connection, company_id, about)
    return put_text(connection, f"{about} {turn}" if turn else about, text)


def hear_text(connection: Connection, company_id: str, carrier_id: str, text: Text, now: Millis) -> None:
    """Keep a message that came in; the same again changes nothing. STOP and START are heeded."""
    said = (text.sender, text.recipient, text.body)
    known = new_text(company_id, carrier_id, None, said, TextState.RECEIVED, now)
    wanted = stops(text.body)
    if put_text(connection, f"from {carrier_id} {text.ref}", known) and wanted is not None:
        set_stopped(connection, company_id, text.sender, wanted, now)


class Texter:
    """Sends what waits."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange

    async def look(self) -> None:
        """Send what is due, of each company one after the other."""
        due = partial(due_of_each, due=due_texts, now=self._exchange.clock())
        of_company: dict[str, list[str]] = defaultdict(list)
        for company_id, message_id in await self._exchange.read(due):
            of_company[company_id].append(message_id)
        free = asyncio.Semaphore(COMPANIES_AT_ONCE)
        sent = (self._send_all(company_id, ids, free) for company_id, ids in of_company.items())
        done = await asyncio.gather(*sent, return_exceptions=True)
        for failed in (each for each in done if isinstance(each, BaseException)):
            raise failed

    async def _send_all(self, company_id: str, message_ids: Sequence[str], free: asyncio.Semaphore) -> None:
        """Until the carrier is away: the rest then waits for the next look."""
        async with free:
            for message_id in message_ids:
                now = self._exchange.clock()
                claim = partial(_claim, company_id=company_id, message_id=message_id, now=now)
                text = await self._exchange.change(claim)
                # Broken off by a stop, it would have gone, and nobody would know.
                if text and await to_its_end(asyncio.ensure_future(self._send(text))) is Fault.CARRIER:
                    return

    async def _send(self, text: TextMessage) -> Fault | None:
        """Whose fault it was that it was not sent."""
        state, told = TextState.SENT, dict[str, object]()
        has_stopped_there, fault = False, None
        try:
            account = await self._exchange.read(partial(_account, text=text, vault=self._exchange.vault))
            words = Text(text.sender, text.recipient, text.body)
            told["carrier_ref"] = await ask_carrier(account.send_text, words)
        except CarrierError as error:
            log.warning("a text message was not sent: %s", error)
            has_stopped_there, fault = isinstance(error, TextStopped), error.fault
            state = TextState.WAITING if error.is_undone else TextState.FAILED
            told["words"] = str(error)[:500]
            if fault is not Fault.CARRIER and state is TextState.FAILED:
                # It was refused. Where nobody knows whether it went out, no other goes out that day.
                told["about"] = never_left(text.call_id)
        now = self._exchange.clock()

        def end(connection: Connection) -> None:
            end_text(connection, text, state, now, **told)
            if has_stopped_there:
                set_stopped(connection, text.company_id, text.recipient, True, now)

        await self._exchange.change(end)
        self._exchange.live.ring(text.company_id)
        return fault


def _words(connection: Connection, company_id: str, line: str) -> str:
    replies = replies_of(connection, company_id)
    if line in replies:
        return text_for(replies, line, "")
    flow = flow_of_line(connection, company_id, line)
    return text_for(replies, line, flow.missed_text if flow else "")


def _claim(connection: Connection, company_id: str, message_id: str, now: Millis) -> TextMessage | None:
    """The message, if it is this process's to send and still to be sent; what was learnt meanwhile counts."""
    text = claim_text(connection, company_id, message_id, now)
    if text is None:
        return None
    reason = _reason(connection, text, now)
    if reason is None:
        return text
    end_text(connection, text, TextState.DROPPED, now, words=reason.value)
    return None


def _reason(connection: Connection, text: TextMessage, now: Millis) -> WhyNot | None:
    if has_stopped(connection, text.company_id, text.recipient):
        return WhyNot.STOPPED
    of_caller = calls.c.company_id == text.company_id, calls.c.caller_number == text.recipient
    since = select(calls.c.call_id, calls.c.status, calls.c.started_at, calls.c.ended_at, calls.c.is_spam)
    rows = connection.execute(since.where(*of_caller, calls.c.started_at > text.written_at - DAY)).all()
    its = next((row for row in rows if row.call_id == text.call_id), None)
    if its is None:
        return WhyNot.LATE  # its caller was forgotten meanwhile
    later = [row for row in rows if row.started_at >= its.started_at]
    if any(row.status in {Status.ANSWERED, Status.IN_PROGRESS, Status.VOICEMAIL} for row in later):
        return WhyNot.ANSWERED
    return why_not(MissedCall(Status(its.status), text.sender, text.recipient, its.ended_at, its.is_spam), now)


def _account(connection: Connection, text: TextMessage, vault: Vault) -> TextCarrier:
    """The account that the call came by. Raises CarrierError."""
    name, carrier = call_account(connection, vault, text.company_id, text.carrier_id)
    if not isinstance(carrier, TextCarrier):
        raise CarrierError(_("%(name)s cannot send text messages.") % {"name": name}, Fault.REQUEST)
    return carrier
