"""The door for carriers: `/carriers/{carrier_id}/voice | status | recording | message` (DESIGN 5.2).

A call always gets through. Only a request that is not the carrier's own is turned away (403, or 404 for an
account nobody has); whatever else goes wrong, the answer is a document that dials. The answer comes from
memory; the database is given a few milliseconds to keep the event first, and when it cannot take it at all,
the event goes to the spool.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from swapboard.calls.call import QUESTIONS, CallEvent, EventKind, Outcome
from swapboard.calls.flow_state import OF_LEG, FlowState
from swapboard.calls.routes import CarrierAccount
from swapboard.calls.step import Dial, HangUp, Join, Step
from swapboard.carriers.base import (
    BadCarrierRequest,
    Carrier,
    CarrierRequest,
    CarrierResponse,
    Door,
    carrier_kind,
    state_in,
)
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.guidance import PATIENCE_SECONDS as LONG_PATIENCE_SECONDS
from swapboard.switchboard.guidance import Guide, Guided, needs_its_visit
from swapboard.switchboard.ringing import RECEIVE, Told
from swapboard.web.bodies import Refused, read_body
from swapboard.web.methods import other_methods

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 64 * 1024
PATIENCE_SECONDS = 0.004


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
        self._spool = exchange.spool
        self._guide = Guide(exchange)
        self._writing: set[asyncio.Task[None]] = set()
        self.troubles: Counter[Trouble] = Counter()

    def routes(self) -> list[Route]:
        """One route for each door of each account."""
        path, methods = "/carriers/{carrier_id}/{door}", ["GET", "POST"]
        return [Route(path, self._answer, methods=methods), other_methods(path, methods)]

    @property
    def is_writing(self) -> bool:
        """True while something that came in is not yet written, here or in the spool."""
        return bool(self._writing)

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
            return self._failed(account, Door(door), _way_out(state_in(str(request.url)), ()))

    async def _answer_account(self, request: Request, account: CarrierAccount, door: Door) -> Response:
        carrier = self._open(account)
        told = await self._read(request, door)
        if not carrier.verify(told):
            self.troubles[Trouble.UNSIGNED] += 1
            return PlainTextResponse("The signature does not fit this request.", 403)
        try:
            events = tuple(carrier.events(told))
        except BadCarrierRequest as error:
            self.troubles[Trouble.SENSELESS] += 1
            if door is not Door.VOICE:
                return PlainTextResponse(str(error), 400)
            return self._last_resort(account, door, _way_out(carrier.state(told), ()))
        asks_nothing = bool(events) and events[0].kind not in QUESTIONS
        if door is not Door.VOICE or asks_nothing:
            await self._keep(account, events, told)
            return Response(status_code=204)
        answer, noted = await self._guided(account, carrier, events, told)
        await self._keep(account, noted, told)
        return answer

    def _open(self, account: CarrierAccount) -> Carrier:
        return _opened(account, self._exchange.vault.unseal)

    async def _read(self, request: Request, door: Door) -> CarrierRequest:
        query = f"?{request.url.query}" if request.url.query else ""
        return CarrierRequest(
            door=door,
            method=request.method,
            url=f"{self._exchange.settings.public_url}{request.url.path}{query}",
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await read_body(request, MAX_BODY_BYTES),
            received_at=self._exchange.clock(),
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
            return self._failed(account, Door.VOICE, _way_out(state, events)), events
        return _document(guided.document), guided.events

    async def _keep_first(
        self, account: CarrierAccount, events: tuple[CallEvent, ...], told: CarrierRequest
    ) -> None:
        """A call whose flow goes by its visit is written down before: only then is it known who made it."""
        if not events or events[0].kind is not EventKind.ARRIVED:
            return
        way = self._exchange.directory.routes.way(account.carrier_id, events[0].facts.dialled)
        if needs_its_visit(way):
            await self._keep(account, events, told, LONG_PATIENCE_SECONDS)

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
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """Write the events, but let the answer go after a moment whatever the database does."""
        if not events:
            return
        raw = {"url": told.url, "body": told.body.decode("utf-8", "replace").replace("\x00", "")}
        work = Told(account.company_id, account.carrier_id, events, raw, told.received_at)
        task = asyncio.create_task(self._write(work))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        done, _ = await asyncio.wait({task}, timeout=patience_seconds)
        if not done:
            self.troubles[Trouble.LATE] += 1

    async def _write(self, work: Told) -> None:
        try:
            await self._exchange.writer.submit(RECEIVE, work)
        except Exception as error:  # whatever keeps it from the database, the spool takes it
            self.troubles[Trouble.SPOOLED] += 1
            log.warning("an event goes to the spool, because the database did not take it: %s", error)
            await self._spool_event(work)
        self._exchange.live.ring(work.company_id)

    async def _spool_event(self, work: Told) -> None:
        try:
            await asyncio.to_thread(self._spool.add, work)
        except OSError as error:
            log.error("an event is in memory only, for the disk does not take it either: %s", error)


@lru_cache(maxsize=1024)
def _opened(account: CarrierAccount, unseal: Callable[[str], dict[str, str]]) -> Carrier:
    return carrier_kind(account.kind).open(unseal(account.credentials))


def _way_out(state: FlowState, events: tuple[CallEvent, ...]) -> Step | None:
    """What else than dialling helps a call whose flow has failed: a leg is joined, a talk that was had is over."""
    if state.awaits in OF_LEG:
        return Step(Join())
    talked = any(
        event.kind is EventKind.DIAL_ENDED and event.facts.outcome is Outcome.ANSWERED for event in events
    )
    return Step(HangUp()) if talked else None


def _document(answer: CarrierResponse) -> Response:
    return Response(answer.body, media_type=answer.media_type)
