"""Follows the set-up: an engine for each Asterisk that some company has, for as long as it has it."""

import asyncio
import logging

from swapboard.calls.routes import CarrierAccount
from swapboard.carriers.asterisk.adapter import KIND
from swapboard.carriers.asterisk.pbx import pbx_of
from swapboard.lines.ending import ended
from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0


class AsteriskWatch:
    """The engines of one process."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._running: dict[CarrierAccount, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until cancelled; ends all engines then."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await self._end(set(self._running))

    async def look(self) -> None:
        """Begin what is new, end what is gone."""
        wanted = {each for each in self._exchange.directory.routes.carriers.values() if each.kind == KIND}
        await self._end(set(self._running) - wanted)
        for account in wanted - set(self._running):
            # Here, because what it needs is for those who have an Asterisk.
            from swapboard.lines.ari.engine import AriEngine  # noqa: PLC0415

            try:
                pbx = pbx_of(self._exchange.vault.unseal(account.credentials))
            except ValueError as error:
                log.error("an Asterisk cannot be used: %s", error)
                continue
            self._running[account] = asyncio.create_task(AriEngine(self._exchange, account, pbx).run())

    async def _end(self, accounts: set[CarrierAccount]) -> None:
        await ended(*[self._running.pop(account) for account in accounts])
