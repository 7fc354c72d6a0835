"""What a call's flow says next: answered from memory, the same again when a carrier asks again.

Only a flow that goes by the visit, or by who talked to the caller before, looks into the database, and waits for
it a moment at most: without an answer the call goes on as one of which nothing is known.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection

from swapboard.attribution.home import home_of
from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.event_store import events_of_calls
from swapboard.calls.flow import next_step
from swapboard.calls.flow_event import NO_VISIT, FlowEvent
from swapboard.calls.flow_needs import (
    asks_caller,
    asks_history,
    asks_key,
    asks_region,
    asks_spam,
    asks_turn,
    asks_visit,
)
from swapboard.calls.flow_state import AFTER_CALL, OF_LEG, FlowState
from swapboard.calls.flow_store import turn_of
from swapboard.calls.history import answered_before, caller_of_call, spam_score_of_call, visit_of
from swapboard.calls.nodes import RoundRobin
from swapboard.calls.recording import is_ours
from swapboard.calls.routes import Way
from swapboard.calls.spam import Assessment, Treatment
from swapboard.calls.spam_store import OVER_CAP, REFUSED
from swapboard.calls.step import HangUp, Join, Reject, Step
from swapboard.carriers.base import Carrier, CarrierResponse, Links
from swapboard.clock import Millis
from swapboard.switchboard.screening import Screening, not_answered, taken_by

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

Found = TypeVar("Found")

REMEMBERED_ANSWERS = 5_000
PATIENCE_SECONDS = 0.4
"""What a look into the database may take: the caller hears nothing meanwhile."""


@dataclass(frozen=True, slots=True)
class Guided:
    """The document for a carrier's question, and what is to be written down of it."""

    document: CarrierResponse
    events: tuple[CallEvent, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a call's flow says next, the state to come back in, and what is to be written down of it."""

    step: Step
    after: FlowState
    events: tuple[CallEvent, ...]


_Key = tuple[str, str, tuple[str, str, EventKind, int], str | None, str | None]


class Guide:
    """Guides the calls of one process through their flows."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._answers: OrderedDict[_Key, Guided] = OrderedDict()
        self._screening = Screening()

    async def guide(
        self, carrier_id: str, carrier: Carrier, events: tuple[CallEvent, ...], state: FlowState, at: Millis
    ) -> Guided:
        """The next document; a repeated question gets the same one, though the set-up may have changed since."""
        if not events:
            return await self._guide(carrier_id, carrier, events, state, at)
        asked = events[0]
        key = carrier_id, state.text, asked.identity, asked.facts.keys, asked.facts.outcome
        if key not in self._answers:
            guided = await self._guide(carrier_id, carrier, events, state, at)
            if len(self._answers) >= REMEMBERED_ANSWERS:
                self._answers.popitem(last=False)
            # Whoever asked at the same time may have been quicker: all get the first answer.
            self._answers.setdefault(key, guided)
        return self._answers[key]

    async def _guide(
        self, carrier_id: str, carrier: Carrier, events: tuple[CallEvent, ...], state: FlowState, at: Millis
    ) -> Guided:
        decided = await self.decide(carrier_id, events, state, at)
        links = Links(self._exchange.settings.public_url, carrier_id, dialled=_dialled(events))
        return Guided(carrier.render(decided.step, decided.after, links), decided.events)

    async def decide(
        self, carrier_id: str, events: tuple[CallEvent, ...], state: FlowState, at: Millis
    ) -> Decided:
        """What comes next, in no carrier's language; the first event is what is asked about."""
        dialled = _dialled(events)
        is_new = not events or events[0].kind is EventKind.ARRIVED
        way = self._exchange.directory.routes.way(carrier_id, dialled, None if is_new else state.flow_id)
        if way is None:
            log.error("a call to %s has nowhere to go: set a default destination", dialled)
            return Decided(Step(HangUp()), state, events)
        state = replace(state, flow_id=way.flow_id) if is_new else state
        events = await self._screened(carrier_id, way, events)
        asked = await self._asked(carrier_id, way, events, at)
        if events and is_new:
            treatment, found = await self._met(carrier_id, events[0].facts, at)
            if treatment is not Treatment.PUT_THROUGH:
                return Decided(Step(Reject(is_busy=True)), state, _refused(events, treatment, at))
            asked = replace(asked, spam_score=found.score)
        # Whoever came while this one was looked up has had a turn.
        asked = replace(asked, turn=self._exchange.turns.of(way.flow_id, asked.turn))
        after, step = next_step(way.flow, state, asked)
        if events:
            self._screening.note(carrier_id, events[0], step)
        if any(isinstance(way.flow.steps[name], RoundRobin) for name in step.path):
            self._take_turn(carrier_id, way, asked.turn)
        return Decided(step, after, _noted(way, events, step, at))

    async def _screened(self, carrier_id: str, way: Way, events: tuple[CallEvent, ...]) -> tuple[CallEvent, ...]:
        """The events; a dialling counts as answered only if somebody took the call, whichever server heard it."""
        ended = events[0] if events else None
        if ended is None or ended.kind is not EventKind.DIAL_ENDED:
            return events
        was_taken = self._screening.was_taken(carrier_id, ended)
        if was_taken or ended.facts.outcome is not Outcome.ANSWERED:
            return events
        company = self._exchange.directory.routes.company(carrier_id)
        if company is not None and asks_key(way.flow):
            known = await self._look(partial(_taken, company.company_id, carrier_id, ended), None)
            was_taken = was_taken if known is None else known
        return not_answered(events) if was_taken is False else events

    async def _met(self, carrier_id: str, facts: Facts, at: Millis) -> tuple[Treatment, Assessment]:
        """What the guard says of a new call; whatever is wrong with the guard, the call goes on."""
        company = self._exchange.directory.routes.company(carrier_id)
        try:
            if company is not None:
                return await self._exchange.guard.meet(company, facts, at, lambda read: self._look(read, None))
        except Exception:
            log.exception("whether a call is spam cannot be told; it is put through")
        return Treatment.PUT_THROUGH, Assessment(0.0)

    async def _asked(self, carrier_id: str, way: Way, events: tuple[CallEvent, ...], at: Millis) -> FlowEvent:
        told = events[0] if events else None
        facts = told.facts if told else Facts()
        event = FlowEvent(
            kind=told.kind if told else EventKind.ARRIVED,
            at=at,
            destination=way.destination,
            keys=facts.keys or "",
            outcome=facts.outcome,
            caller=facts.caller,
            own_sounds=self._exchange.sounds.begin,
        )
        company = self._exchange.directory.routes.company(carrier_id)
        if way.is_plain or told is None or company is None:
            return event
        return await self._looked_up(event, way, company.company_id, carrier_id, told.call_ref)

    async def _looked_up(
        self, event: FlowEvent, way: Way, company_id: str, carrier_id: str, call_ref: str
    ) -> FlowEvent:
        """The event with what the flow asks about, and nothing else."""
        caller = event.caller
        if caller is None and event.kind is not EventKind.ARRIVED and asks_caller(way.flow):
            # Not every carrier says it again with each key.
            caller = await self._look(
                lambda connection: caller_of_call(connection, company_id, carrier_id, call_ref), None
            )
            event = replace(event, caller=caller)
        if caller and asks_region(way.flow):
            event = replace(event, region=await asyncio.to_thread(home_of, caller))
        if caller and asks_history(way.flow):
            last = await self._look(lambda connection: answered_before(connection, company_id, caller), None)
            event = replace(event, answered_before=last)
        if event.kind is not EventKind.ARRIVED and asks_spam(way.flow):
            score = await self._look(
                lambda connection: spam_score_of_call(connection, company_id, carrier_id, call_ref), 0.0
            )
            event = replace(event, spam_score=score)
        if asks_turn(way.flow):
            turn = await self._look(lambda connection: turn_of(connection, company_id, way.flow_id), 0)
            event = replace(event, turn=turn)
        if asks_visit(way.flow):
            visit = await self._look(
                lambda connection: visit_of(connection, company_id, carrier_id, call_ref), NO_VISIT
            )
            event = replace(event, visit=visit)
        return event

    def _take_turn(self, carrier_id: str, way: Way, turn: int) -> None:
        company = self._exchange.directory.routes.company(carrier_id)
        if company is not None:
            self._exchange.turns.take(company.company_id, way.flow_id, turn)

    async def _look(self, read: Callable[[Connection], Found], otherwise: Found) -> Found:
        """What the database says, if it does at once; it is not waited for, nor is its failure the caller's."""
        if self._exchange.directory.degraded:
            return otherwise
        looking = asyncio.ensure_future(self._exchange.read(read))
        done, _ = await asyncio.wait({looking}, timeout=PATIENCE_SECONDS)
        if not done or looking.exception():
            looking.add_done_callback(_forget)
            return otherwise
        return looking.result()


def _taken(company_id: str, carrier_id: str, ended: CallEvent, connection: Connection) -> bool | None:
    written = events_of_calls(connection, company_id, carrier_id, [ended.call_ref])
    return taken_by(written.get(ended.call_ref, ()), ended)


def _dialled(events: tuple[CallEvent, ...]) -> str | None:
    return next((event.facts.dialled for event in events if event.facts.dialled), None)


def way_out(state: FlowState, events: tuple[CallEvent, ...]) -> Step | None:
    """What else than dialling helps a call whose flow has failed: a leg is joined, a talk that was had is over."""
    if state.awaits in OF_LEG:
        return Step(Join())
    if state.awaits in AFTER_CALL:
        return Step(HangUp())
    talked = any(
        event.kind is EventKind.DIAL_ENDED and event.facts.outcome is Outcome.ANSWERED for event in events
    )
    return Step(HangUp()) if talked else None


def needs_its_visit(way: Way | None) -> bool:
    """True when the call must be written down, and with it who made it, before the flow can go on."""
    return way is not None and asks_visit(way.flow)


def _refused(events: tuple[CallEvent, ...], treatment: Treatment, at: Millis) -> tuple[CallEvent, ...]:
    """The events, with our refusal, so that the call counts as blocked and says why."""
    why = OVER_CAP if treatment is Treatment.OVER_CAP else REFUSED
    first, *others = events
    routed = CallEvent(
        first.call_ref, first.leg_ref, EventKind.ROUTED, first.sequence, at, Facts(step="reject", path=(why,))
    )
    return (first, *others, routed)


def _noted(way: Way, events: tuple[CallEvent, ...], step: Step, at: Millis) -> tuple[CallEvent, ...]:
    """The events, with what a flow of the company's made of them; the plain way has nothing to note."""
    if way.is_plain or not events:
        return events
    first, *others = events
    if first.kind is EventKind.LEG_ASKS and not first.leg_ref:
        # Some carriers ask what is to be heard before a leg has a name: nothing has happened yet.
        return ()
    if first.kind is EventKind.DIAL_ENDED and not isinstance(step.act, HangUp):
        first = replace(first, facts=replace(first.facts, goes_on=True))
    facts = Facts(
        step=step.kind,
        path=tuple(name for name in step.path if not is_ours(name)) if way.flow_id else (),
        is_heard=step.is_heard and not first.leg_ref,
        screened=first.facts.screened,
        tags=step.tags,
        qualified=step.qualified,
        value_cents=step.value_cents,
    )
    routed = CallEvent(first.call_ref, first.leg_ref, EventKind.ROUTED, first.sequence, at, facts)
    return (first, *others, routed)


def _forget(looking: "asyncio.Future[Found]") -> None:
    if not looking.cancelled() and (error := looking.exception()):
        log.warning("a look into the database for a flow failed: %s", error)
