"""Where stories are played: the real application on a socket, the carrier's network on the other side of it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from sqlalchemy import Engine

from swapboard.accounts.secrets import Vault
from swapboard.calls.call import Call
from swapboard.calls.event_store import events_of_calls
from swapboard.calls.flow_store import add_flow
from swapboard.calls.fold import fold
from swapboard.carriers.base import Door, Links
from swapboard.carriers.sandbox.dialect import Dialect
from swapboard.carriers.sandbox.network import DialRequest, Line, PhoneNetwork, Result
from swapboard.numbers.inventory import NewNumber, NumberKind, add_numbers
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.ids import new_id
from swapboard.switchboard.exchange import Exchange
from swapboard.web.app import create_app
from swapboard.web.webhooks import CarrierDoor
from tests.building import NOW, Business, open_business, rows_of, settings_of, until, without_database
from tests.carriers.stories.book import STORIES
from tests.carriers.stories.plug import Plug
from tests.carriers.stories.story import CALLER, Story, Trouble
from tests.carriers.virtual_time import VirtualTime

UNKNOWN = "+12025550199"
REPLAYED_AFTER_SECONDS = 600


class Wire(httpx.AsyncHTTPTransport):
    """The way to our doors: it keeps what was sent, and may lose an answer on the way back."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[httpx.Request] = []
        self.answers_to_lose = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        response = await super().handle_async_request(request)
        if self.answers_to_lose:
            self.answers_to_lose -= 1
            await response.aclose()
            raise httpx.ReadTimeout("lost on the way", request=request)
        return response


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a story."""

    result: Result
    call: Call | None
    """Folded from what the database has."""
    row: dict[str, Any] | None
    """What the database has of the call itself."""
    replayed: list[int] = field(default_factory=list)
    """What was answered to each request that came again."""


@dataclass
class Theatre:
    """One carrier's account at a running server."""

    plug: Plug
    business: Business
    engine: Engine
    database_url: str
    exchange: Exchange
    door: CarrierDoor
    wire: Wire
    time: VirtualTime

    async def play(self, story: Story) -> Played:
        """The whole story, until all that was told is written down."""
        self.wire.sent.clear()
        async with httpx.AsyncClient(transport=self.wire) as http:
            for _ in range(story.calls_before):
                await self._ring(http, story)
                await self._written()
            self.wire.answers_to_lose = int(story.trouble is Trouble.ANSWER_LOST)
            with self._away(story):
                result = await self._ring(http, story)
            replayed = await self._replay(http) if story.trouble is Trouble.REPLAYED else []
        await self._written()
        return Played(result, self._call(result.call_ref), self._row(result.call_ref), replayed)

    async def _ring(self, http: httpx.AsyncClient, story: Story) -> Result:
        network = PhoneNetwork(lambda number: self._line(number, story), http, self.time.clock, self.time.sleep)
        try:
            return await network.finished(network.dial(self._request(story)))
        finally:
            await network.aclose()

    def _request(self, story: Story) -> DialRequest:
        number = UNKNOWN if story.trouble is Trouble.UNKNOWN_NUMBER else number_of(story)
        does: dict[str, Any] = {"to": number, "caller": CALLER} | dict(story.does)
        if does.pop("without_plus", False):
            does |= {"shown_caller": CALLER[1:], "shown_dialled": number[1:]}
        return DialRequest(**does)

    def _line(self, number: str, story: Story) -> Line:
        links = Links(self.exchange.settings.public_url, self.business.carrier_id)
        dialect: Dialect = self.plug.stranger if story.trouble is Trouble.FORGED else self.plug.dialect
        return Line(number, links.door(Door.VOICE), links.door(Door.STATUS), dialect, links.door(Door.VOICE))

    @contextmanager
    def _away(self, story: Story) -> Iterator[None]:
        is_away = story.trouble is Trouble.DATABASE_AWAY
        with without_database(self.database_url, self.exchange.engine) if is_away else nullcontext():
            yield

    async def _replay(self, http: httpx.AsyncClient) -> list[int]:
        await self._written()
        self.time.now += REPLAYED_AFTER_SECONDS * 1000
        again = [
            await http.request(each.method, each.url, content=each.content, headers=each.headers)
            for each in tuple(self.wire.sent)
        ]
        return [answer.status_code for answer in again]

    async def _written(self) -> None:
        """Until what came in is in the database, also by way of the spool."""
        await until(lambda: not self.door.is_writing and self.exchange.spool.is_empty)

    def _call(self, call_ref: str) -> Call | None:
        with reading(self.engine) as connection:
            told = events_of_calls(connection, self.business.company_id, self.business.carrier_id, [call_ref])
        return fold(told[call_ref]) if told else None

    def _row(self, call_ref: str) -> dict[str, Any] | None:
        found = rows_of(self.engine, "calls", company_id=self.business.company_id, call_ref=call_ref)
        return dict(found[0]) if found else None


def number_of(story: Story) -> str:
    """Each story has a tracking number of its own."""
    return f"+1404555{100 + STORIES.index(story):04d}"


@asynccontextmanager
async def theatre(plug: Plug, folder: Path, database_url: str) -> AsyncIterator[Theatre]:
    """A server with this carrier's account, all numbers and flows of the stories; it ends with the block."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        public_url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        settings = replace(settings_of(folder, database_url), public_url=public_url)
        engine = open_engine(database_url)
        sealed = Vault.open(settings.secret_file).seal(dict(plug.credentials))
        with writing(engine) as connection:
            business = open_business(connection, carrier_kind=plug.kind, credentials=sealed)
            for story in STORIES:
                _install(connection, business, story)
        time = VirtualTime()
        exchange = Exchange(settings, time.clock)
        app = create_app(exchange)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", access_log=False))
        serving = asyncio.create_task(server.serve(sockets=[taken]))
        wire = Wire()
        try:
            while not server.started and not serving.done():
                await asyncio.sleep(0.01)
            yield Theatre(plug, business, engine, database_url, exchange, app.state.carrier_door, wire, time)
        finally:
            server.should_exit = True
            await asyncio.gather(serving, wire.aclose())
            engine.dispose()


def _install(connection: Any, business: Business, story: Story) -> None:
    number, target_id = number_of(story), business.targets[0].target_id
    new = NewNumber(new_id(NOW), number, NumberKind.STATIC, NOW, target_id=target_id, placement=story.name)
    add_numbers(connection, business.company_id, [new])
    if story.flow is not None:
        add_flow(connection, business.company_id, new_id(NOW), story.name, story.flow, [number], NOW)
