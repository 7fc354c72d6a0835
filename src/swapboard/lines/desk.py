"""What a conversation asks the rest of Swapboard: what comes next, and to write down what happened.

It always has an answer. Whatever fails in the flow, the call goes to the default destination; whatever keeps an
event from the database, the spool takes it (invariants 4 and 5).
"""

import logging

from swapboard.calls.call import CallEvent, EventKind, Outcome
from swapboard.calls.flow_state import Awaits, FlowState
from swapboard.calls.routes import CarrierAccount
from swapboard.calls.step import Dial, HangUp, Step
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.guidance import PATIENCE_SECONDS, Guide, needs_its_visit, way_out
from swapboard.switchboard.keeping import Keeper
from swapboard.switchboard.ringing import Told

log = logging.getLogger(__name__)

WRITING_SECONDS = 0.004


class Desk:
    """For the calls of one carrier account."""

    def __init__(self, exchange: Exchange, account: CarrierAccount, guide: Guide, keeper: Keeper) -> None:
        self._exchange = exchange
        self._account = account
        self._guide = guide
        self._keeper = keeper
        self.clock = exchange.clock

    async def next(self, state: FlowState, event: CallEvent) -> tuple[FlowState, Step]:
        """What to do after the event, which is written down; never raises."""
        try:
            await self._keep_first(event)
            decided = await self._guide.decide(self._account.carrier_id, (event,), state, event.happened_at)
        except Exception:
            log.exception("a call's flow failed; it goes to the default destination")
            await self.note(event)
            return FlowState(awaits=Awaits.DIAL, told=state.told + 1), self._last_resort(state, event)
        await self.note(*decided.events)
        return decided.after, decided.step

    async def note(self, *events: CallEvent) -> None:
        """Write events down; the database is waited for a moment only."""
        await self._keep(events, WRITING_SECONDS)

    async def _keep_first(self, event: CallEvent) -> None:
        """A call whose flow goes by its visit is written down before: only then is it known who made it."""
        if event.kind is not EventKind.ARRIVED:
            return
        routes = self._exchange.directory.routes
        if needs_its_visit(routes.way(self._account.carrier_id, event.facts.dialled)):
            await self._keep((event,), PATIENCE_SECONDS)

    async def _keep(self, events: tuple[CallEvent, ...], seconds: float) -> None:
        account = self._account
        told = Told(account.company_id, account.carrier_id, events, {"by": account.kind}, events[0].happened_at)
        await self._keeper.keep(told, seconds)

    def _last_resort(self, state: FlowState, event: CallEvent) -> Step:
        """Dial the default destination, unless there is a better way out, or that has just been tried."""
        better = way_out(state, (event,))
        if better is not None:
            return better
        tried = event.kind is EventKind.DIAL_ENDED and event.facts.outcome is not Outcome.ANSWERED
        return Step(HangUp()) if tried and not state.flow_id else self.default()

    def default(self) -> Step:
        """Ring the default destination; hang up where there is none."""
        routes, carrier_id = self._exchange.directory.routes, self._account.carrier_id
        way, company = routes.plain_way(carrier_id), routes.company(carrier_id)
        if way is None or company is None:
            return Step(HangUp())
        return Step(Dial((way.destination,), company.ring_timeout_seconds))
