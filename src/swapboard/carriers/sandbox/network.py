"""The sandbox's phone network: callers dial numbers in service, as many at once as they like."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from weakref import WeakSet

import httpx

from swapboard.carriers.base import Text
from swapboard.carriers.sandbox.courier import TIMEOUT_SECONDS, Courier, Sleep, Undelivered
from swapboard.carriers.sandbox.dialect import Recording, Webhook
from swapboard.carriers.sandbox.dialling import (
    CallState,
    DialOutcome,
    DialRequest,
    LegResult,
    Line,
    NotInService,
    Result,
    UnknownCall,
)
from swapboard.carriers.sandbox.simulation import SimulatedCall
from swapboard.carriers.twilio.call_list import ListedCall
from swapboard.clock import Clock
from swapboard.numbers.e164 import parse_number

__all__ = [
    "CallState",
    "DialOutcome",
    "DialRequest",
    "LegResult",
    "Line",
    "NotInService",
    "PhoneNetwork",
    "Result",
    "Undelivered",
    "UnknownCall",
]

log = logging.getLogger(__name__)

REMEMBERED_CALLS = 1_000
REMEMBERED_TEXTS = 200
TEXT_ATTEMPTS = 2

_NETWORKS: "WeakSet[PhoneNetwork]" = WeakSet()
"""Those of this process: where an account's list of calls is to be had."""


def listed_everywhere(account_ref: str) -> Iterator[ListedCall]:
    """The account's list of calls in every network of this process."""
    for network in tuple(_NETWORKS):
        yield from network.listed(account_ref)


def recorded_everywhere(account_ref: str, recording_ref: str) -> Recording | None:
    """What the account recorded under this name in any network of this process; None when none remembers it."""
    found = (network.recorded(account_ref, recording_ref) for network in tuple(_NETWORKS))
    return next(filter(None, found), None)


def show_everywhere(account_ref: str, text: Text) -> None:
    """The networks of this process in which the account has the sender's number show a text message of its own."""
    for network in tuple(_NETWORKS):
        network.show(account_ref, text)


class PhoneNetwork:
    """A stand-in for the public phone network that speaks each line's dialect to our own doors."""

    def __init__(
        self,
        lines: Callable[[str], Line | None],
        http: httpx.AsyncClient,
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
        webhook_timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._lines = lines
        self._courier = Courier(http, clock, sleep, webhook_timeout_seconds)
        self._clock = clock
        self._calls: dict[str, tuple[SimulatedCall, asyncio.Task[Result]]] = {}
        self.texts: deque[tuple[str, Text]] = deque(maxlen=REMEMBERED_TEXTS)
        """The latest text messages that went out or came in, each with the account that sends or has it."""
        _NETWORKS.add(self)

    def dial(self, request: DialRequest) -> str:
        """Start a call in the running loop; its id. Raises NotInService, or NotANumber."""
        caller = None if request.caller is None else parse_number(request.caller)
        request = replace(request, to=parse_number(request.to), caller=caller)
        line = self._lines(request.to)
        if line is None:
            raise NotInService(request.to)
        self._forget_the_oldest()
        call = SimulatedCall(line, request, self._courier, self._clock)
        self._calls[call.call_ref] = call, asyncio.create_task(_run(call))
        return call.call_ref

    async def write(self, text: Text) -> None:
        """Somebody sends a text message to a number in service. Raises NotInService, Undelivered."""
        line = self._lines(text.recipient)
        if line is None:
            raise NotInService(text.recipient)
        told = {"MessageSid": text.ref, "From": text.sender, "To": text.recipient, "Body": text.body}
        self.texts.append((line.dialect.account_ref, text))
        await self._courier.deliver(line, Webhook(line.message_url, told), TEXT_ATTEMPTS)

    def show(self, account_ref: str, text: Text) -> None:
        """A text message that the account sends; nothing where its number is not in service. From any thread."""
        line = self._lines(text.sender)
        if line and line.dialect.account_ref == account_ref:
            self.texts.append((account_ref, text))

    def state(self, call_ref: str) -> str | None:
        """The call's CallState; None when the network knows no such call, or no longer."""
        known = self._calls.get(call_ref)
        return known[0].state if known else None

    def listed(self, account_ref: str) -> Iterator[ListedCall]:
        """The account's list of calls, as far as the network remembers them. From any thread."""
        for call, _ in tuple(self._calls.values()):
            if call.account_ref == account_ref:
                yield from call.listed()

    def recorded(self, account_ref: str, recording_ref: str) -> Recording | None:
        """A recording of the account's. From any thread."""
        for call, _ in tuple(self._calls.values()):
            for each in tuple(call.recordings):
                if (call.account_ref, each.recording_ref) == (account_ref, recording_ref):
                    return each
        return None

    def hang_up(self, call_ref: str) -> None:
        """The caller hangs up now; nothing happens if the call is over, or there is none."""
        known = self._calls.get(call_ref)
        if known:
            known[0].hang_up()

    async def finished(self, call_ref: str) -> Result:
        """How the call went, when it is over. Raises UnknownCall."""
        if call_ref not in self._calls:
            raise UnknownCall(call_ref)
        _, task = self._calls[call_ref]
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """Cut every call off, without further webhooks."""
        tasks = [task for _, task in self._calls.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget_the_oldest(self) -> None:
        if len(self._calls) < REMEMBERED_CALLS:
            return
        oldest = next((ref for ref, (_, task) in self._calls.items() if task.done()), None)
        if oldest is not None:
            del self._calls[oldest]


async def _run(call: SimulatedCall) -> Result:
    try:
        return await call.run()
    except Exception as error:
        log.exception("the sandbox's call %s broke off", call.call_ref)
        call.broke_off()
        return Result(call.call_ref, False, "failed", (), f"the sandbox broke down: {error}")
