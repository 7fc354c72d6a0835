"""Work at a door that can wait gives way to work that cannot."""

import asyncio

MOST_WAITING = 100
"""Where the loop has more to do than it can, turns take long: news must neither wait for ever nor fill memory."""


class StepsAside:
    """One piece at a time: between two of them the event loop turns to whatever else came in."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._next = asyncio.Lock()
        self._most_waiting = most_waiting
        self._waiting = 0

    async def turn(self) -> None:
        """Wait until the piece may be worked on; those that came earlier go first, unless too many wait."""
        if self._waiting >= self._most_waiting:
            return
        self._waiting += 1
        try:
            async with self._next:
                await asyncio.sleep(0)
        finally:
            self._waiting -= 1
