"""The caller's end of a call through the sandbox: whether it was taken, how long it waits, when it is gone."""

import asyncio
import math
from collections.abc import Awaitable, Callable

from swapboard.carriers.sandbox.dialect import OwnSide
from swapboard.carriers.sandbox.dialling import CallState, DialRequest, Line
from swapboard.clock import SECOND, Clock, Millis


class CallerSide:
    """What the carrier knows of the caller's own leg."""

    def __init__(
        self, line: Line, request: DialRequest, sleep: Callable[[float], Awaitable[object]], clock: Clock
    ) -> None:
        self.call_ref = line.dialect.new_ref("call")
        self.state = CallState.DIALLING
        self.status = "ringing"
        self.began_at = clock()
        self.taken_at: Millis | None = None
        self._line = line
        self._request = request
        self._sleep = sleep
        self._clock = clock
        self._hung_up = asyncio.Event()

    @property
    def is_gone(self) -> bool:
        return self._hung_up.is_set()

    def hang_up(self) -> None:
        """The call is over for the caller."""
        self._hung_up.set()

    async def wait(self, seconds: float) -> None:
        """Until then, or until the caller hangs up."""
        if self.is_gone:
            return
        leaves_in = self._leaves_in()
        sleeping = asyncio.ensure_future(self._sleep(min(seconds, leaves_in)))
        leaving = asyncio.ensure_future(self._hung_up.wait())
        try:
            await asyncio.wait({sleeping, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            leaving.cancel()
            await asyncio.gather(sleeping, leaving, return_exceptions=True)
        if leaves_in <= seconds:
            self._hung_up.set()

    def _leaves_in(self) -> float:
        """In how many seconds the caller hangs up."""
        after = self._request.leaves_after_seconds
        return math.inf if after is None else max(0, after - (self._clock() - self.began_at) / SECOND)

    def take(self) -> None:
        """The carrier has taken the call: from now on it costs, and is answered."""
        if self.taken_at is None:
            self.taken_at = self._clock()
            self.status = "in-progress"

    @property
    def sender(self) -> str:
        """The caller's number as the carrier shows it; empty when withheld."""
        shown = self._request.shown_caller
        return (self._request.caller or "") if shown is None else shown

    def own(self, status: str) -> OwnSide:
        """As the dialects tell it, with this status."""
        request, line = self._request, self._line
        return OwnSide(
            call_ref=self.call_ref,
            sender=self.sender,
            dialled=line.number if request.shown_dialled is None else request.shown_dialled,
            status=status,
            voice_url=line.voice_url,
            status_url=line.status_url,
            began_at=self.began_at,
            now=self._clock(),
            taken_at=self.taken_at,
            attestation=request.attestation,
            caller_name=request.caller_name,
        )

    @property
    def as_it_stands(self) -> OwnSide:
        """Once it was taken."""
        return self.own("completed" if self.is_gone else "in-progress")

    def brief(self, seconds: float) -> float:
        """So long, or as long as the line is held at most."""
        held = self._request.hold_seconds
        return seconds if held is None else min(seconds, held)
