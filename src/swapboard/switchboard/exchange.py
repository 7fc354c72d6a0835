"""The exchange: one running Swapboard, with its database, its writer, its directory and its watchers."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from threading import Event
from typing import Any, TypeVar

from anyio import CancelScope
from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault
from swapboard.accounts.store import touch_config
from swapboard.clock import DAY, Clock, system_clock
from swapboard.recordings.sealing import Sealer
from swapboard.recordings.shelf import Shelf
from swapboard.settings import Settings
from swapboard.storage.commit import Job, Unavailable
from swapboard.storage.engine import open_engine, reading
from swapboard.storage.scribe import Scribe
from swapboard.storage.writer import BatchWriter, Overloaded
from swapboard.switchboard.chores import AGAIN_AFTER, Chore, all_chores
from swapboard.switchboard.claiming import CLAIM, Claim, Due, put_all_off, put_off
from swapboard.switchboard.condition import Condition, Trouble
from swapboard.switchboard.costing import pause
from swapboard.switchboard.delivering import Deliverer
from swapboard.switchboard.directory import Directory
from swapboard.switchboard.guarding import Guard
from swapboard.switchboard.live import LiveBus
from swapboard.switchboard.mailing import Mailer
from swapboard.switchboard.reconciling import Reconciliation
from swapboard.switchboard.recorders import Recorders
from swapboard.switchboard.rehearsal import Rehearsals
from swapboard.switchboard.ringing import RECEIVE, Told
from swapboard.switchboard.scaling import AutoScale
from swapboard.switchboard.signing_in import over_http
from swapboard.switchboard.sounds import SoundShelf
from swapboard.switchboard.spool import Spool
from swapboard.switchboard.sweeping import SWEEP
from swapboard.switchboard.texting import Texter
from swapboard.switchboard.transcribing import Transcriber
from swapboard.switchboard.turns import Turns
from swapboard.switchboard.warming import Warming

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Found = TypeVar("Found")
Result = TypeVar("Result")

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
        self.reconciliation = Reconciliation(self)
        self.guard = Guard(self)
        self.turns = Turns(self)
        self.auto_scale = AutoScale(self)
        self.deliverer = Deliverer(self)
        self.shelf = Shelf(settings.recordings_dir, self.vault)
        self.sealer = Sealer(self.vault)
        self.transcriber = Transcriber(self)
        self._stopping = Event()
        self.send = partial(over_http, private_addresses=settings.private_addresses)
        self.chores = all_chores(
            self.vault,
            self.shelf,
            settings.public_url,
            self.engine,
            clock,
            hears=self.transcriber.engine is not None,
            private_addresses=settings.private_addresses,
            asks_bank=settings.ecb_rates,
            pause=partial(pause, self._stopping),
        )
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
        self._tasks = [
            asyncio.create_task(self._every(SWEEP_SECONDS, self._sweep), name="sweep"),
            asyncio.create_task(self._every(REFRESH_SECONDS, self._refresh), name="refresh"),
            asyncio.create_task(self._every(DRAIN_SECONDS, self._drain), name="drain"),
            asyncio.create_task(self._every(GUARD_SECONDS, self.guard.look_around), name="guard"),
            asyncio.create_task(self._every(WARM_SECONDS, self.warming.look), name="warm reports"),
        ]
        if not self.settings.worker_apart:
            self._work()

    async def start_working(self) -> None:
        """Begin only what a worker does apart from the servers, which have their own spools and sweeps."""
        self.writer.start()
        self._work()

    def _work(self) -> None:
        self._tasks += [
            asyncio.create_task(self._every(CHORES_SECONDS, self._do_often), name="chores"),
            asyncio.create_task(self._every(CHORES_SECONDS, self._do_daily), name="daily chores"),
            asyncio.create_task(self._every(RECONCILE_SECONDS, self.reconciliation.look), name="reconcile"),
            asyncio.create_task(self._every(SCALE_SECONDS, self.auto_scale.look), name="auto-scale"),
            asyncio.create_task(self._every(MAIL_SECONDS, self.mailer.look), name="mail"),
            asyncio.create_task(self._every(TEXT_SECONDS, self.texter.look), name="texts"),
            asyncio.create_task(self._every(DELIVER_SECONDS, self.deliverer.look), name="deliver"),
            asyncio.create_task(self._every(TRANSCRIBE_SECONDS, self.transcriber.look), name="transcribe"),
            asyncio.create_task(self._every(ASK_SECONDS, self.deliverer.ask), name="ask"),
        ]

    async def stop(self) -> None:
        """Finish what waits to be written, then close."""
        self.transcriber.stop()
        await self.rehearsals.stop()
        self._stopping.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.spool.held:
            # The last chance of what is in memory only; what is not taken now, the carrier's list may tell.
            await asyncio.gather(self._drain(), return_exceptions=True)
        await self.turns.finish()
        self._aside.shutdown()
        await self.writer.stop()
        self.deliverer.close()
        self.engine.dispose()

    async def read(self, look: Callable[[Connection], Answer]) -> Answer:
        """Run a reading function in a transaction of its own, off the event loop."""
        return await _on_thread(lambda: self._look(look))

    async def read_aside(self, look: Callable[[Connection], Answer]) -> Answer:
        """The same on a thread of its own, for who rests meanwhile: all others share a few, and calls need one."""
        return await _on_thread(lambda: self._look(look), self._aside)

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

    async def do_chores(self) -> None:
        """Do all that is due."""
        await self._do_due(self.chores)

    async def _do_often(self) -> None:
        await self._do_due([chore for chore in self.chores if chore.every < DAY])

    async def _do_daily(self) -> None:
        """By themselves: a platform may take minutes to answer, for which recordings are not to wait."""
        await self._do_due([chore for chore in self.chores if chore.every >= DAY])

    async def _do_due(self, chores: Sequence[Chore[Any, Any]]) -> None:
        """The work of one company that fails is put off and keeps no other waiting."""
        known = {chore.name: chore for chore in chores}
        claim = Claim(self.clock(), tuple((chore.name, chore.every) for chore in chores))
        claimed = await self.writer.submit(CLAIM, claim)
        for place, due in enumerate(claimed):
            try:
                await self._do(known[due.name], due.company_id)
            except asyncio.CancelledError:
                await self._leave(claimed[place:])
                raise
            except Exception:
                log.exception("the chore %s of company %s failed and is put off", due.name, due.company_id)
                until = self.clock() + AGAIN_AFTER
                await self.change(partial(put_off, due=due, until=until))

    async def _leave(self, dues: Sequence[Due]) -> None:
        """Whoever starts next does what is left: its next turn may be a day away."""
        try:
            await self.change(partial(put_all_off, dues=dues, until=self.clock()))
        except Exception:  # whoever is stopped must hear that, and not that the database is away
            log.exception("what a stop left undone waits for its next turn")

    async def _do(self, chore: Chore[Found, Result], company_id: str) -> None:
        now = self.clock()
        found = await self.read(lambda connection: chore.look(connection, company_id, now))
        result = await _on_thread(lambda: chore.work(found))
        await self.change(lambda connection: chore.keep(connection, company_id, result, now))

    async def _refresh(self) -> None:
        await _on_thread(self.directory.refresh)

    async def _sweep(self) -> None:
        try:
            changed = await self.writer.submit(SWEEP, self.clock())
        except Unavailable:
            self.condition.note(Trouble.NOT_WRITTEN, True)
            raise
        self.condition.note(Trouble.NOT_WRITTEN, False)
        for company_id in changed:
            self.live.ring(company_id)

    async def _drain(self) -> None:
        """Give the database what it could not take before, oldest first; told twice is told once."""
        self._note_spool()
        if self.spool.is_empty:
            return
        try:
            await self._drain_file()
        finally:
            # These do not need the disk, which may be why they are here.
            held = self.spool.held_events()
            if held and await self._take(held):
                self.spool.let_go(len(held))
        self._note_spool()

    async def _drain_file(self) -> None:
        reading = self.spool.read()
        while told := await asyncio.to_thread(reading.next):
            if not await self._take(told):
                return
        await asyncio.to_thread(self.spool.forget, reading)

    def _note_spool(self) -> None:
        self.condition.note(Trouble.EVENTS_WAIT, not self.spool.is_empty)
        self.condition.note(Trouble.ONLY_IN_MEMORY, self.spool.held > 0)

    async def _take(self, waiting: Sequence[Told]) -> bool:
        """Write events from the spool; False when the database still takes none."""
        for told in waiting:
            try:
                await self.writer.submit(RECEIVE, told)
            except (Overloaded, Unavailable):
                return False
            except Exception:
                log.exception("the database refuses this event for good: %s", told)
            self.live.ring(told.company_id)
        return True

    async def _every(self, seconds: float, work: Callable[[], Any]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await work()
            except Exception as error:
                log.warning("%s failed and will be tried again: %r", work.__name__, error)


async def _on_thread(work: Callable[[], Answer], threads: Executor | None = None) -> Answer:
    """Run on a thread. A thread cannot be cancelled: whoever is waits for it, for it holds a connection."""
    running = asyncio.get_running_loop().run_in_executor(threads, copy_context().run, work)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        # Starlette's task groups cancel at every turn of the loop until they are obeyed: the shield lets it rest.
        with CancelScope(shield=True):
            while not running.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait({running})
        raise
