"""A small load generator: few microseconds a request, so that it does not measure itself. Loopback only.

Each connection sends its next request when the last is answered, as fast as they are answered or, with a rate,
not before its turn. A request that is late for its turn is timed from its turn on, so that a stall counts for
every request that it kept waiting.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run showed."""

    per_second: float
    p50_ms: float
    p99_ms: float
    unexpected: int
    """Answers that were not what was asked for."""
    own_p99_ms: float = 0.0
    """How late this load generator was to send, with a rate: what the other figures owe to itself."""


@dataclass(slots=True)
class _Run:
    next_request: Callable[[int], bytes]
    expected: bytes
    started: float
    until: float
    per_second: float | None
    sent: int = 0
    unexpected: int = 0
    seconds: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)


class _Connection(asyncio.Protocol):
    def __init__(self, run: _Run, done: asyncio.Future[None]) -> None:
        self._run = run
        self._done = done
        self._received = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._received = received = self._received + data if self._received else data
        head_length = received.find(b"\r\n\r\n")
        if head_length < 0 or len(received) < head_length + 4 + _content_length(received, head_length):
            return
        self._run.seconds.append(time.perf_counter() - self._sent_at)
        self._run.unexpected += self._run.expected not in received
        self._received = b""
        self._send()

    def _send(self) -> None:
        """Send the next request, in its turn; close when the time is over."""
        run, now = self._run, time.perf_counter()
        run.sent += 1
        turn = run.started + run.sent / run.per_second if run.per_second else now
        if max(turn, now) >= run.until:
            self._transport.close()
        elif turn > now:
            asyncio.get_running_loop().call_later(turn - now, self._write_in_turn, run.sent, turn)
        else:
            self._write(run.sent, turn)

    def _write_in_turn(self, count: int, turn: float) -> None:
        self._run.late.append(time.perf_counter() - turn)
        self._write(count, turn)

    def _write(self, count: int, turn: float) -> None:
        self._sent_at = turn
        self._transport.write(self._run.next_request(count))  # type: ignore[attr-defined]


def _content_length(received: bytes, head_length: int) -> int:
    """As uvicorn writes it."""
    start = received.find(b"content-length: ", 0, head_length)
    return int(received[start + 16 : received.index(b"\r\n", start)]) if start >= 0 else 0


async def press(
    port: int,
    next_request: Callable[[int], bytes],
    expected: bytes,
    connections: int,
    seconds: float,
    per_second: float | None = None,
) -> Figures:
    """Send for so long on so many connections; `next_request(n)` makes the n-th request."""
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    run = _Run(next_request, expected, started, started + seconds, per_second)
    ends = [loop.create_future() for _ in range(connections)]
    for end in ends:
        await loop.create_connection(partial(_Connection, run, end), "127.0.0.1", port)
    await asyncio.wait_for(asyncio.gather(*ends), seconds + 30)
    took = sorted(run.seconds)
    # At a rate, what was sent in its turn was kept up with, however long its answer took after the last turn.
    lasted = seconds if per_second else time.perf_counter() - started
    return Figures(
        per_second=len(took) / lasted,
        p50_ms=_quantile(took, 0.5),
        p99_ms=_quantile(took, 0.99),
        unexpected=run.unexpected,
        own_p99_ms=_quantile(sorted(run.late), 0.99) if run.late else 0.0,
    )


def _quantile(took: list[float], share: float) -> float:
    return round(took[min(len(took) - 1, int(len(took) * share))] * 1000, 2)


def request(path: str, port: int, body: bytes, media_type: str, signature: str | None) -> bytes:
    """As a browser or a carrier posts it; signed, if there is a signature."""
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"User-Agent: {BROWSER}",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(body)}",
        *([f"X-Twilio-Signature: {signature}"] if signature else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
