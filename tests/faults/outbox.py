"""The outbox under fire: worker and server are killed at random while the destinations fail a third of the time.

Calls come in all the while; each is to be told to a webhook and to Google Ads, and half of the visits that they
are credited to asked for privacy. Later some get a value, and some of those are taken back. Whoever got no answer
from the server tells it again; what was told to whom is counted by the receivers.
"""

import asyncio
import random
import socket
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from sqlalchemy import Engine, select

from swapboard.accounts.company import ApiKey, Role
from swapboard.accounts.keys import add_key
from swapboard.accounts.secrets import Vault, new_api_key
from swapboard.clock import iso, system_clock
from swapboard.conversions.conversion import Rule
from swapboard.conversions.deliveries import MESSAGE
from swapboard.conversions.message import Saying
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import calls, deliveries, sessions
from swapboard.switchboard.visiting import admit
from tests.building import Business, a_visit, open_business
from tests.faults.fire_callers import Callers
from tests.faults.fire_ends import ADS, HOOK, Receivers, Sent, receivers
from tests.faults.serving import Nursery, nursery
from tests.faults.trials import HangingList, carriers_list
from tests.twilio_stand_in import SID, TOKEN, Twilio

PEOPLE = 60
"""Visitors, each with a number of its own, which they ring from one phone."""
LOOKS_EVERY_SECONDS = 0.1
SETTLES_WITHIN_SECONDS = 200


@dataclass
class Fired:
    """What came of it."""

    calls: int = 0
    valued: int = 0
    """Calls of which somebody said later what they were worth."""
    taken_back: int = 0
    """Those of them that are none after all."""
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
        was_tried = all((self.calls, self.valued, self.taken_back, self.refused, self.withheld))
        is_all = self.messages == 2 * (self.calls + self.valued + self.taken_back)
        return not any(faults) and was_tried and is_all


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
    of_company = deliveries.c.company_id == business.company_id
    query = select(deliveries.c.delivery_id).where(of_company, deliveries.c.state == "waiting")

    def look() -> None:
        with reading(engine) as connection:
            waiting = list(connection.scalars(query))
        for name in waiting:
            ends.seen.setdefault(name, time.monotonic())

    try:
        while True:
            await asyncio.to_thread(look)
            await asyncio.sleep(LOOKS_EVERY_SECONDS)
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
        for destination_id, (kind, settings, secrets) in _destinations(ends_url).items():
            hidden = vault.seal(secrets)
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


def _destinations(ends_url: str) -> Mapping[str, tuple[str, dict[str, str], dict[str, str]]]:
    """(kind, settings, secrets) of each. Google finds people by their number: its clicks would rest for hours."""
    ads = {"customer_id": "1234567890", "conversion_action_id": "42", "client_id": "c", "people": "yes"}
    addresses = {"url": ends_url, "token_url": f"{ends_url}/token"}
    return {
        HOOK: ("webhook", {"url": f"{ends_url}/hook"}, {"secret": "whsec_" + "c2VjcmV0" * 4}),
        ADS: ("google_ads", ads | addresses, {"client_secret": "s", "refresh_token": "r"}),
    }


async def _settled(database_url: str, business: Business, callers: Callers, ends: Receivers) -> Fired:
    engine = open_engine(database_url)
    try:
        began = time.monotonic()
        while True:
            fired = await asyncio.to_thread(_count, engine, business, callers, ends)
            fired.settled_seconds = round(time.monotonic() - began, 1)
            if fired.is_well or fired.settled_seconds > SETTLES_WITHIN_SECONDS:
                return fired
            await asyncio.sleep(1.0)
    finally:
        engine.dispose()


class Named(NamedTuple):
    """A message that was to be told."""

    lead: str
    delivery_id: str


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
    said = len(callers.valued), len(callers.taken_back)
    fired = Fired(len(placed), *said, messages=len(rows), refused=refused, twice=twice)
    named: dict[tuple[str, str], Named] = {}
    queued: set[tuple[str, str]] = set()
    conversions: dict[tuple[str, str], set[str]] = defaultdict(set)
    gone = {(row.destination_id, row.conversion_id) for row in rows if row.saying == Saying.RETRACT}
    for row in rows:
        conversions[row.destination_id, row.contact_id].add(row.conversion_id)
        key = row.destination_id, _name_of(row)
        named[key] = Named(row.order_key, row.delivery_id)
        queued.add((row.destination_id, refs.get(row.contact_id, "")))
        is_private = MESSAGE.validate_python(row.message).contact.origin.session_id in opted_out
        if row.destination_id == ADS and is_private:
            fired.withheld += row.state == "withheld"
            fired.forbidden += [key[1]] * (key in arrived)
        elif row.destination_id == ADS and row.state == "withheld" and (ADS, row.conversion_id) in gone:
            # It was taken back before it was told, and Google Ads would keep it.
            continue
        elif not taken[key] or row.state != "sent":
            fired.lost.append(key[1])
    fired.lost += [ref for ref in placed for to in (HOOK, ADS) if (to, ref) not in queued]
    fired.lost += [name for _, name in arrived - named.keys()]
    fired.renamed = [*renamed(sent), *(about for (_, about), ids in conversions.items() if len(ids) > 1)]
    fired.disordered = disordered(sent, named, ends.seen)
    return fired


def _name_of(row: Any) -> str:
    """What a message is called where it arrives."""
    if row.destination_id == HOOK:
        return str(row.delivery_id)
    return row.conversion_id if row.saying == Saying.CONVERT else f"{row.conversion_id} {iso(row.said_at)}"


def renamed(sent: Sequence[Sent]) -> list[str]:
    """What of calls a destination heard of under more names than one."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in sent:
        names[each.to, each.what].add(each.name)
    return [what for (_, what), known in names.items() if what and len(known) > 1]


def disordered(
    sent: Sequence[Sent], messages: Mapping[tuple[str, str], Named], seen: Mapping[str, float]
) -> list[str]:
    """Leads of whom a destination was told something, though what stood before it in the outbox waited still.

    What is put in the outbox later may bear an earlier moment: it was told late, from the spool or by the
    carrier's list. So `seen` says since when each message is known to have waited.
    """
    told: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    wrong: list[str] = []
    for each in sent:
        if message := messages.get((each.to, each.name)):
            before = told[each.to, message.lead]
            since = seen.get(message.delivery_id, each.at)
            wrong += [message.lead for other, at in before.items() if other > message.delivery_id and since < at]
            before.setdefault(message.delivery_id, each.at)
    return wrong


def told(fired: Fired) -> str:
    """For whoever reads why it was not well."""
    facts = {name: getattr(fired, name) for name in Fired.__dataclass_fields__}
    return str(
        {name: (len(value), value[:5]) if isinstance(value, list) else value for name, value in facts.items()}
    )
