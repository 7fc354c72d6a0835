"""The fault trials: calls go on while something breaks, and afterwards everything is counted.

Each trial is one way to break; `make test` runs them short, `make faults` in full (docs/reliability.md).
"""

import asyncio
import json
import random
import socket
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
from sqlalchemy import Engine, select

from swapboard.accounts.secrets import Vault
from swapboard.bench.postgresql import ThrowawayServer
from swapboard.clock import HOUR, Millis, system_clock
from swapboard.conversions.conversion import Rule
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.schema import calls, conversions, deliveries
from tests.building import Business, open_business, pool_number
from tests.faults.phone_side import PhoneSide
from tests.faults.serving import Nursery, nursery
from tests.local_server import answering
from tests.twilio_stand_in import SID, TOKEN, Twilio, _Handler

POOL = 20
CALLS_A_SECOND = 30
HOOK = "d" * 32
SETTLES_WITHIN_SECONDS = 600


@dataclass
class Finding:
    """What a trial found; everything but the counts of faults must fit the number of calls."""

    calls: int = 0
    dialled_by_server: int = 0
    dialled_by_fallback: int = 0
    not_dialled: int = 0
    recorded: int = 0
    wrong: list[str] = field(default_factory=list)
    """Calls that are recorded otherwise than they were: by their carrier's id."""
    conversions: int = 0
    unconverted: list[str] = field(default_factory=list)
    """Calls without one: by their carrier's id, and what speaks for spam, which makes none."""
    told: int = 0
    """Conversions that stand in the outbox, told or waiting."""
    faults: int = 0
    """How often it was broken."""
    seconds: float = 0.0
    """How long it was broken, in all."""
    settled_seconds: float = 0.0
    """How long it took after the last call until nothing was missing."""

    @property
    def is_well(self) -> bool:
        """Every call dialled, every call recorded once and rightly, every conversion queued once."""
        counted = {self.recorded, self.conversions, self.told}
        return not self.not_dialled and not self.wrong and counted == {self.calls} and self.calls > 0


@dataclass
class Stage:
    """A server that may be broken, and a carrier whose calls go on."""

    nursery: Nursery
    phone: PhoneSide
    business: Business
    twilio: Twilio
    hook: "Hook"

    async def starts(self) -> None:
        """Begin a server, and wait until it answers."""
        self.nursery.start()
        await self.answers()

    async def answers(self) -> None:
        """Wait until the server answers, with its routes loaded and its fallback documents written once."""
        documents = self.nursery.fallback_dir / self.business.carrier_id
        async with asyncio.timeout(60), httpx.AsyncClient() as client:
            while True:
                try:
                    answer = await client.get(f"{self.nursery.url}/t/{self.business.site.site_key}.js")
                except httpx.TransportError:
                    answer = None
                if answer is not None and answer.status_code == 200 and documents.exists():
                    return
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def calls_go_on(self, per_second: float = CALLS_A_SECOND) -> AsyncIterator[None]:
        """Calls come in all the while, at random moments; at the end the last one is waited for."""
        over = asyncio.Event()

        async def place() -> None:
            async with asyncio.TaskGroup() as placed:
                while not over.is_set():
                    placed.create_task(self.phone.call())
                    await asyncio.sleep(random.expovariate(per_second))

        placing = asyncio.create_task(place())
        try:
            yield
        finally:
            over.set()
            await placing


@dataclass
class Hook:
    """The company's own program, which is told of conversions; it may hang."""

    url: str = ""
    hangs: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)
    asked: int = 0


@contextmanager
def hook() -> Iterator[Hook]:
    """A receiver of conversions; whoever hangs in it is let go at the end."""
    known = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            known.asked += 1
            if known.hangs.is_set():
                known.goes_on.wait(60)
            try:
                self.send_response(204)
                self.end_headers()
            except OSError:
                """Whoever asked has given up."""

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with answering(Handler) as server:
        known.url = f"http://127.0.0.1:{server.server_port}/"
        try:
            yield known
        finally:
            known.goes_on.set()


@dataclass
class HangingList:
    """The carrier's API, which may take a request and never answer."""

    hangs: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)


@contextmanager
def carriers_list(twilio: Twilio, hanging: HangingList) -> Iterator[str]:
    """The stand-in's address."""

    class Handler(_Handler):
        def do_GET(self) -> None:  # noqa: N802 http.server's name
            if hanging.hangs.is_set():
                hanging.goes_on.wait(60)
            try:
                super().do_GET()
            except OSError:
                """Whoever asked is gone."""

    Handler.twilio = twilio
    twilio.calls_a_page = 1_000
    with answering(Handler) as server:
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            hanging.goes_on.set()


@asynccontextmanager
async def stage(
    folder: Path, database_url: str, *, writer_process: bool = False, hanging: HangingList | None = None
) -> AsyncIterator[Stage]:
    """A business with a carrier, a pool and a webhook for conversions, on a migrated database."""
    with socket.socket() as any_free:
        any_free.bind(("127.0.0.1", 0))
        port = any_free.getsockname()[1]
    twilio = Twilio()
    with hook() as receiver, carriers_list(twilio, hanging or HangingList()) as list_url:
        business = _open(folder, database_url, receiver)
        with nursery(folder, database_url, port, list_url, writer_process=writer_process) as servers:
            numbers = [pool_number(0, index) for index in range(POOL)]
            phone = PhoneSide(servers.url, business.carrier_id, numbers, servers.fallback_dir, twilio)
            try:
                yield Stage(servers, phone, business, twilio, receiver)
            finally:
                await phone.close()


def _open(folder: Path, database_url: str, receiver: Hook) -> Business:
    vault = Vault.open(folder / "secret.key")
    engine = open_engine(database_url)
    now = system_clock()
    with writing(engine) as connection:
        sealed = vault.seal({"account_sid": SID, "auth_token": TOKEN})
        business = open_business(connection, numbers=POOL, carrier_kind="twilio", credentials=sealed, now=now)
        secrets = vault.seal({"secret": "whsec_" + "c2VjcmV0" * 4})
        record = DestinationRecord(
            HOOK, business.company_id, "webhook", "Our own", {"url": receiver.url}, secrets, Rule(), True, now
        )
        add_destination(connection, record)
    engine.dispose()
    return business


async def found(stage: Stage, database_url: str) -> Finding:
    """Wait until everything has been told or found, and count; a trial that does not settle is not well."""
    engine = open_engine(database_url)
    try:
        began = time.monotonic()
        while True:
            finding = await asyncio.to_thread(_count, engine, stage)
            finding.settled_seconds = round(time.monotonic() - began, 1)
            if finding.is_well or finding.settled_seconds > SETTLES_WITHIN_SECONDS:
                return finding
            await asyncio.sleep(0.2)
    finally:
        engine.dispose()


def _count(engine: Engine, stage: Stage) -> Finding:
    company_id, phone = stage.business.company_id, stage.phone
    with reading(engine) as connection:
        columns = calls.c.call_ref, calls.c.status, calls.c.talk_seconds, calls.c.call_id, calls.c.spam_reasons
        rows = connection.execute(select(*columns).where(calls.c.company_id == company_id)).all()
        mine = conversions.c.company_id == company_id, conversions.c.counts
        converted = set(connection.execute(select(conversions.c.contact_id).where(*mine)).scalars())
        of_company = deliveries.c.company_id == company_id, deliveries.c.destination_id == HOOK
        queued = set(connection.execute(select(deliveries.c.contact_id).where(*of_company)).scalars())
    known = {row.call_ref: row for row in rows}
    wrong = [ref for ref, row in known.items() if (row.status, row.talk_seconds) != ("answered", 63)]
    return Finding(
        calls=len(phone.placed),
        dialled_by_server=phone.dialled["server"],
        dialled_by_fallback=phone.dialled["fallback"],
        not_dialled=len(phone.placed) - phone.dialled["server"] - phone.dialled["fallback"],
        recorded=len(rows),
        wrong=[*wrong, *sorted(set(phone.placed) ^ known.keys()), *phone.lost],
        conversions=len(converted & {row.call_id for row in rows}),
        unconverted=[f"{row.call_ref} {row.spam_reasons}" for row in rows if row.call_id not in converted],
        told=len(queued),
    )


async def killed(folder: Path, database_url: str, times: int, *, writer_process: bool = False) -> Finding:
    """SIGKILL at random instants while calls go on, so many times."""
    async with stage(folder, database_url, writer_process=writer_process) as on:
        await on.starts()
        began = time.monotonic()
        # Fewer than elsewhere: it goes on for minutes, and most must be found in the carrier's list.
        async with on.calls_go_on(CALLS_A_SECOND / 3):
            for _ in range(times):
                await asyncio.sleep(random.uniform(0, 0.4))
                await asyncio.to_thread(on.nursery.kill)
                await on.starts()
        took = time.monotonic() - began
        finding = await found(on, database_url)
    finding.faults, finding.seconds = times, took
    return finding


async def database_stopped(folder: Path, database_url: str, server: ThrowawayServer, seconds: float) -> Finding:
    """PostgreSQL is stopped as by a power cut, stays away for a while, and starts again."""
    return await _broken(folder, database_url, seconds, lambda _on: _stopped(server))


@contextmanager
def _stopped(server: ThrowawayServer) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


async def database_locked(folder: Path, database_url: str, seconds: float) -> Finding:
    """Another program holds SQLite's only writer for a while."""
    file = database_url.removeprefix("sqlite:///")
    return await _broken(folder, database_url, seconds, lambda _on: _locked(file))


@contextmanager
def _locked(file: str) -> Iterator[None]:
    connection = sqlite3.connect(file, isolation_level=None, timeout=30, check_same_thread=False)
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
    finally:
        connection.close()


async def disk_full(folder: Path, database_url: str, seconds: float, most_bytes: int = 1) -> Finding:
    """No file of the server's may grow (RLIMIT_FSIZE, set from outside): database and spool take no byte."""

    @contextmanager
    def full(on: Stage) -> Iterator[None]:
        on.nursery.fill_disk(most_bytes)
        try:
            yield
        finally:
            on.nursery.empty_disk()

    return await _broken(folder, database_url, seconds, full)


async def clock_stepped(folder: Path, database_url: str, steps: tuple[Millis, ...], seconds: float) -> Finding:
    """The server's clock jumps, ahead and back, while calls go on; it is right again in the end."""
    async with stage(folder, database_url) as on:
        await on.starts()
        async with on.calls_go_on():
            for step in (*steps, 0):
                on.nursery.offset.value = step
                await asyncio.sleep(seconds)
        finding = await found(on, database_url)
    finding.faults, finding.seconds = len(steps) + 1, seconds * len(steps)
    return finding


async def destination_hangs(folder: Path, database_url: str, seconds: float) -> Finding:
    """Whoever is told of conversions takes each request and never answers."""

    @contextmanager
    def hanging(on: Stage) -> Iterator[None]:
        on.hook.hangs.set()
        try:
            yield
        finally:
            on.hook.hangs.clear()
            on.hook.goes_on.set()

    return await _broken(folder, database_url, seconds, hanging)


async def carrier_hangs(folder: Path, database_url: str, seconds: float) -> Finding:
    """The carrier's API takes the question for its list of calls and never answers."""
    hanging = HangingList()

    @contextmanager
    def hangs(_on: Stage) -> Iterator[None]:
        hanging.hangs.set()
        try:
            yield
        finally:
            hanging.hangs.clear()
            hanging.goes_on.set()

    return await _broken(folder, database_url, seconds, hangs, hanging)


async def slow_carrier(folder: Path, database_url: str, seconds: float) -> Finding:
    """Each routing request takes two seconds to arrive, a piece at a time."""

    @contextmanager
    def slow(on: Stage) -> Iterator[None]:
        on.phone.slow_seconds = 2.0
        try:
            yield
        finally:
            on.phone.slow_seconds = 0.0

    return await _broken(folder, database_url, seconds, slow)


async def duplicate_storm(folder: Path, database_url: str, seconds: float) -> Finding:
    """Every request comes ten times at once, the routing request too."""

    async with stage(folder, database_url) as on:
        await on.starts()
        on.phone.copies = 10
        async with on.calls_go_on(CALLS_A_SECOND / 3):
            await asyncio.sleep(seconds)
        finding = await found(on, database_url)
        if on.phone.answers_differ:
            finding.wrong.append(f"{on.phone.answers_differ} routing requests got different documents")
    finding.faults, finding.seconds = 9 * finding.calls, seconds
    return finding


async def _broken(
    folder: Path,
    database_url: str,
    seconds: float,
    breaks: Callable[[Stage], AbstractContextManager[None]],
    hanging: HangingList | None = None,
) -> Finding:
    """Calls before, during and after one breakage of so many seconds."""
    async with stage(folder, database_url, hanging=hanging) as on:
        await on.starts()
        async with on.calls_go_on():
            await asyncio.sleep(0.5)
            await asyncio.to_thread(_break_for, breaks(on), seconds)
            await asyncio.sleep(0.5)
        finding = await found(on, database_url)
    finding.faults, finding.seconds = 1, seconds
    return finding


def _break_for(breakage: AbstractContextManager[None], seconds: float) -> None:
    with breakage:
        time.sleep(seconds)


STEPS: tuple[Millis, ...] = (6 * HOUR, -6 * HOUR)


def told(finding: Finding) -> str:
    """For whoever reads why a trial failed."""
    facts = {name: getattr(finding, name) for name in Finding.__dataclass_fields__}
    shown = {name: [len(facts[name]), *facts[name][:5]] for name in ("wrong", "unconverted")}
    return json.dumps(facts | shown)
