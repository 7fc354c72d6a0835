"""The door for carriers: `/carriers/{carrier_id}/voice | status | recording | message` (DESIGN 5.2).

A call always gets through. Only a request that is not the carrier's own is turned away (403, or 404 for an
account nobody has); whatever else goes wrong, the answer is a document that dials. The answer comes from
memory; the database is given a few milliseconds to keep the event first, and when it cannot take it at all,
the event goes to the spool. News that asks nothing is answered once it is written, and steps aside for questions.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache, partial

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from swapboard.calls.call import QUESTIONS, CallEvent, EventKind
from swapboard.calls.flow_state import FlowState
from swapboard.calls.routes import CarrierAccount
from swapboard.calls.step import Dial, HangUp, Step
from swapboard.carriers.base import (
    PROBE,
    BadCarrierRequest,
    Carrier,
    CarrierRequest,
    CarrierResponse,
    Door,
    TextCarrier,
    state_in,
)
from swapboard.carriers.installed import carrier_kind
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.guidance import PATIENCE_SECONDS as LONG_PATIENCE_SECONDS
from swapboard.switchboard.guidance import Guide, Guided, needs_its_visit, way_out
from swapboard.switchboard.keeping import Keeper
from swapboard.switchboard.ringing import Told
from swapboard.switchboard.texting import hear_text
from swapboard.web.bodies import Refused, read_body
from swapboard.web.giving_way import StepsAside
from swapboard.web.methods import other_methods
from swapboard.web.proxies import asked_origins

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 64 * 1024
PATIENCE_SECONDS = 0.002
NEWS_PATIENCE_SECONDS = 1.0
"""Nobody listens meanwhile; a carrier gives up after some fifteen seconds."""


class Trouble(StrEnum):
    """What went wrong at this door, counted."""

    UNSIGNED = "unsigned"
    UNKNOWN_ACCOUNT = "unknown_account"
    SENSELESS = "senseless"
    FAILED = "failed"
    SPOOLED = "spooled"
    LATE = "late"


class CarrierDoor:
    """The routes that carriers call."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._guide = Guide(exchange)
        self.troubles: Counter[Trouble] = Counter()
        self._keeper = Keeper(exchange, partial(self._count, Trouble.SPOOLED))
        self._news = StepsAside()

    def routes(self) -> list[Route]:
        """One route for each door of each account."""
        path, methods = "/carriers/{carrier_id}/{door}", ["GET", "POST"]
        return [Route(path, self._answer, methods=methods), other_methods(path, methods)]

    @property
    def is_writing(self) -> bool:
        """True while something that came in is not yet written, here or in the spool."""
        return self._keeper.is_writing

    async def finish(self) -> None:
        """Wait until all that came in is written, here or in the spool."""
        await self._keeper.finish()

    async def _answer(self, request: Request) -> Response:
        account = self._exchange.directory.routes.carriers.get(request.path_params["carrier_id"])
        door = request.path_params["door"]
        if account is None or door not in Door.__members__.values():
            self.troubles[Trouble.UNKNOWN_ACCOUNT] += 1
            return PlainTextResponse("There is no such carrier account here.", 404)
        try:
            return await self._answer_account(request, account, Door(door))
        except Refused as refused:
            return PlainTextResponse(refused.reason, refused.status)
        except Exception:
            return self._failed(account, Door(door), way_out(state_in(_path(request)), ()))

    async def _answer_account(self, request: Request, account: CarrierAccount, door: Door) -> Response:
        carrier = self._open(account)
        told = await self._read(request, door)
        if door is not Door.VOICE:
            await self._news.turn()
        if not self._is_signed(carrier, told, request):
            if told.body != PROBE:
                self.troubles[Trouble.UNSIGNED] += 1
            return PlainTextResponse("The signature does not fit this request.", 403)
        if door is Door.MESSAGE:
            return await self._hear_texts(account, carrier, told)
        try:
            events = tuple(carrier.events(told))
        except BadCarrierRequest as error:
            self.troubles[Trouble.SENSELESS] += 1
            if door is not Door.VOICE:
                return PlainTextResponse(str(error), 400)
            return self._last_resort(account, door, way_out(carrier.state(told), ()))
        asks_nothing = bool(events) and events[0].kind not in QUESTIONS
        if door is not Door.VOICE or asks_nothing:
            await self._keep(account, events, told, NEWS_PATIENCE_SECONDS)
            return Response(status_code=204)
        answer, noted = await self._guided(account, carrier, events, told)
        # What a busy writer gathers first it will not have written in time.
        patience_seconds = 0 if self._exchange.writer.is_gathering else PATIENCE_SECONDS
        await self._keep(account, noted, told, patience_seconds)
        return answer

    async def _hear_texts(self, account: CarrierAccount, carrier: Carrier, told: CarrierRequest) -> Response:
        """Text messages that came in. What is not kept is answered as such: carriers tell it again."""
        if told.body == PROBE:
            return Response(status_code=204)
        try:
            texts = carrier.texts(told) if isinstance(carrier, TextCarrier) else ()
        except BadCarrierRequest as error:
            self.troubles[Trouble.SENSELESS] += 1
            return PlainTextResponse(str(error), 400)

        def keep(connection: Connection) -> None:
            for text in texts:
                hear_text(connection, account.company_id, account.carrier_id, text, told.received_at)

        if texts:
            try:
                await self._exchange.change(keep)
            except Exception:
                self.troubles[Trouble.FAILED] += 1
                log.exception("a text message could not be kept; its carrier is asked to tell it again")
                return PlainTextResponse("Please tell it again.", 503)
            self._exchange.live.ring(account.company_id)
        return Response(status_code=204)

    def _open(self, account: CarrierAccount) -> Carrier:
        return _opened(account, self._exchange.vault.unseal)

    async def _read(self, request: Request, door: Door) -> CarrierRequest:
        return CarrierRequest(
            door=door,
            method=request.method,
            url=f"{self._exchange.settings.public_url}{_path(request)}",
            headers=dict(request.headers.items()),
            body=await read_body(request, MAX_BODY_BYTES),
            received_at=self._exchange.clock(),
        )

    def _is_signed(self, carrier: Carrier, told: CarrierRequest, request: Request) -> bool:
        """By the carrier, for the public address; or for this very path of another host that the request names: a
        number may still be pointed at the address that this server had before, and its calls get through, too."""
        if carrier.verify(told):
            return True
        public_url = self._exchange.settings.public_url
        return any(
            carrier.verify(replace(told, url=f"{origin}{_path(request)}"))
            for origin in asked_origins(request, public_url)
            if origin != public_url
        )

    async def _guided(
        self, account: CarrierAccount, carrier: Carrier, events: tuple[CallEvent, ...], told: CarrierRequest
    ) -> tuple[Response, tuple[CallEvent, ...]]:
        """The next document and what is to be kept; whatever fails here, the events still are."""
        state = FlowState()
        try:
            state = carrier.state(told)
            await self._keep_first(account, events, told)
            guided: Guided = await self._guide.guide(account.carrier_id, carrier, events, state, told.received_at)
        except Exception:
            return self._failed(account, Door.VOICE, way_out(state, events)), events
        return _document(guided.document), guided.events

    async def _keep_first(
        self, account: CarrierAccount, events: tuple[CallEvent, ...], told: CarrierRequest
    ) -> None:
        """A call whose flow goes by its visit is written down before: only then is it known who made it."""
        if not events or events[0].kind is not EventKind.ARRIVED:
            return
        way = self._exchange.directory.routes.way(account.carrier_id, events[0].facts.dialled)
        if needs_its_visit(way):
            await self._keep(account, events, told, LONG_PATIENCE_SECONDS, is_patient=False)

    def _failed(self, account: CarrierAccount, door: Door, way_out: Step | None) -> Response:
        """In no case a 5xx, which would end the call."""
        self.troubles[Trouble.FAILED] += 1
        log.exception("a carrier's request failed; the call goes to the default destination")
        try:
            return self._last_resort(account, door, way_out)
        except Exception:
            log.exception("no installed adapter speaks %r: this carrier cannot be answered", account.kind)
            return PlainTextResponse("No adapter for this carrier is installed here.", 404)

    def _last_resort(self, account: CarrierAccount, door: Door, way_out: Step | None) -> Response:
        """Dial the default destination, unless there is a better way out."""
        if door is not Door.VOICE:
            return Response(status_code=204)
        # The adapter of this kind renders without credentials: they may be what is broken.
        return _document(carrier_kind(account.kind).last_resort(way_out or self._default(account)))

    def _default(self, account: CarrierAccount) -> Step:
        routes = self._exchange.directory.routes
        way, company = routes.plain_way(account.carrier_id), routes.company(account.carrier_id)
        return Step(Dial((way.destination,), company.ring_timeout_seconds) if way and company else HangUp())

    async def _keep(
        self,
        account: CarrierAccount,
        events: tuple[CallEvent, ...],
        told: CarrierRequest,
        patience_seconds: float,
        *,
        is_patient: bool = True,
    ) -> None:
        """Write the events, but let the answer go after a moment whatever the database does."""
        if not events:
            return
        raw = {"url": told.url, "body": told.body.decode("utf-8", "replace").replace("\x00", "")}
        work = Told(account.company_id, account.carrier_id, events, raw, told.received_at)
        if not await self._keeper.keep(work, patience_seconds, is_patient=is_patient):
            self._count(Trouble.LATE)

    def _count(self, trouble: Trouble) -> None:
        self.troubles[trouble] += 1


@lru_cache(maxsize=1024)
def _opened(account: CarrierAccount, unseal: Callable[[str], dict[str, str]]) -> Carrier:
    return carrier_kind(account.kind).open(unseal(account.credentials))


def _path(request: Request) -> str:
    """With the query, in which no carrier has what cannot be read: so its signature will not fit."""
    query = request.scope["query_string"].decode("utf-8", "replace")
    return f"{request.scope['path']}?{query}" if query else str(request.scope["path"])


def _document(answer: CarrierResponse) -> Response:
    return Response(answer.body, media_type=answer.media_type)
