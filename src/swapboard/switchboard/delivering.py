"""Empties the outbox: claims what is due, tells it, keeps what was answered.

Telling may take its time and happens on threads, with no transaction open; whoever is killed in the middle has
claimed for a while only, so that somebody else tells the same again, under the same ids.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from swapboard.clock import Millis
from swapboard.conversions.contacts import opted_out
from swapboard.conversions.deliveries import Tried, claim, give_back, keep_settled, never_told, taken_back
from swapboard.conversions.destinations.base import Confirming, Destination
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.destinations.request import Answer, Post, Request, Unreached
from swapboard.conversions.message import Message
from swapboard.conversions.outbox import CLAIMED_FOR, Outcome, Result, State, learn, needs_people, settle
from swapboard.conversions.receipts import Asked, keep_answer, to_ask
from swapboard.conversions.store import DestinationRecord, destination_by_id, destinations_due, note_health
from swapboard.outward import open_http
from swapboard.storage.engine import reading
from swapboard.switchboard.alarming import write_alarm
from swapboard.switchboard.mailbox import MAILTO, Mailbox
from swapboard.switchboard.renewing import Renewing, keeper_of
from swapboard.switchboard.telling import (
    AT_ONCE,
    BROKE_OFF,
    SOON_SECONDS,
    Batch,
    hushed,
    linked,
    only_our_faults,
    opened,
    post,
    secrets_of,
    tell_all,
)
from swapboard.switchboard.threads import to_its_end

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

MOST_CLAIMED = 500
TIMEOUT_SECONDS = 20.0
LOOK_SECONDS = 1.0
"""So often it is looked for what is due meanwhile of others."""


class Deliverer:
    """Empties the outbox for one process."""

    def __init__(self, exchange: "Exchange", stopping: Event) -> None:
        self._exchange, self._stopping = exchange, stopping
        self._mailbox = Mailbox(exchange.settings)
        self._http = open_http(
            TIMEOUT_SECONDS,
            private_addresses=exchange.settings.private_addresses,
            connections=4 * AT_ONCE,
        )

    async def look(self) -> None:
        """Tell everything that is due, a batch of each destination at a time, until nothing is.

        One that is slow to answer keeps no other waiting. Whoever stops us waits for what is being told: it would
        be told again, as nobody had written down that it was. What was not begun is given back.
        """
        under_way: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                for batch in await self._claimed(frozenset(under_way)):
                    under_way[batch.record.destination_id] = asyncio.create_task(self._deliver(batch))
                if not under_way:
                    return
                tasks = under_way.values()
                await asyncio.wait(tasks, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                for name in [name for name, each in under_way.items() if each.done()]:
                    under_way.pop(name).result()
        finally:
            if under_way:
                await to_its_end(asyncio.gather(*under_way.values(), return_exceptions=True))

    async def ask(self) -> None:
        """Ask platforms what they made of what they took; one that does not answer is asked no more this time."""
        look = partial(to_ask, now=self._exchange.clock(), limit=MOST_CLAIMED)
        silent: set[str] = set()
        for asked in await self._exchange.read(look):
            result = None
            if asked.destination_id not in silent:
                try:
                    result = await asyncio.to_thread(self._confirmed, asked)
                except Unreached:
                    silent.add(asked.destination_id)
            url, now = self._exchange.settings.public_url, self._exchange.clock()
            await self._exchange.change(partial(_keep_answered, asked, result, url, now, random.random))

    def _confirmed(self, asked: Asked) -> Result | None:
        with reading(self._exchange.engine) as connection:
            record = destination_by_id(connection, asked.company_id, asked.destination_id)
        if record is None:
            return None
        try:
            destination: object = self._opened(record)
            if not isinstance(destination, Confirming):
                return None
            with only_our_faults(record.kind):
                result = destination.confirm(asked.receipt, self._exchange.clock(), self._sender(record))
            return self._hushed(record, result) if result else None
        except ValueError:
            return None

    async def test(self, record: DestinationRecord) -> Result:
        """Try its settings. Raises Unreached, and ValueError where they or their kind cannot be."""
        destination = self._opened(record)
        with only_our_faults(record.kind):
            result = await asyncio.to_thread(destination.test, self._exchange.clock(), self._sender(record))
        return self._hushed(record, result)

    def preview(self, record: DestinationRecord, message: Message) -> Sequence[Request]:
        """The requests that a message is, which are not sent. Raises ValueError."""
        told = linked(message, self._exchange.settings.public_url)
        destination = self._opened(record)
        with only_our_faults(record.kind):
            return destination.preview([told], self._exchange.clock())

    def _hushed(self, record: DestinationRecord, result: Result) -> Result:
        return hushed(secrets_of(self._exchange.vault, record), result)

    def _opened(self, record: DestinationRecord) -> Destination:
        return opened(destination_kind(record.kind), record, self._exchange.vault)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    async def _claimed(self, busy: frozenset[str]) -> Sequence[Batch]:
        """What is due of each destination but those (by id) that are being told."""
        now = self._exchange.clock()
        due = await self._exchange.read(partial(destinations_due, now=now))
        # Only who has something to claim takes the database's one writer from visits and calls.
        if busy.issuperset(each.destination_id for each in due):
            return ()
        return await self._exchange.change(partial(_claim_all, busy=busy, now=now))

    async def _deliver(self, batch: Batch) -> None:
        results = await asyncio.to_thread(self._tell_all, batch)
        url, now = self._exchange.settings.public_url, self._exchange.clock()
        settle = partial(_settle_all, batch, results, url, now, random.random)
        await self._exchange.insist(settle, batch.claimed_at + CLAIMED_FOR)

    def _tell_all(self, batch: Batch) -> Sequence[Result | None]:
        url = self._exchange.settings.public_url
        claimed = [each._replace(message=linked(each.message, url)) for each in batch.claimed]
        batch = replace(batch, claimed=claimed)
        try:
            kind, destination = destination_kind(batch.record.kind), self._opened(batch.record)
        except ValueError as error:
            return [Result(Outcome.FAILED, str(error))] * len(batch.claimed)
        try:
            sender = partial(self._sender, batch.record)
            results = tell_all(kind, destination, batch, self._exchange.clock, sender, self._stopping.is_set)
            # One answer to a request with many messages stays one.
            secrets = secrets_of(self._exchange.vault, batch.record)
            once = {id(each): hushed(secrets, each) for each in results if each}
            return [once[id(each)] if each else None for each in results]
        except Exception:  # what is wrong with one destination must not end the round of all others
            log.exception("a batch for a destination of the kind %s broke off", batch.record.kind)
            return [Result(Outcome.FAILED, BROKE_OFF)] * len(batch.claimed)

    def _sender(self, record: DestinationRecord) -> Post:
        """What sends a destination's requests, and lends its refresh token: one for each thread."""
        exchange = self._exchange
        return Renewing(keeper_of(record), exchange.vault, self._post, exchange.engine, exchange.clock)

    def _post(self, request: Request) -> Answer:
        if request.url.startswith(MAILTO):
            return self._mailbox.post(request, self._exchange.clock())
        return post(self._http, request, SOON_SECONDS)


def _claim_all(connection: Connection, busy: frozenset[str], now: Millis) -> Sequence[Batch]:
    """A batch of each other destination that has something due; of one that failed a few, to see if it is back."""
    batches: list[Batch] = []
    for record in destinations_due(connection, now):
        if record.destination_id in busy:
            continue
        limit = AT_ONCE if record.circuit.failures else MOST_CLAIMED
        claimed = claim(connection, record.company_id, record.destination_id, limit, now)
        sessions = {session for each in claimed if (session := each.message.contact.origin.session_id)}
        private = frozenset(opted_out(connection, record.company_id, sessions))
        if claimed:
            unheard = never_told(connection, record.company_id, record.destination_id, claimed)
            gone = taken_back(connection, record.company_id, record.destination_id, claimed)
            batches.append(Batch(record, claimed, private, now, unheard, gone))
    return batches


def _settle_all(
    batch: Batch,
    results: Sequence[Result | None],
    url: str,
    now: Millis,
    chance: Callable[[], float],
    connection: Connection,
) -> None:
    """Keep what was answered, and how the destination is now."""
    record, tried = batch.record, list[Tried]()
    for claimed, result in zip(batch.claimed, results, strict=True):
        if result is None:
            give_back(connection, record.company_id, claimed, now)
            continue
        settled = settle(result, claimed.tries, claimed.put_in_at, now, chance())
        tried.append(Tried(claimed, result, settled))
    keep_settled(connection, record.company_id, tried, now)
    dead = sum(each.settled.state is State.FAILED for each in tried)
    known = destination_by_id(connection, record.company_id, record.destination_id)
    if known:
        # One answer to a request with many messages is one success or one failure, not as many as there are.
        answers = {id(each): each for each in results if each}.values()
        _note_health(connection, known, answers, dead, url, now, chance)


def _keep_answered(
    asked: Asked, result: Result | None, url: str, now: Millis, chance: Callable[[], float], connection: Connection
) -> None:
    """Keep what a platform said later; what it refused then is as bad as what it refuses at once."""
    count = keep_answer(connection, asked, result, now)
    known = destination_by_id(connection, asked.company_id, asked.destination_id)
    if known and count and result and result.outcome is Outcome.REFUSED:
        _note_health(connection, known, [result], count, url, now, chance)


def _note_health(
    connection: Connection,
    known: DestinationRecord,
    answers: Iterable[Result],
    dead: int,
    url: str,
    now: Millis,
    chance: Callable[[], float],
) -> None:
    """Write how the destination is after these answers; people are written to when it needs them."""
    circuit, trouble = known.circuit, known.trouble
    for result in answers:
        circuit = learn(circuit, result, now, chance())
        trouble = _trouble(result, trouble)
    alerted_at = known.alerted_at if trouble else None
    if trouble and alerted_at is None and needs_people(circuit, dead):
        write_alarm(connection, known, trouble, url, now)
        alerted_at = now
    if (circuit, trouble, alerted_at) != (known.circuit, known.trouble, known.alerted_at):
        note_health(connection, known.company_id, known.destination_id, circuit, trouble, alerted_at)


def _trouble(result: Result, before: str | None) -> str | None:
    """What is wrong with the destination now: the last bad answer, until a good one."""
    match result.outcome:
        case Outcome.WITHHELD | Outcome.EARLY:
            return before
        case Outcome.TAKEN:
            return None
        case Outcome.REFUSED | Outcome.FAILED:
            return result.words
