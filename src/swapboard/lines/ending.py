"""Ends what goes on beside."""

import asyncio


async def ended(*tasks: asyncio.Task[object]) -> None:
    """End tasks, and wait until they have."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
