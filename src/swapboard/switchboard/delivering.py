"""Empties the outbox: claims what is due, tells it, keeps what was answered.

Telling may take its time and happens on threads, with no transaction open; whoever is killed in the middle has
claimed for a while only, so that somebody else tells the same again, under the same ids.
"""

import asyncio
import random
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import httpx
from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault
from swapboard.clock import SECOND, Millis
from swapboard.conversions.contacts import opted_out
from swapboard.conversions.deliveries import Claimed, claim, keep_settled
from swapboard.conversions.destinations.base import (
    Answer,
    Destination,
    DestinationKind,
    Post,
    Request,
    UnknownDestination,
    Unreached,
    destination_kind,
)
from swapboard.conversions.message import Message
from swapboard.conversions.outbox import OPEN_AFTER, Outcome, Result, learn, settle
from swapboard.conversions.store import DestinationRecord, destination_by_id, destinations_due, note_health

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

MOST_CLAIMED = 500
AT_ONCE = 8
"""Requests to one destination that are under way together."""
TIMEOUT_SECONDS = 20.0
_ERRNO = re.compile(r"\[Errno -?\d+\] ")
PRIVATE = "Their browser asked for privacy (Global Privacy Control), so this is kept from advertising."
_EARLY = "The platform does not know the click so soon; it is told later."
_NOT_TRIED = "Not tried, for the destination had just failed several times in a row."


@dataclass(frozen=True, slots=True)
class Batch:
    """What of one destination is ours to tell now, and whose visits must be kept from advertising."""

    record: DestinationRecord
    claimed: Sequence[Claimed]
    private: frozenset[str]


class Deliverer:
    """Empties the outbox for one process."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        # Redirects are not followed: what goes out is meant for its address only.
        self._http = httpx.Client(timeout=TIMEOUT_SECONDS, limits=httpx.Limits(max_connections=4 * AT_ONCE))

    async def look(self) -> None:
        """Tell everything that is due, a batch of each destination at a time, until nothing is."""
        while await self._one_round():
            await asyncio.sleep(0)

    async def test(self, record: DestinationRecord) -> Result:
        """Try a destination's settings. Raises Unreached, UnknownDestination, and ValueError for bad settings."""
        destination = opened(destination_kind(record.kind), record, self._exchange.vault)
        return await asyncio.to_thread(destination.test, self._exchange.clock(), self._post)

    def preview(self, record: DestinationRecord, message: Message) -> Sequence[Request]:
        """The requests that a message is, which are not sent. Raises UnknownDestination and ValueError."""
        destination = opened(destination_kind(record.kind), record, self._exchange.vault)
        return destination.preview([message], self._exchange.clock())

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    async def _one_round(self) -> bool:
        batches = await self._exchange.change(partial(_claim_all, now=self._exchange.clock()))
        await asyncio.gather(*(self._deliver(batch) for batch in batches))
        return bool(batches)

    async def _deliver(self, batch: Batch) -> None:
        results = await asyncio.to_thread(self._tell_all, batch)
        await self._exchange.change(partial(_settle_all, batch, results, self._exchange.clock(), random.random))

    def _tell_all(self, batch: Batch) -> Sequence[Result]:
        now = self._exchange.clock()
        try:
            kind = destination_kind(batch.record.kind)
            destination = opened(kind, batch.record, self._exchange.vault)
        except (UnknownDestination, ValueError) as error:
            return [Result(Outcome.FAILED, str(error))] * len(batch.claimed)
        return tell_all(kind, destination, batch, now, self._post)

    def _post(self, request: Request) -> Answer:
        return post(self._http, request)


def opened(kind: DestinationKind, record: DestinationRecord, vault: Vault) -> Destination:
    """The destination with its settings and its secrets. Raises ValueError."""
    secrets = vault.unseal(record.credentials) if record.credentials else {}
    return kind.open({**record.settings, **secrets})


def post(client: httpx.Client, request: Request) -> Answer:
    """Send a request. Raises Unreached."""
    headers = dict(request.headers)
    try:
        answer = client.request(request.method, request.url, headers=headers, content=request.body)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreached(f"No answer: {_ERRNO.sub('', str(error)) or type(error).__name__}.") from error
    told = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status_code, told, answer.content)


def tell_all(
    kind: DestinationKind, destination: Destination, batch: Batch, now: Millis, post: Post
) -> Sequence[Result]:
    """Tell a batch, several requests at a time; a result for each, in the same order."""
    results: dict[str, Result] = {}
    told: list[Message] = []
    for each in batch.claimed:
        message = each.message
        why = objection(kind, destination, message, is_private=_session(message) in batch.private, now=now)
        wait = destination.not_before(message) - now
        if why:
            results[message.delivery_id] = Result(Outcome.WITHHELD, why)
        elif wait > 0:
            results[message.delivery_id] = Result(Outcome.EARLY, _EARLY, wait / SECOND)
        else:
            told.append(message)
    size = destination.most_at_once
    groups = [told[first : first + size] for first in range(0, len(told), size)]
    line = _Line(destination, now, post)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for group, answers in zip(groups, threads.map(line.tell, groups), strict=True):
            results.update(zip((message.delivery_id for message in group), answers, strict=True))
    return [results[each.delivery_id] for each in batch.claimed]


def objection(
    kind: DestinationKind, destination: Destination, message: Message, *, is_private: bool, now: Millis
) -> str | None:
    """Why a message must not be sent, or cannot be; None when it can. Looked at anew before each attempt."""
    if kind.is_advertising and is_private:
        return PRIVATE
    return destination.objection(message, now)


class _Line:
    """The way to one destination: when it fails again and again, the rest of the batch is not tried."""

    def __init__(self, destination: Destination, now: Millis, post: Post) -> None:
        self._destination, self._now, self._post = destination, now, post
        self._failures = 0

    def tell(self, messages: Sequence[Message]) -> Sequence[Result]:
        if self._failures >= OPEN_AFTER:
            return [Result(Outcome.FAILED, _NOT_TRIED)] * len(messages)
        try:
            results = self._destination.send(messages, self._now, self._post)
        except Unreached as error:
            results = [Result(Outcome.FAILED, str(error))] * len(messages)
        failed = all(result.outcome is Outcome.FAILED for result in results)
        self._failures = self._failures + 1 if failed else 0
        return results


def _session(message: Message) -> str | None:
    return message.contact.origin.session_id


def _claim_all(connection: Connection, now: Millis) -> Sequence[Batch]:
    """A batch of each destination that has something due; of one that failed only a few, to see if it is back."""
    batches: list[Batch] = []
    for record in destinations_due(connection, now):
        limit = AT_ONCE if record.circuit.failures else MOST_CLAIMED
        claimed = claim(connection, record.company_id, record.destination_id, limit, now)
        sessions = {session for each in claimed if (session := _session(each.message))}
        private = frozenset(opted_out(connection, record.company_id, sessions))
        if claimed:
            batches.append(Batch(record, claimed, private))
    return batches


def _settle_all(
    batch: Batch, results: Sequence[Result], now: Millis, chance: Callable[[], float], connection: Connection
) -> None:
    """Keep what was answered, and how the destination is."""
    record = batch.record
    for claimed, result in zip(batch.claimed, results, strict=True):
        settled = settle(result, claimed.attempts, claimed.message.said_at, now, chance())
        keep_settled(connection, record.company_id, claimed, result, settled, now)
    known = destination_by_id(connection, record.company_id, record.destination_id)
    if known is None:
        return
    circuit, trouble = known.circuit, known.trouble
    for result in results:
        circuit = learn(circuit, result, now, chance())
        trouble = _trouble(result, trouble)
    if (circuit, trouble) != (known.circuit, known.trouble):
        note_health(connection, record.company_id, record.destination_id, circuit, trouble)


def _trouble(result: Result, before: str | None) -> str | None:
    """What is wrong with the destination now: the last bad answer, until a good one."""
    match result.outcome:
        case Outcome.WITHHELD | Outcome.EARLY:
            return before
        case Outcome.TAKEN:
            return None
        case Outcome.REFUSED | Outcome.FAILED:
            return result.words
