"""Ports for the sound of calls, from a range that a firewall can let through."""

import asyncio
import errno
from collections.abc import Callable

from swapboard.lines.media.port import AudioPort


class NoPortFree(OSError):
    """Every port of the range is in use."""


class Ports:
    """Hands ports out in turn, so that a late packet of the last call does not reach the next."""

    def __init__(self, host: str, first: int, last: int) -> None:
        self._host = host
        self._numbers = range(first + first % 2, last + 1, 2)
        self._next = 0

    async def open(self, on_key: Callable[[str], None]) -> AudioPort:
        """An open port. Raises NoPortFree."""
        loop = asyncio.get_running_loop()
        for _ in self._numbers:
            number = self._numbers[self._next % len(self._numbers)]
            self._next += 1
            try:
                _, port = await loop.create_datagram_endpoint(
                    lambda: AudioPort(on_key), local_addr=(self._host, number)
                )
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            return port
        raise NoPortFree(errno.EADDRINUSE, "no port is free for the sound of another call: widen the range")
