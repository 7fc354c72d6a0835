"""`swapboard worker`: the work that comes due by itself, in a process apart from the server."""

import asyncio
import logging
import signal

from sqlalchemy.exc import DatabaseError

from swapboard.cli.installation import make_folder, trouble
from swapboard.logs import begin_log
from swapboard.settings import Settings, read_settings
from swapboard.storage.migrate import is_current
from swapboard.switchboard.exchange import Exchange

LOOK_AGAIN_SECONDS = 2.0

log = logging.getLogger(__name__)


def worker() -> None:
    """Do the work that comes due by itself: learn from calls, ask for keywords, read call lists, scale pools.

    The server does it too, unless it is started with SWAPBOARD_WORKER_APART=1. Several workers share the work.

    Example: SWAPBOARD_DATABASE_URL=postgresql://swapboard@localhost/swapboard swapboard worker
    """
    begin_log()
    settings = read_settings()
    make_folder(settings)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    if not await _is_ready(settings, stopped):
        return
    exchange = Exchange(settings)
    await exchange.start_working()
    log.info("the worker works; stop it with Ctrl-C")
    await stopped.wait()
    await exchange.stop()


async def _is_ready(settings: Settings, stopped: asyncio.Event) -> bool:
    """Wait until the database answers and has this version's schema; False when told to stop before that."""
    while not stopped.is_set():
        if not (problem := await asyncio.to_thread(_missing, settings)):
            return True
        log.warning("waiting. %s", problem)
        try:
            await asyncio.wait_for(stopped.wait(), LOOK_AGAIN_SECONDS)
        except TimeoutError:
            continue
    return False


def _missing(settings: Settings) -> str | None:
    """What keeps the worker from beginning, if anything."""
    try:
        is_ready = is_current(settings.database_url)
    except DatabaseError as error:
        return trouble(error)
    return None if is_ready else "The database has another schema; run `swapboard migrate`, or start the server."
