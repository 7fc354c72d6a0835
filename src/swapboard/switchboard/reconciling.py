"""Finds what webhooks lost: every few minutes each carrier's own call list is read and compared.

A call whose end neither tells is given up after a while, so that it does not ring for ever.

What the list adds goes the way of all events (ringing.py), so that being told twice changes nothing. No network
call is made inside a transaction. Of several processes one reads a company's lists, by the table of chores.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, islice
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from swapboard.calls.call import CallEvent
from swapboard.calls.call_lists import ListedAccount, accounts_to_read, mark_read, not_told, open_calls
from swapboard.calls.silence import ReadList, given_up
from swapboard.carriers.base import CarrierError, Fault, NoCallList
from swapboard.carriers.opening import open_account
from swapboard.clock import MINUTE, Millis
from swapboard.patience import wait_after
from swapboard.switchboard.adapter_faults import only_carrier_errors
from swapboard.switchboard.claiming import CLAIM, Claim, Due, put_off
from swapboard.switchboard.condition import Trouble
from swapboard.switchboard.ringing import RECEIVE, Told

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

CHORE = "call lists"
EVERY: Millis = 5 * MINUTE
EVENTS_AT_ONCE = 2_000
"""So much of a list is in memory: an account may have many calls that are none of ours."""
CALLS_AT_ONCE = 20
"""So that they share a transaction, and leave room for those that ring."""
LONGEST_READ_SECONDS = 600
COMPANIES_AT_ONCE = 4
"""So that a carrier that hangs keeps few others waiting."""
_AS_LISTED = {"source": "the carrier's call list"}
_AS_GIVEN_UP = {"source": "nobody told us of the call's end"}


class Reconciliation:
    """Reads the lists for one process."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._failures: Counter[str] = Counter()

    async def look(self) -> None:
        """Read the lists that are due."""
        claim = Claim(self._exchange.clock(), ((CHORE, EVERY),))
        free = asyncio.Semaphore(COMPANIES_AT_ONCE)
        claimed = await self._exchange.writer.submit(CLAIM, claim)
        done = await asyncio.gather(*(self._look_at(due, free) for due in claimed), return_exceptions=True)
        for failed in (each for each in done if isinstance(each, BaseException)):
            raise failed

    async def _look_at(self, due: Due, free: asyncio.Semaphore) -> None:
        async with free:
            await self._read_all(due)

    async def _read_all(self, due: Due) -> None:
        accounts = await self._exchange.read(
            partial(accounts_to_read, company_id=due.company_id, now=self._exchange.clock())
        )
        failed = [account for account in accounts if not await self._is_read(due.company_id, account)]
        self._exchange.condition.note(Trouble.LISTS_UNREAD, bool(failed), due.company_id)
        if failed:
            failures = max(self._failures[account.carrier_id] for account in failed)
            until = self._exchange.clock() + wait_after(failures, random.random())  # noqa: S311 no secret
            await self._exchange.change(partial(put_off, due=due, until=until))

    async def _is_read(self, company_id: str, account: ListedAccount) -> bool:
        """Read one account's list; False when the carrier failed, which harms no other account."""
        read = None
        try:
            read = await self._read(company_id, account)
            self._failures.pop(account.carrier_id, None)
        except NoCallList:
            self._failures.pop(account.carrier_id, None)
            looked_at = self._exchange.clock()
            await self._give_up(company_id, account, None)
            # So that the next look need not go through all calls since the account was set up.
            await self._exchange.change(partial(_mark, company_id, account.carrier_id, looked_at))
            return True
        except (CarrierError, ValueError) as error:
            self._failures[account.carrier_id] += 1
            log.warning("the call list of carrier account %s cannot be read: %s", account.carrier_id, error)
        await self._give_up(company_id, account, read)
        return read is not None

    async def _read(self, company_id: str, account: ListedAccount) -> ReadList:
        """Take over what the list tells that no webhook did, a piece at a time. Raises CarrierError."""
        asked_at, until = self._exchange.clock(), monotonic() + LONGEST_READ_SECONDS
        events = self._listed(account)
        call_refs: set[str] = set()
        calls = 0
        while listed := await asyncio.to_thread(lambda: list(islice(events, EVENTS_AT_ONCE))):
            call_refs.update(event.call_ref for event in listed)
            find = partial(not_told, company_id=company_id, carrier_id=account.carrier_id, listed=listed)
            calls += await self._tell(company_id, account.carrier_id, await self._exchange.read(find), _AS_LISTED)
            if monotonic() > until:
                raise CarrierError("Its list took too long to read; it is read anew.", Fault.CARRIER)
        if calls:
            log.warning("webhooks lost events of %d calls, which the carrier's list told", calls)
        # Last: whatever fails before is read again.
        await self._exchange.change(partial(_mark, company_id, account.carrier_id, asked_at))
        return ReadList(account.since, asked_at, call_refs)

    async def _give_up(self, company_id: str, account: ListedAccount, read: ReadList | None) -> None:
        """End the calls of which the carrier knows nothing more, or nothing can be heard any more."""
        now = self._exchange.clock()
        waiting = await self._exchange.read(lambda connection: open_calls(connection, company_id, account, now))
        ends = list(given_up(waiting, read, now))
        if await self._tell(company_id, account.carrier_id, ends, _AS_GIVEN_UP):
            log.warning("the end of %d calls was never heard; they count as over", len(ends))

    async def _tell(
        self, company_id: str, carrier_id: str, events: Sequence[CallEvent], raw: Mapping[str, str]
    ) -> int:
        """Have the events folded in, some calls at a time; how many calls they are of."""
        calls = [tuple(of_call) for _ref, of_call in groupby(sorted(events, key=_call_ref), key=_call_ref)]
        for first in range(0, len(calls), CALLS_AT_ONCE):
            some = calls[first : first + CALLS_AT_ONCE]
            told = (Told(company_id, carrier_id, of_call, raw, self._exchange.clock()) for of_call in some)
            await asyncio.gather(*(self._exchange.writer.submit(RECEIVE, each) for each in told))
        if calls:
            self._exchange.live.ring(company_id)
        return len(calls)

    def _listed(self, account: ListedAccount) -> Iterator[CallEvent]:
        carrier = open_account(account.kind, account.credentials, self._exchange.vault)
        with only_carrier_errors():
            yield from carrier.calls(account.since)


def _call_ref(event: CallEvent) -> str:
    return event.call_ref


def _mark(company_id: str, carrier_id: str, until: Millis, connection: Connection) -> None:
    mark_read(connection, company_id, carrier_id, until)
