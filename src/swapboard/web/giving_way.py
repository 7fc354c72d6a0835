"""Work at a door that can wait gives way to work that cannot."""

import asyncio


class StepsAside:
    """One piece at a time: between two of them the event loop turns to whatever else came in."""

    def __init__(self) -> None:
        self._next = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until the piece may be worked on; those that came earlier go first."""
        async with self._next:
            await asyncio.sleep(0)
