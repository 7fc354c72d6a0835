"""Own lines, where the settings ask for them, for as long as the server runs."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

NOT_INSTALLED = "own lines are off, for what they need is not installed: pip install 'swapboard[lines]'"


@asynccontextmanager
async def lines_of(exchange: Exchange) -> AsyncIterator[None]:
    """The embedded engine; whatever keeps it from starting, the rest of the server goes on."""
    if not exchange.settings.lines_listen:
        yield
        return
    try:
        # Here, because the extra is for those who have lines.
        from swapboard.lines.engine import SipEngine  # noqa: PLC0415
    except ImportError:
        log.error(NOT_INSTALLED)
        yield
        return
    engine = SipEngine(exchange)
    try:
        await engine.start()
    except OSError as error:
        log.error("own lines are off: %s cannot be listened on: %s", exchange.settings.lines_listen, error)
    try:
        yield
    finally:
        await engine.stop()
