"""The live page's news: one look at the database for all who see the same, however many they are."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from swapboard.accounts.company import Role
from swapboard.accounts.people import logged_in
from swapboard.language import speaking
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard.guard import Desk, desk_for, proof_of
from swapboard.web.dashboard.live_board import LiveBoard

log = logging.getLogger(__name__)

STILL_HERE = b"event: still\ndata:\n\n"
"""Sent when nothing changed: the page notices by its absence that the network went away."""
SECONDS_FOR_EACH = 0.001
"""So long a pause for each viewer after news: a thousand get them once a second, and visits are not held up."""

Render = Callable[[Connection, Desk], Mapping[str, str]]
Ticket = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Audience:
    """All who see the same: what differs by the person does not stand on the page."""

    company_id: str
    role: Role
    language: str


@dataclass(eq=False, slots=True)
class _Viewer:
    ticket: Ticket
    joined: int = 0
    """How many looks had begun by then: what these saw does not tell whether this log-in lasts."""


@dataclass(slots=True)
class _Feed:
    """One audience's news, for as long as anybody looks."""

    board: LiveBoard = field(default_factory=LiveBoard)
    viewers: set[_Viewer] = field(default_factory=set)
    round: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a round is over; each round has its own."""
    admitted: frozenset[tuple[str, ...]] = frozenset()
    """What the tickets say of everybody who may look (`_claim`), as of the last round."""
    task: "asyncio.Task[None] | None" = None
    begun: int = 0
    ended: int = 0
    """Looks at the database; they come one after the other."""
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def end_round(self) -> None:
        """Wake everybody who waits."""
        over, self.round = self.round, asyncio.Event()
        over.set()

    def lets_in(self, viewer: _Viewer) -> bool:
        """Whether they may look still; who joined since the last look began was let in at the door just now."""
        return self.ended <= viewer.joined or _claim(viewer.ticket) in self.admitted


class LiveFeeds:
    """The feeds of one server; each ends with its last viewer."""

    def __init__(self, exchange: Exchange, render: Render) -> None:
        self._exchange = exchange
        self._render = render
        self._feeds: dict[Audience, _Feed] = {}

    async def messages(self, audience: Audience, ticket: Ticket) -> AsyncGenerator[bytes, None]:
        """Everything at first, then what changed, and a sign of life; ends when the ticket's person may not look.

        It ends, too, when the database does not answer: the browser asks again.
        """
        seen, viewer = 0, _Viewer(ticket)
        with self._joined(audience, viewer) as feed:
            while not feed.over.is_set():
                round_ = feed.round
                if seen < feed.board.edition:
                    if not feed.lets_in(viewer):
                        return
                    message, seen = feed.board.since(seen), feed.board.edition
                    yield message
                    # What came while it was sent is sent at once.
                    continue
                await round_.wait()
                if feed.over.is_set() or not feed.lets_in(viewer):
                    return
                if seen == feed.board.edition:
                    yield STILL_HERE

    @contextmanager
    def _joined(self, audience: Audience, viewer: _Viewer) -> Iterator[_Feed]:
        feed = self._feeds.get(audience)
        if feed is None:
            feed = self._feeds[audience] = _Feed()
            feed.task = asyncio.create_task(self._run(audience, feed))
        viewer.joined = feed.begun
        feed.viewers.add(viewer)
        try:
            yield feed
        finally:
            feed.viewers.discard(viewer)
            if not feed.viewers and feed.task:
                feed.task.cancel()
                self._close(audience, feed)

    def _close(self, audience: Audience, feed: _Feed) -> None:
        feed.over.set()
        if self._feeds.get(audience) is feed:
            del self._feeds[audience]

    async def _run(self, audience: Audience, feed: _Feed) -> None:
        try:
            async with aclosing(self._exchange.live.changes(audience.company_id)) as changes:
                async for _ in changes:
                    if not await self._look(audience, feed):
                        return
                    feed.end_round()
                    await asyncio.sleep(len(feed.viewers) * SECONDS_FOR_EACH)
        except SQLAlchemyError as error:
            log.warning("live pages lose their stream, because the database does not answer: %s", error)
        except Exception:
            log.exception("live pages lose their stream")
        finally:
            self._close(audience, feed)
            feed.end_round()

    async def _look(self, audience: Audience, feed: _Feed) -> bool:
        """A new edition, if there is any news; False when nobody who looks may look any more."""
        feed.begun += 1
        tickets = [viewer.ticket for viewer in feed.viewers]
        admitted, parts = await self._exchange.read(lambda connection: self._read(connection, audience, tickets))
        feed.admitted, feed.ended = admitted, feed.begun
        if parts is not None:
            feed.board.update(parts)
        return parts is not None

    def _read(
        self, connection: Connection, audience: Audience, tickets: list[Ticket]
    ) -> tuple[frozenset[tuple[str, ...]], Mapping[str, str] | None]:
        now, exchange = self._exchange.clock(), self._exchange
        admitted = frozenset(
            (person.company_id, person.person_id, proof_of(exchange, person), log_in_id)
            for person, role, log_in_id in logged_in(connection, audience.company_id, now)
            if role is audience.role
        )
        ticket = next((each for each in tickets if _claim(each) in admitted), None)
        # Any of them will do: what is rendered depends on the audience alone.
        desk = desk_for(connection, exchange, ticket, now) if ticket else None
        # Somebody's own company may be another by now than the one whose page they have open.
        is_theirs = desk is not None and desk.company_id == audience.company_id
        with speaking(audience.language):
            return admitted, self._render(connection, desk) if desk and is_theirs else None


def _claim(ticket: Ticket) -> tuple[str, ...]:
    """Whose a ticket says it is, and by which log-in."""
    return tuple(str(ticket.get(name, "")) for name in ("home", "person", "proof", "log_in"))
