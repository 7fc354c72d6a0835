"""The exchange: one running Swapboard, with its database, its writer, its directory and its watchers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import Event
from typing import Any, TypeVar

from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault
from swapboard.accounts.store import touch_config
from swapboard.clock import Clock, Millis, system_clock
from swapboard.recordings.sealing import Sealer
from swapboard.recordings.shelf import Shelf
from swapboard.settings import Settings
from swapboard.storage.commit import Job, Unavailable
from swapboard.storage.engine import open_engine, reading
from swapboard.storage.scribe import Scribe
from swapboard.storage.writer import BatchWriter, Overloaded
from swapboard.switchboard.condition import Condition, Trouble
from swapboard.switchboard.delivering import Deliverer
from swapboard.switchboard.directory import Directory
from swapboard.switchboard.draining import Drain
from swapboard.switchboard.guarding import Guard
from swapboard.switchboard.live import LiveBus
from swapboard.switchboard.mailing import Mailer
from swapboard.switchboard.platform_sign_in import over_http
from swapboard.switchboard.reconciling import Reconciliation
from swapboard.switchboard.recorders import Recorders
from swapboard.switchboard.rehearsal import Rehearsals
from swapboard.switchboard.rounds import Rounds
from swapboard.switchboard.scaling import AutoScale
from swapboard.switchboard.sounds import SoundShelf
from swapboard.switchboard.spool import Spool
from swapboard.switchboard.sweeping import SWEEP
from swapboard.switchboard.texting import Texter
from swapboard.switchboard.threads import on_thread
from swapboard.switchboard.transcribing import Transcriber
from swapboard.switchboard.turns import Turns
from swapboard.switchboard.warming import Warming

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

SWEEP_SECONDS = 1.0
REFRESH_SECONDS = 2.0
DRAIN_SECONDS = 2.0
GUARD_SECONDS = 15.0
CHORES_SECONDS = 30.0
RECONCILE_SECONDS = 10.0
SCALE_SECONDS = 30.0
DELIVER_SECONDS = 1.0
ASK_SECONDS = 60.0
MAIL_SECONDS = 5.0
TRANSCRIBE_SECONDS = 5.0
TEXT_SECONDS = 5.0
WARM_SECONDS = 10.0
INSIST_SECONDS = 1.0
_DRAIN = "drain"


def _run_all(connection: Connection, changes: Sequence[Callable[[Connection], Any]]) -> list[Any]:
    return [change(connection) for change in changes]


CHANGE: Job[Callable[[Connection], Any], Any] = Job("change", _run_all)


class Exchange:
    """Everything that the doors of one process share."""

    def __init__(self, settings: Settings, clock: Clock = system_clock, scribe: Scribe | None = None) -> None:
        self.settings = settings
        self.clock = clock
        self.vault = Vault.open(settings.secret_file)
        self.engine = open_engine(settings.database_url)
        self.writer = BatchWriter(self.engine, settings.max_waiting, scribe=scribe)
        self.condition = Condition(clock)
        self.sounds = SoundShelf(settings.sounds_dir, self.vault, settings.public_url)
        self.directory = Directory(
            self.engine, settings.snapshot_file, self.condition, self.sounds, settings.fallback_dir
        )
        self.live = LiveBus()
        self.recorders = Recorders()
        self.spool = Spool(settings.spool_file)
        self.drain = Drain(self)
        self.reconciliation = Reconciliation(self)
        self.guard = Guard(self)
        self.turns = Turns(self)
        self.auto_scale = AutoScale(self)
        self.shelf = Shelf(settings.recordings_dir, self.vault)
        self.sealer = Sealer(self.vault)
        self.transcriber = Transcriber(self)
        self._stopping = Event()
        self.send = partial(over_http, private_addresses=settings.private_addresses)
        self.rounds = Rounds(self, self._stopping)
        self.deliverer = Deliverer(self, self._stopping)
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="aside")
        self.warming = Warming(self.read_aside, clock, self._stopping.wait)
        self.rehearsals = Rehearsals(settings.database_url, self.read, self.change, clock)
        self.mailer = Mailer(self)
        self.texter = Texter(self)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Load the directory and begin the work that goes on by itself."""
        await asyncio.to_thread(self.directory.start)
        self.writer.start()
        self._begin("sweep", SWEEP_SECONDS, self._sweep)
        self._begin("refresh", REFRESH_SECONDS, self._refresh)
        self._begin(_DRAIN, DRAIN_SECONDS, self.drain.look)
        self._begin("guard", GUARD_SECONDS, self.guard.look_around)
        self._begin("warm reports", WARM_SECONDS, self.warming.look)
        if not self.settings.worker_apart:
            self._work()

    async def start_working(self) -> None:
        """Begin only what a worker does apart from the servers, which have their own spools and sweeps."""
        self.writer.start()
        self._work()

    def _work(self) -> None:
        self._begin("chores", CHORES_SECONDS, self.rounds.do_often)
        self._begin("daily chores", CHORES_SECONDS, self.rounds.do_daily)
        self._begin("reconcile", RECONCILE_SECONDS, self.reconciliation.look)
        self._begin("auto-scale", SCALE_SECONDS, self.auto_scale.look)
        self._begin("mail", MAIL_SECONDS, self.mailer.look)
        self._begin("texts", TEXT_SECONDS, self.texter.look)
        self._begin("deliver", DELIVER_SECONDS, self.deliverer.look)
        self._begin("transcribe", TRANSCRIBE_SECONDS, self.transcriber.look)
        self._begin("ask", ASK_SECONDS, self.deliverer.ask)

    async def stop(self) -> None:
        """Finish what waits to be written, then close."""
        self.transcriber.stop()
        await self.rehearsals.stop()
        self._stopping.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*(task for task in self._tasks if task.get_name() == _DRAIN), return_exceptions=True)
        if self.spool.held:
            # The last chance of what is in memory only; what is not taken now, the carrier's list may tell. First,
            # for what is being told to others may take a minute, and Docker kills us after ten seconds.
            await asyncio.gather(self.drain.look(), return_exceptions=True)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.turns.finish()
        self._aside.shutdown()
        await self.writer.stop()
        self.deliverer.close()
        self.engine.dispose()

    async def read(self, look: Callable[[Connection], Answer]) -> Answer:
        """Run a reading function in a transaction of its own, off the event loop."""
        return await on_thread(lambda: self._look(look))

    async def read_aside(self, look: Callable[[Connection], Answer]) -> Answer:
        """The same on a thread of its own, for who rests meanwhile: all others share a few, and calls need one."""
        return await on_thread(lambda: self._look(look), self._aside)

    def _look(self, look: Callable[[Connection], Answer]) -> Answer:
        with reading(self.engine) as connection:
            return look(connection)

    async def change(self, change: Callable[[Connection], Answer]) -> Answer:
        """Run a writing function in a transaction; raises what it raises, with nothing written.

        It may be run again when another process was quicker, so it must not do anything but write.
        """
        # The writer's thread speaks the language of whoever asked.
        spoken = copy_context()
        answer: Answer = await self.writer.submit(CHANGE, lambda connection: spoken.run(change, connection))
        return answer

    async def insist(self, change: Callable[[Connection], Answer], until: Millis) -> Answer:
        """The same for what has happened, and would happen twice if it stood nowhere: while the database is
        busy or away it is tried again, until then or a stop."""
        while True:
            try:
                return await self.change(change)
            except (Overloaded, Unavailable):
                if self.clock() >= until or self._stopping.is_set():
                    raise
            await asyncio.sleep(INSIST_SECONDS)

    async def configure(self, company_id: str, change: Callable[[Connection], Answer]) -> Answer:
        """A change of the company's set-up: the directory and the routing snapshot follow at once."""

        def run(connection: Connection) -> Answer:
            # First, for it waits until nobody hands out the company's numbers, which the change may take away.
            touch_config(connection, company_id)
            return change(connection)

        answer = await self.change(run)
        await self._refresh()
        self.live.ring(company_id)
        return answer

    async def _refresh(self) -> None:
        await on_thread(self.directory.refresh)

    async def _sweep(self) -> None:
        try:
            changed = await self.writer.submit(SWEEP, self.clock())
        except Unavailable:
            self.condition.note(Trouble.NOT_WRITTEN, True)
            raise
        self.condition.note(Trouble.NOT_WRITTEN, False)
        for company_id in changed:
            self.live.ring(company_id)

    def _begin(self, name: str, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        self._tasks.append(asyncio.create_task(self._every(name, seconds, work), name=name))

    async def _every(self, name: str, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await work()
            except Exception as error:
                log.warning("%s failed and will be tried again: %r", name, error)
