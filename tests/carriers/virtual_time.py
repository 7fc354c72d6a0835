"""A clock for callers who talk for hours in a test of no length."""

import asyncio

from swapboard.clock import Millis


class VirtualTime:
    """A clock that sleeping moves, at once; a sleep of a minute or more may last until it is cancelled."""

    def __init__(self, *, endless_minutes: bool = False) -> None:
        self.now = 1_795_521_600_000
        self.endless_minutes = endless_minutes

    def clock(self) -> Millis:
        return self.now

    async def sleep(self, seconds: float) -> None:
        if self.endless_minutes and seconds >= 60:
            await asyncio.Event().wait()
        self.now += round(seconds * 1000)
        await asyncio.sleep(0)
