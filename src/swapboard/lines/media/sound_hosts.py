"""Audio files on other hosts: a caller waits a second for one at most, and not at all where a host was just slow.

A circuit breaker for each host and each file. What nobody waits for still comes in the background, and is kept by
whoever asked, so that the next caller hears it.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from swapboard.lines.ending import ended

log = logging.getLogger(__name__)

CALLER_WAITS_SECONDS = 1.0
REST_SECONDS = 60.0
"""For so long nobody waits for a host that was slow, and nobody asks for a file that did not come."""
MOST_RESTS = 1_000

Fetch = Callable[[], Awaitable[bytes]]


class NoSound(Exception):
    """The words cannot be heard; the message says why."""


class NoAnswer(NoSound):
    """The host is away or slow: its other files will not come either."""


class SoundHosts:
    """What is known of them, and what is on its way from them."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._rests_until: dict[str, float] = {}
        self._coming: dict[str, asyncio.Task[bytes | None]] = {}

    async def sound(self, address: str, name: str, fetch: Fetch, *, waits: bool) -> bytes | None:
        """What `fetch` brings, which runs once for a name at a time; None for who need not wait, or should not."""
        coming = self._coming.get(name)
        if coming is None:
            if self._rests(address):
                return None
            coming = self._coming[name] = asyncio.create_task(self._fetched(address, fetch))
            coming.add_done_callback(lambda _task: self._coming.pop(name, None))
        host = _host(address)
        if not waits or self._rests(host):
            return None
        done, _ = await asyncio.wait({coming}, timeout=CALLER_WAITS_SECONDS)
        if done:
            return coming.result()
        self._rest(host)
        log.warning("the audio file %s is slow to come: callers do not wait for it", address)
        return None

    async def close(self) -> None:
        """Nothing comes any more."""
        await ended(*self._coming.values())

    async def _fetched(self, address: str, fetch: Fetch) -> bytes | None:
        try:
            return await fetch()
        except NoSound as error:
            log.error("%s", error)
            self._rest(address)
            if isinstance(error, NoAnswer):
                self._rest(_host(address))
        except Exception:  # whatever it is, the caller hears something else and the call goes on
            log.exception("the audio file %s cannot be had", address)
            self._rest(address)
        return None

    def _rests(self, what: str) -> bool:
        return self._now() < self._rests_until.get(what, 0)

    def _rest(self, what: str) -> None:
        if len(self._rests_until) >= MOST_RESTS:
            now = self._now()
            self._rests_until = {each: until for each, until in self._rests_until.items() if now < until}
        self._rests_until[what] = self._now() + REST_SECONDS


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return address
