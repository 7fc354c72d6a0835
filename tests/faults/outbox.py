"""The outbox under fire: worker and server are killed at random while the destinations fail a third of the time.

Calls come in all the while; each is to be told to a webhook and to an advertising platform, and half of the visits
that they are credited to asked for privacy. Whoever got no answer from the server tells it again; what was told to
whom is counted by the receivers.
"""

import asyncio
import json
import random
import socket
import threading
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import NamedTuple

import httpx
from sqlalchemy import Engine, select
from twilio.request_validator import RequestValidator

from swapboard.accounts.company import ApiKey, Role
from swapboard.accounts.keys import add_key
from swapboard.accounts.secrets import Vault, new_api_key
from swapboard.clock import system_clock
from swapboard.conversions.conversion import Rule
from swapboard.conversions.deliveries import MESSAGE
from swapboard.conversions.message import Saying
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import calls, deliveries, sessions
from swapboard.switchboard.visiting import admit
from tests.building import DESTINATION, Business, a_visit, open_business
from tests.faults.phone_side import put_on_list
from tests.faults.serving import Nursery, nursery
from tests.faults.trials import HangingList, carriers_list
from tests.local_server import answering
from tests.twilio_stand_in import SID, TOKEN, Twilio

HOOK, ADS = "d" * 32, "e" * 32
PEOPLE = 60
"""Visitors, each with a number of its own, which they ring from one phone."""
CALLS_A_SECOND = 25
CHANGED_SHARE = 1 / 5
"""Of so many calls somebody says later what they were worth."""
"""Each is told to two destinations: fifty events a second."""
FAILS = 1 / 3
SETTLES_WITHIN_SECONDS = 240


@dataclass
class Fired:
    """What came of it."""

    calls: int = 0
    changed: int = 0
    """Calls of whom somebody said later what they were worth."""
    seconds: float = 0.0
    """How long it went on."""
    messages: int = 0
    """What the outbox held, for both destinations."""
    kills: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    """How often a destination did not take what it was told."""
    lost: list[str] = field(default_factory=list)
    """What was never taken, though it was to be told, or never put in the outbox."""
    twice: int = 0
    """Messages that were taken more than once, under the same id."""
    renamed: list[str] = field(default_factory=list)
    """Calls that were told under two names, each of whose changes has one of its own."""
    withheld: int = 0
    forbidden: list[str] = field(default_factory=list)
    """What was sent though the visitor asked for privacy."""
    disordered: list[str] = field(default_factory=list)
    """Leads of whom something was told after what came later."""
    settled_seconds: float = 0.0

    @property
    def events_a_second(self) -> float:
        """What came in for the destinations while it went on."""
        return self.messages / self.seconds if self.seconds else 0.0

    @property
    def is_well(self) -> bool:
        """Everything told, nothing forbidden or out of order; and it was tried: some failed, some was withheld."""
        faults = self.lost, self.renamed, self.forbidden, self.disordered
        was_tried = self.calls > 0 and self.refused > 0 and self.withheld > 0
        is_all = self.messages == 2 * (self.calls + self.changed)
        return not any(faults) and was_tried and self.changed > 0 and is_all


class Sent(NamedTuple):
    """One message that arrived at a destination."""

    to: str
    name: str
    what: str
    """The call, and what is said of it."""
    at: float


@dataclass
class Receivers:
    """Both destinations' ends: they fail by chance, and note all that they are sent."""

    url: str = ""
    sent: list["Sent"] = field(default_factory=list)
    """Everything that arrived, in order."""
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each message (destination, name) was taken."""
    refused: int = 0
    seen: dict[str, float] = field(default_factory=dict)
    """When each of the webhook's messages was first seen waiting in the outbox."""
    guard: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, destination: str, names: list[tuple[str, str]], how: str) -> None:
        """Note messages, each with its name and what it is about."""
        with self.guard:
            self.sent += [Sent(destination, name, what, time.monotonic()) for name, what in names]
            if how == "taken":
                self.taken.update((destination, name) for name, _ in names)
            else:
                self.refused += 1


class _End(BaseHTTPRequestHandler):
    """A webhook at /hook, and an advertising platform below /ads."""

    protocol_version = "HTTP/1.1"
    known: Receivers

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            # Whoever told it was killed in the middle of it.
            self.close_connection = True
            return
        told = json.loads(body)
        if self.path == "/hook":
            self._answer(HOOK, [(self.headers["webhook-id"], f"{told['data']['id']} {told['type']}")])
        else:
            self._answer(ADS, [(each["event_id"], "") for each in told["data"]])

    def _answer(self, destination: str, names: list[tuple[str, str]]) -> None:
        how = random.choice(("busy", "broken", "silent")) if random.random() < FAILS else "taken"
        self.known.hear(destination, names, how)
        if how == "silent":
            # It may well have been read; nobody says so.
            self.close_connection = True
            return
        self.send_response({"taken": 200, "busy": 429, "broken": 500}[how])
        if how == "busy":
            self.send_header("Retry-After", "1")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            """Whoever asked was killed."""


@contextmanager
def receivers() -> Iterator[Receivers]:
    """Both ends, on one port."""
    known = Receivers()
    with answering(type("End", (_End,), {"known": known})) as server:
        known.url = f"http://127.0.0.1:{server.server_port}"
        yield known


@dataclass
class Callers:
    """People who ring; each call is told when it has ended, until the server says that it knows."""

    url: str
    business: Business
    phones: list[tuple[str, str]]
    """(caller, number that they were shown)"""
    twilio: Twilio
    api_key: str
    placed: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """Calls that were said to be worth something."""

    async def go_on(self, over: asyncio.Event) -> None:
        """Calls at random moments, until it is over and all are told."""
        async with httpx.AsyncClient(timeout=10) as client:
            async with asyncio.TaskGroup() as told:
                # By the clock, whatever else the machine does: callers do not wait for one another.
                next_at = time.monotonic()
                while not over.is_set():
                    told.create_task(self._tell(client))
                    if random.random() < CHANGED_SHARE:
                        told.create_task(self._change(client))
                    next_at += random.expovariate(CALLS_A_SECOND)
                    await asyncio.sleep(max(0.0, next_at - time.monotonic()))
            # Now there is one that is over, however short and busy the trial was.
            await self._change(client)

    async def _tell(self, client: httpx.AsyncClient) -> None:
        caller, number = random.choice(self.phones)
        call_ref = f"CA{len(self.placed):032x}"
        self.placed.append(call_ref)
        call = {"AccountSid": SID, "CallSid": call_ref, "Direction": "inbound", "From": caller, "To": number}
        put_on_list(self.twilio, call, f"CB{call_ref[2:]}", 63)
        over = {"CallStatus": "completed", "CallDuration": "63", "SequenceNumber": "0"}
        leg = {"CallSid": f"CB{call_ref[2:]}", "ParentCallSid": call_ref, "Direction": "outbound-dial"}
        for told in (call | over | leg | {"To": DESTINATION}, call | over):
            await self._post(client, told)

    async def _change(self, client: httpx.AsyncClient) -> None:
        """Say of one of the latest calls what it was worth, until the server says that it knows."""
        headers = {"Authorization": f"Bearer {self.api_key}"}
        address = f"{self.url}/api/v1/calls"
        worth = {"value": random.randrange(1, 500)}
        call_id = ""
        while True:
            try:
                if not call_id:
                    listed = await client.get(address, headers=headers, params={"status": "answered"})
                    over = [each["id"] for each in listed.json()["data"]]
                    call_id = next((each for each in over if each not in self.changed), "")
                    if not call_id:
                        return
                    self.changed.append(call_id)
                answer = await client.patch(f"{address}/{call_id}", headers=headers, json=worth)
                if answer.status_code == 200:
                    return
                assert answer.status_code == 429 or answer.status_code >= 500, answer.text
            except (httpx.TransportError, ValueError):
                """It is down."""
            await _a_moment()

    async def _post(self, client: httpx.AsyncClient, told: dict[str, str]) -> None:
        address = f"{self.url}/carriers/{self.business.carrier_id}/status"
        signature = RequestValidator(TOKEN).compute_signature(address, told)
        while True:
            try:
                answer = await client.post(address, data=told, headers={"X-Twilio-Signature": signature})
                if answer.status_code == 204:
                    return
            except httpx.TransportError:
                """It is down."""
            await _a_moment()


async def _a_moment() -> None:
    """Until somebody tries again."""
    await asyncio.sleep(random.uniform(0.1, 0.4))


async def under_fire(folder: Path, database_url: str, seconds: float, *, writer_process: bool = False) -> Fired:
    """Kill the worker or the server every second or two, so long; then wait until everything is told."""
    twilio = Twilio()
    with receivers() as ends, carriers_list(twilio, HangingList()) as list_url:
        business, phones, api_key = _open(folder, database_url, ends.url)
        async with _house(folder, database_url, list_url, writer_process) as servers:
            await _start(servers, business)
            callers = Callers(servers.url, business, phones, twilio, api_key)
            over = asyncio.Event()
            ringing = asyncio.create_task(callers.go_on(over))
            watching = asyncio.create_task(_watch(database_url, business, ends))
            began = time.monotonic()
            try:
                kills = await _kill_for(servers, seconds)
            finally:
                over.set()
                fired_for = time.monotonic() - began
                await ringing
            try:
                fired = await _settled(database_url, business, callers, ends)
                return replace(fired, kills=kills, seconds=round(fired_for, 1))
            finally:
                watching.cancel()


async def _watch(database_url: str, business: Business, ends: Receivers) -> None:
    engine = open_engine(database_url)
    of_hook = deliveries.c.company_id == business.company_id, deliveries.c.destination_id == HOOK
    query = select(deliveries.c.delivery_id).where(*of_hook, deliveries.c.state == "waiting")

    def look() -> None:
        with reading(engine) as connection:
            waiting = list(connection.scalars(query))
        for name in waiting:
            ends.seen.setdefault(name, time.monotonic())

    try:
        while True:
            await asyncio.to_thread(look)
            await asyncio.sleep(0.05)
    finally:
        engine.dispose()


@asynccontextmanager
async def _house(folder: Path, database_url: str, list_url: str, writer_process: bool) -> AsyncIterator[Nursery]:
    with socket.socket() as any_free:
        any_free.bind(("127.0.0.1", 0))
        port = any_free.getsockname()[1]
    how = {"writer_process": writer_process, "worker_apart": True}
    with nursery(folder, database_url, port, list_url, **how) as servers:
        servers.start_worker()
        yield servers


async def _start(servers: Nursery, business: Business) -> None:
    servers.start()
    async with asyncio.timeout(60), httpx.AsyncClient() as client:
        while True:
            try:
                await client.get(f"{servers.url}/t/{business.site.site_key}.js")
            except httpx.TransportError:
                await asyncio.sleep(0.02)
            else:
                return


async def _kill_for(servers: Nursery, seconds: float) -> Counter[str]:
    until, kills = time.monotonic() + seconds, Counter[str]()
    while time.monotonic() < until:
        await asyncio.sleep(random.uniform(0.3, 2.0))
        if random.random() < 0.5:
            await asyncio.to_thread(servers.kill_worker)
            servers.start_worker()
            kills["worker"] += 1
        else:
            await asyncio.to_thread(servers.kill)
            servers.start()
            kills["server"] += 1
    return kills


def _open(folder: Path, database_url: str, ends_url: str) -> tuple[Business, list[tuple[str, str]], str]:
    """A business whose visitors are on its pages, every other one asked for privacy; a key to its API."""
    vault, now = Vault.open(folder / "secret.key"), system_clock()
    engine = open_engine(database_url)
    with writing(engine) as connection:
        sealed = vault.seal({"account_sid": SID, "auth_token": TOKEN})
        business = open_business(connection, numbers=PEOPLE, carrier_kind="twilio", credentials=sealed, now=now)
        hook = {"url": f"{ends_url}/hook"}
        ads = {"url": f"{ends_url}/ads", "dataset_id": "123"}
        secrets = {HOOK: {"secret": "whsec_" + "c2VjcmV0" * 4}, ADS: {"access_token": "token"}}
        for destination_id, kind, settings in ((HOOK, "webhook", hook), (ADS, "meta", ads)):
            hidden = vault.seal(secrets[destination_id])
            record = DestinationRecord(
                destination_id, business.company_id, kind, kind, settings, hidden, Rule(), True, now
            )
            add_destination(connection, record)
        visits = [a_visit(business, opted_out=bool(place % 2), now=now) for place in range(PEOPLE)]
        numbers = [admitted.swaps[0].number for admitted in admit(connection, visits)]
        key = ApiKey(new_id(now), business.company_id, "Judge", Role.OWNER, now, None, None)
        api_key, secret_hash = new_api_key(key.company_id, key.key_id)
        add_key(connection, key, secret_hash)
    engine.dispose()
    return business, [(f"+121255501{place:02d}", number) for place, number in enumerate(numbers)], api_key


async def _settled(database_url: str, business: Business, callers: Callers, ends: Receivers) -> Fired:
    engine = open_engine(database_url)
    try:
        began = time.monotonic()
        while True:
            fired = await asyncio.to_thread(_count, engine, business, callers, ends)
            fired.settled_seconds = round(time.monotonic() - began, 1)
            if fired.is_well or fired.settled_seconds > SETTLES_WITHIN_SECONDS:
                return fired
            await asyncio.sleep(0.3)
    finally:
        engine.dispose()


def _count(engine: Engine, business: Business, callers: Callers, ends: Receivers) -> Fired:
    placed, company_id = callers.placed, business.company_id
    with reading(engine) as connection:
        of_company = calls.c.company_id == company_id
        rung = connection.execute(select(calls.c.call_id, calls.c.call_ref).where(of_company))
        refs = {row.call_id: row.call_ref for row in rung}
        private = select(sessions.c.session_id).where(sessions.c.company_id == company_id, sessions.c.opted_out)
        opted_out = set(connection.scalars(private))
        query = select(deliveries).where(deliveries.c.company_id == company_id)
        rows = connection.execute(query.order_by(deliveries.c.delivery_id)).all()
    with ends.guard:
        sent, taken, refused = list(ends.sent), Counter(ends.taken), ends.refused
    arrived = {(each.to, each.name) for each in sent}
    twice = sum(count > 1 for count in taken.values())
    fired = Fired(len(placed), len(callers.changed), messages=len(rows), refused=refused, twice=twice)
    named: dict[tuple[str, str], str] = {}
    queued: set[tuple[str, str]] = set()
    for row in rows:
        name = row.delivery_id if row.destination_id == HOOK else row.conversion_id
        named[row.destination_id, name] = row.order_key
        queued.add((row.destination_id, refs.get(row.contact_id, "")))
        is_private = MESSAGE.validate_python(row.message).contact.origin.session_id in opted_out
        if row.destination_id == ADS and row.saying == Saying.RESTATE:
            # Meta takes no changes, whose they may be.
            fired.lost += [name] * (row.state != "withheld")
        elif row.destination_id == ADS and is_private:
            fired.withheld += row.state == "withheld"
            if (ADS, name) in arrived:
                fired.forbidden.append(name)
        elif not taken[row.destination_id, name] or row.state != "sent":
            fired.lost.append(name)
    fired.lost += [ref for ref in placed for to in (HOOK, ADS) if (to, ref) not in queued]
    fired.renamed = renamed(sent)
    fired.disordered = disordered(sent, named, ends.seen)
    fired.lost += [name for key in arrived - named.keys() for name in key[1:]]
    return fired


def renamed(sent: list[Sent]) -> list[str]:
    """What of calls the webhook heard of under more names than one."""
    names: dict[str, set[str]] = defaultdict(set)
    for each in sent:
        if each.to == HOOK:
            names[each.what].add(each.name)
    return [what for what, known in names.items() if len(known) > 1]


def disordered(sent: list[Sent], leads: Mapping[tuple[str, str], str], seen: Mapping[str, float]) -> list[str]:
    """Leads of whom the webhook was told something, though what stood before it in the outbox waited still.

    What is put in the outbox later may bear an earlier moment: it was told late, from the spool or by the
    carrier's list. So `seen` says since when each message is known to have waited.
    """
    told: dict[str, dict[str, float]] = defaultdict(dict)
    wrong: list[str] = []
    for each in sent:
        if each.to == HOOK and (lead := leads.get((HOOK, each.name))):
            since = seen.get(each.name, each.at)
            wrong += [lead for name, at in told[lead].items() if name > each.name and since < at]
            told[lead].setdefault(each.name, each.at)
    return wrong


def told(fired: Fired) -> str:
    """For whoever reads why it was not well."""
    facts = {name: getattr(fired, name) for name in Fired.__dataclass_fields__}
    return str(
        {name: (len(value), value[:5]) if isinstance(value, list) else value for name, value in facts.items()}
    )
