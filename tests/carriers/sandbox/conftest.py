"""Our doors, small: the real adapter checks, reads and renders; a script may make them misbehave."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from swapboard.calls.call import Call, CallEvent, EventKind, Facts
from swapboard.calls.flow import forward, next_step
from swapboard.calls.flow_event import FlowEvent
from swapboard.calls.fold import fold
from swapboard.calls.nodes import Flow
from swapboard.calls.step import Step
from swapboard.carriers.base import BadCarrierRequest, Carrier, CarrierRequest, Door, Links
from swapboard.carriers.installed import carrier_kind
from swapboard.carriers.sandbox.network import DialRequest, Line, PhoneNetwork, Result
from swapboard.carriers.sandbox.twilio_dialect import TwilioDialect
from tests.carriers.virtual_time import VirtualTime

NUMBER = "+12025550143"
SHOP = "+12025550101"
CREDENTIALS = {"account_sid": "AC" + "5" * 32, "auth_token": "the sandbox's token"}
LINKS = Links("https://calls.example.com", "c1")

Misbehaviour = Callable[[], Awaitable[Response]]


@dataclass
class Doors:
    """The doors of one carrier account, and everything that came in."""

    time: VirtualTime
    carrier: Carrier = field(default_factory=lambda: carrier_kind("sandbox").open(CREDENTIALS))
    flow: Flow = field(default_factory=lambda: forward(SHOP, 25))
    misbehave: dict[tuple[Door, int], Misbehaviour] = field(default_factory=dict)
    """What to do instead at the n-th request (from 0) to a door."""
    answers: dict[str, str] = field(default_factory=dict)
    """TwiML to give instead of the flow's, by what the flow waits for."""
    heard: list[dict[str, str]] = field(default_factory=list)
    events: list[CallEvent] = field(default_factory=list)
    tokens: Counter[str] = field(default_factory=Counter)
    asked: Counter[Door] = field(default_factory=Counter)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/carriers/c1/{door}", self._answer, methods=["GET", "POST"])])

    async def _answer(self, request: Request) -> Response:
        door = Door(request.path_params["door"])
        odd = self.misbehave.get((door, self.asked[door]))
        self.asked[door] += 1
        if odd is not None:
            return await odd()
        told = await self._told(request, door)
        if not self.carrier.verify(told):
            return PlainTextResponse("unsigned", 403)
        self.heard.append(dict(parse_qsl(told.body.decode(), keep_blank_values=True)))
        self.tokens[request.headers["I-Twilio-Idempotency-Token"]] += 1
        try:
            events = self.carrier.events(told)
        except BadCarrierRequest as error:
            return PlainTextResponse(str(error), 400)
        self.events += events
        return self._document(told, events[0]) if door is Door.VOICE else Response(status_code=204)

    async def _told(self, request: Request, door: Door) -> CarrierRequest:
        headers = {name.lower(): value for name, value in request.headers.items()}
        return CarrierRequest(
            door, request.method, str(request.url), headers, await request.body(), self.time.clock()
        )

    def _document(self, told: CarrierRequest, asked: CallEvent) -> Response:
        state, facts = self.carrier.state(told), asked.facts
        event = FlowEvent(asked.kind, told.received_at, SHOP, facts.keys or "", facts.outcome, facts.caller)
        new_state, step = next_step(self.flow, state, event)
        rendered = self.carrier.render(step, new_state, LINKS)
        if len(self.flow.steps) > 1:
            self._note(asked, step)
        return Response(self.answers.get(state.awaits, rendered.body), media_type=rendered.media_type)

    def _note(self, asked: CallEvent, step: Step) -> None:
        noted = Facts(step=step.kind, path=step.path, is_heard=step.is_heard and not asked.leg_ref)
        self.events.append(replace(asked, kind=EventKind.ROUTED, facts=noted))
        if asked.kind is EventKind.DIAL_ENDED and step.kind != "hang_up":
            self.events[-2] = replace(asked, facts=replace(asked.facts, goes_on=True))

    @property
    def call(self) -> Call:
        return fold(self.events)


class Wire(httpx.ASGITransport):
    """The way to the doors; an answer with the header `x-wire` is `late`, or its connection is `cut`."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        match response.headers.get("x-wire"):
            case "late":
                raise httpx.ReadTimeout("too late", request=request)
            case "cut":
                raise httpx.ConnectError("cut", request=request)
        return response


@dataclass
class Stage:
    """The doors, the network, and a line between them."""

    doors: Doors
    network: PhoneNetwork
    line: Line

    async def story(self, **request: object) -> Result:
        """A whole call."""
        caller = {"to": NUMBER, "caller": "+12125550111"}
        return await self.network.finished(self.network.dial(DialRequest(**(caller | request))))  # type: ignore[arg-type]


Staging = Callable[..., Stage]


@pytest.fixture
def stage() -> Staging:
    """Makes a stage: `endless_minutes` holds long talks, `fallback` is one for the line, `timeout` for doors."""

    def make(
        *,
        endless_minutes: bool = False,
        fallback: bool = False,
        timeout: float = 15,
        auth_token: str = CREDENTIALS["auth_token"],
        **line: Any,
    ) -> Stage:
        time = VirtualTime(endless_minutes=endless_minutes)
        doors = Doors(time)
        at = Line(
            number=NUMBER,
            voice_url=LINKS.door(Door.VOICE),
            status_url=LINKS.door(Door.STATUS),
            fallback_url=LINKS.door(Door.VOICE) if fallback else None,
            dialect=TwilioDialect(CREDENTIALS["account_sid"], auth_token),
        )
        at = replace(at, **line)
        http = httpx.AsyncClient(transport=Wire(doors.app()))
        network = PhoneNetwork({NUMBER: at}.get, http, time.clock, time.sleep, timeout)
        return Stage(doors, network, at)

    return make
