"""Tells whoever watches that something changed for a company, within this process.

Watchers are woken, not fed: they read the present state from the database, so that a slow one never makes a
queue and a change in another process is found at the next look.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator

LOOK_AGAIN_SECONDS = 5.0
MOST_OFTEN_SECONDS = 0.2


class LiveBus:
    """A bell for each company."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[asyncio.Event]] = defaultdict(set)

    def ring(self, company_id: str) -> None:
        """Wake everybody who watches this company."""
        for watcher in self._watchers.get(company_id, ()):
            watcher.set()

    async def changes(self, company_id: str) -> AsyncGenerator[None, None]:
        """Yields at once, then after each change (at most five times a second) and every few seconds besides."""
        bell = asyncio.Event()
        self._watchers[company_id].add(bell)
        try:
            while True:
                bell.clear()
                yield
                await asyncio.sleep(MOST_OFTEN_SECONDS)
                try:
                    await asyncio.wait_for(bell.wait(), LOOK_AGAIN_SECONDS)
                except TimeoutError:
                    continue
        finally:
            self._watchers[company_id].discard(bell)
