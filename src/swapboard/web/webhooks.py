"""The door for carriers: `/carriers/{carrier_id}/voice | status | recording | message` (DESIGN 5.2).

A call always gets through. Only a request that is not the carrier's own is turned away (403, or 404 for an
account nobody has); whatever else goes wrong, the answer is a document that dials. The answer comes from
memory; the database is given a few milliseconds to keep the event first, and when it cannot take it at all,
the event goes to the spool.
"""

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from swapboard.calls.call import CallEvent, EventKind
from swapboard.calls.flow import Dial, FlowState, HangUp, Step, next_step
from swapboard.calls.routes import CarrierAccount
from swapboard.carriers.base import (
    BadCarrierRequest,
    Carrier,
    CarrierRequest,
    CarrierResponse,
    Door,
    Links,
    carrier_kind,
)
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.ringing import RECEIVE, Told
from swapboard.web.bodies import Refused, read_body
from swapboard.web.methods import other_methods

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 64 * 1024
PATIENCE_SECONDS = 0.004
REMEMBERED_ANSWERS = 2_000


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
        self._answers: OrderedDict[tuple[str, str, str], CarrierResponse] = OrderedDict()
        self._writing: set[asyncio.Task[None]] = set()
        self.troubles: Counter[Trouble] = Counter()

    def routes(self) -> list[Route]:
        """One route for each door of each account."""
        path, methods = "/carriers/{carrier_id}/{door}", ["GET", "POST"]
        return [Route(path, self._answer, methods=methods), other_methods(path, methods)]

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
            return self._failed(account, Door(door))

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
            return self._last_resort(account, door)
        if door is not Door.VOICE:
            await self._keep(account, events, told)
            return Response(status_code=204)
        answer = self._routed(account, carrier, events, _state(request))
        await self._keep(account, events, told)
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

    def _routed(
        self, account: CarrierAccount, carrier: Carrier, events: tuple[CallEvent, ...], state: FlowState
    ) -> Response:
        """The next document; whatever fails here, the event is still to be kept."""
        try:
            return _document(self._route(account, carrier, events, state))
        except Exception:
            return self._failed(account, Door.VOICE)

    def _route(
        self, account: CarrierAccount, carrier: Carrier, events: tuple[CallEvent, ...], state: FlowState
    ) -> CarrierResponse:
        """The next document; a repeated request gets the same one, though the set-up may have changed since."""
        if not events:
            return self._next_document(account, carrier, events, state)
        # The kind too: a carrier's fallback asks the door's plain address again, after an action that failed.
        key = account.carrier_id, events[0].call_ref, f"{state.value} {events[0].kind.value}"
        if key not in self._answers:
            if len(self._answers) >= REMEMBERED_ANSWERS:
                self._answers.popitem(last=False)
            self._answers[key] = self._next_document(account, carrier, events, state)
        return self._answers[key]

    def _next_document(
        self, account: CarrierAccount, carrier: Carrier, events: tuple[CallEvent, ...], state: FlowState
    ) -> CarrierResponse:
        dialled = next((event.facts.dialled for event in events if event.facts.dialled), None)
        flow = self._exchange.directory.routes.flow(account.carrier_id, dialled)
        if flow is None:
            log.error("a call to %s has nowhere to go: set a default destination", dialled)
            return self._render(carrier, account, HangUp(), FlowState.DONE)
        kind = events[0].kind if events else EventKind.ARRIVED
        new_state, step = next_step(flow, state, kind)
        return self._render(carrier, account, step, new_state)

    def _render(self, carrier: Carrier, account: CarrierAccount, step: Step, state: FlowState) -> CarrierResponse:
        return carrier.render(step, state, Links(self._exchange.settings.public_url, account.carrier_id))

    def _failed(self, account: CarrierAccount, door: Door) -> Response:
        """In no case a 5xx, which would end the call."""
        self.troubles[Trouble.FAILED] += 1
        log.exception("a carrier's request failed; the call goes to the default destination")
        try:
            return self._last_resort(account, door)
        except Exception:
            log.exception("no installed adapter speaks %r: this carrier cannot be answered", account.kind)
            return PlainTextResponse("No adapter for this carrier is installed here.", 404)

    def _last_resort(self, account: CarrierAccount, door: Door) -> Response:
        """Dial the default destination."""
        if door is not Door.VOICE:
            return Response(status_code=204)
        flow = self._exchange.directory.routes.flow(account.carrier_id, None)
        step: Step = Dial((flow.destination,), flow.ring_timeout_seconds) if flow else HangUp()
        # The adapter of this kind renders without credentials: they may be what is broken.
        return _document(carrier_kind(account.kind).last_resort(step))

    async def _keep(self, account: CarrierAccount, events: tuple[CallEvent, ...], told: CarrierRequest) -> None:
        """Write the events, but let the answer go after a moment whatever the database does."""
        if not events:
            return
        raw = {"url": told.url, "body": told.body.decode("utf-8", "replace").replace("\x00", "")}
        work = Told(account.company_id, account.carrier_id, events, raw, told.received_at)
        task = asyncio.create_task(self._write(work))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
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
        except OSError:
            log.exception("neither the database nor the disk took this event, which is lost: %s", work)


@lru_cache(maxsize=1024)
def _opened(account: CarrierAccount, unseal: Callable[[str], dict[str, str]]) -> Carrier:
    return carrier_kind(account.kind).open(unseal(account.credentials))


def _state(request: Request) -> FlowState:
    named = request.query_params.get("state", FlowState.NEW.value)
    return FlowState(named) if named in FlowState.__members__.values() else FlowState.NEW


def _document(answer: CarrierResponse) -> Response:
    return Response(answer.body, media_type=answer.media_type)
