"""Hours pass in no time, but not while somebody works."""

import asyncio
import hashlib
import time

from tests.lines.virtual_loop import IDLE_SECONDS, VirtualLoop


def test_hours_pass_in_no_time() -> None:
    async def use() -> float:
        await asyncio.sleep(36_000)
        return asyncio.get_running_loop().time()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(use()) >= 36_000


def test_a_timer_waits_for_a_thread_that_works_longer_than_a_moment() -> None:
    def work() -> None:
        until = time.thread_time() + 10 * IDLE_SECONDS
        while time.thread_time() < until:
            hashlib.sha256(bytes(1 << 20))

    async def use() -> None:
        await asyncio.wait_for(asyncio.to_thread(work), 60)

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(use())
