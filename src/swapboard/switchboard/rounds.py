"""Does the chores of all companies that are due and that no other process has taken."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection

from swapboard.clock import DAY, Millis
from swapboard.switchboard.ad_accounts import pause
from swapboard.switchboard.chore import AGAIN_AFTER, Chore
from swapboard.switchboard.chores import all_chores
from swapboard.switchboard.claiming import CLAIM, HELD, Claim, Due, note_done, put_all_off, put_off
from swapboard.switchboard.threads import on_thread

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

Found = TypeVar("Found")
Result = TypeVar("Result")


class Rounds:
    """The rounds of one process, which end when it is `stopping`."""

    def __init__(self, exchange: "Exchange", stopping: Event) -> None:
        self._exchange = exchange
        self.chores = all_chores(exchange, partial(pause, stopping))

    async def do_often(self) -> None:
        """Do what comes due more than once a day."""
        await self._do_due([chore for chore in self.chores if chore.every < DAY])

    async def do_daily(self) -> None:
        """By themselves: a platform may take minutes to answer, for which recordings are not to wait."""
        await self._do_due([chore for chore in self.chores if chore.every >= DAY])

    async def _do_due(self, chores: Sequence[Chore[Any, Any]]) -> None:
        """The work of one company that fails is put off and keeps no other waiting."""
        known = {chore.name: chore for chore in chores}
        claim = Claim(self._exchange.clock(), tuple((chore.name, chore.every) for chore in chores))
        claimed = await self._exchange.writer.submit(CLAIM, claim)
        for place, due in enumerate(claimed):
            if self._exchange.clock() >= claim.now + HELD:
                # What is left is due again, for whoever comes first.
                return
            try:
                await self._do(known[due.name], due, claim.now)
            except asyncio.CancelledError:
                await self._leave(claimed[place:])
                raise
            except Exception:
                log.exception("the chore %s of company %s failed and is put off", due.name, due.company_id)
                until = self._exchange.clock() + AGAIN_AFTER
                await self._exchange.change(partial(put_off, due=due, until=until))

    async def _leave(self, dues: Sequence[Due]) -> None:
        """Whoever starts next does what is left: its next turn may be a day away."""
        try:
            await self._exchange.change(partial(put_all_off, dues=dues, until=self._exchange.clock()))
        except Exception:  # whoever is stopped must hear that, and not that the database is away
            log.exception("what a stop left undone waits for its next turn")

    async def _do(self, chore: Chore[Found, Result], due: Due, claimed_at: Millis) -> None:
        now, company_id = self._exchange.clock(), due.company_id
        found = await self._exchange.read(lambda connection: chore.look(connection, company_id, now))
        result = await on_thread(lambda: chore.work(found))

        def keep(connection: Connection) -> None:
            chore.keep(connection, company_id, result, now)
            note_done(connection, due, claimed_at, chore.every)

        await self._exchange.change(keep)
