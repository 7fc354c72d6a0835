"""Asks a side for keys."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from swapboard.calls.step import Ask, Prompt
from swapboard.lines.side import Side


async def ask(side: Side, prompts: Sequence[Prompt], act: Ask) -> str:
    """Say the words, which the first key ends, and wait for more keys; those that came, without the end key."""
    speaking = asyncio.ensure_future(side.say(prompts))
    try:
        keys = await _first_key(side, speaking, act.wait_seconds)
    finally:
        speaking.cancel()
        with suppress(asyncio.CancelledError):
            await speaking
    while keys and keys[-1] != act.end_key and len(keys) < act.most_keys:
        key = await _key(side, act.wait_seconds)
        if not key:
            break
        keys += key
    return keys.removesuffix(act.end_key) if act.end_key else keys


async def _first_key(side: Side, speaking: "asyncio.Future[None]", wait_seconds: float) -> str:
    pressing = asyncio.ensure_future(_key(side, None))
    try:
        either: set[asyncio.Future[Any]] = {pressing, speaking}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not pressing.done():
            await asyncio.wait({pressing}, timeout=wait_seconds)
        return pressing.result() if pressing.done() else ""
    finally:
        pressing.cancel()


async def _key(side: Side, seconds: float | None) -> str:
    """The next key; none when the time is over, or the side gone."""
    pressing = asyncio.ensure_future(side.keys.get())
    leaving = asyncio.ensure_future(side.gone.wait())
    try:
        either: set[asyncio.Future[Any]] = {pressing, leaving}
        await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return pressing.result() if pressing.done() else ""
    finally:
        pressing.cancel()
        leaving.cancel()
