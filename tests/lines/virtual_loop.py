"""An event loop whose hours pass in no time: when nothing happens for a moment, the next timer is due."""

import asyncio
import selectors
import threading
import time
from contextlib import suppress
from pathlib import Path

IDLE_SECONDS = 0.01
"""Threads, such as the database's, have so long to begin before time goes on."""

_REST_SECONDS = 0.0001
_THREADS = Path("/proc/self/task")

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
        worked = _others_worked()
        found = super().select(min(timeout, IDLE_SECONDS))
        if not found and _others_worked() - worked < _REST_SECONDS and not _another_wants_to_run():
            self.now += timeout
        return found


def _others_worked() -> float:
    """How long this process's other threads have worked. On a busy machine they take longer, and time waits."""
    return time.process_time() - time.thread_time()


def _another_wants_to_run() -> bool:
    """Whether one waits for a core or for the disk."""
    own = str(threading.get_native_id())
    return any(_state(each) in {"R", "D"} for each in _THREADS.iterdir() if each.name != own)


def _state(thread: Path) -> str:
    with suppress(OSError):
        return (thread / "stat").read_text().rpartition(")")[2].split()[0]
    return "ended"


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time stands still while there is something to do."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.now
