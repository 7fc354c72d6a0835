"""An event loop whose hours pass in no time: when nothing happens for a moment, the next timer is due."""

import asyncio
import selectors

IDLE_SECONDS = 0.01
"""Threads, such as the database's, have so long to answer before time goes on."""

ENDLESS_SECONDS = 100_000
STUCK_SECONDS = 30


class _Skipping(selectors.DefaultSelector):
    """Waits a moment in place of long."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout > ENDLESS_SECONDS:
            # Nothing is due: somebody else, a thread, has to do something.
            found = super().select(STUCK_SECONDS)
            if not found:
                raise TimeoutError(f"nothing has happened for {STUCK_SECONDS} s")
            return found
        found = super().select(min(timeout, IDLE_SECONDS))
        if not found:
            self.now += timeout
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time stands still while there is something to do."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.now
