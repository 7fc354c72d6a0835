"""Own lines, where the settings ask for them, for as long as the server runs."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from swapboard.lines.ari.watch import AsteriskWatch
from swapboard.lines.ending import ended
from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

NOT_INSTALLED = "own lines are off, for what they need is not installed: pip install 'swapboard[lines]'"


@asynccontextmanager
async def lines_of(exchange: Exchange) -> AsyncIterator[None]:
    """The embedded engine, and one for each Asterisk; what keeps one from starting keeps nothing else."""
    async with AsyncExitStack() as stack:
        watching = asyncio.create_task(AsteriskWatch(exchange).run())
        stack.push_async_callback(ended, watching)
        if exchange.settings.lines_listen:
            await _listen(exchange, stack)
        yield


async def _listen(exchange: Exchange, stack: AsyncExitStack) -> None:
    try:
        # Here, because the extra is for those who have lines.
        from swapboard.lines.engine import SipEngine  # noqa: PLC0415
    except ImportError:
        log.error(NOT_INSTALLED)
        return
    engine = SipEngine(exchange)
    stack.push_async_callback(engine.stop)
    try:
        await engine.start()
    except OSError as error:
        log.error("own lines are off: %s cannot be used: %s", exchange.settings.lines_listen, error)
