"""Work that blocks, beside the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from contextvars import copy_context
from typing import TypeVar

from anyio import CancelScope

Answer = TypeVar("Answer")


async def on_thread(work: Callable[[], Answer], threads: Executor | None = None) -> Answer:
    """Run on a thread. A thread cannot be cancelled: whoever is waits for it, for it holds a connection."""
    return await to_its_end(asyncio.get_running_loop().run_in_executor(threads, copy_context().run, work))


async def to_its_end(running: asyncio.Future[Answer]) -> Answer:
    """What must not be broken off in the middle: whoever is cancelled waits for it."""
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        # Starlette's task groups cancel at every turn of the loop until they are obeyed: the shield lets it rest.
        with CancelScope(shield=True):
            while not running.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait({running})
        raise
