"""A phone that hums one tone and listens for others: real RTP, with every packet counted."""

import asyncio
import math
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import cast

from tests.patience import HANGS_AFTER_SECONDS

LOOPBACK = "127.0.0.1"
RATE = 8_000
FRAME = 160


def mu_law_of(sample: int) -> int:
    """ITU-T G.711, table 2a."""
    sign, sample = (0x80, -sample) if sample < 0 else (0, sample)
    sample = min(sample, 32_635) + 132
    exponent = max(0, sample.bit_length() - 8)
    return ~(sign | exponent << 4 | (sample >> (exponent + 3)) & 0x0F) & 0xFF


def sample_of(byte: int) -> int:
    """The same backwards."""
    byte = ~byte & 0xFF
    sample = (((byte & 0x0F) << 3) + 132 << (byte >> 4 & 7)) - 132
    return -sample if byte & 0x80 else sample


SAMPLES = [sample_of(byte) for byte in range(256)]


def hum(hertz: float, seconds: float) -> bytes:
    """A tone in µ-law."""
    count = round(seconds * RATE)
    return bytes(mu_law_of(round(10_000 * math.sin(2 * math.pi * hertz * index / RATE))) for index in range(count))


def share_of(sound: list[int], hertz: float) -> float:
    """What part of a sound's power is at this frequency: 1 for that tone alone (Goertzel's algorithm)."""
    if not sound:
        return 0.0
    coefficient = 2 * math.cos(2 * math.pi * hertz / RATE)
    last = before = 0.0
    for sample in sound:
        last, before = sample + coefficient * last - before, last
    power = last * last + before * before - coefficient * last * before
    total = sum(sample * sample for sample in sound)
    return 2 * power / (len(sound) * total) if total else 0.0


class TonePhone(asyncio.DatagramProtocol):
    """Sends a packet of its tone every 20 ms to whoever sent the first one, or where it was told to."""

    def __init__(self, hertz: float) -> None:
        self.heard: dict[int, bytes] = {}
        """By sequence number."""
        self.timestamps: dict[int, int] = {}
        self.keys: list[tuple[int, int]] = []
        self.sent = 0
        self.transport: asyncio.DatagramTransport | None = None
        self.to: tuple[str, int] | None = None
        self._hum = hum(hertz, 1)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    @property
    def port(self) -> int:
        assert self.transport is not None
        port: int = self.transport.get_extra_info("sockname")[1]
        return port

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.to = addr
        _, kind, sequence, timestamp, _ = struct.unpack_from("!BBHII", data)
        if kind & 0x7F == 101:
            self.keys.append((data[12], timestamp))
            return
        self.heard[sequence] = data[12:]
        self.timestamps[sequence] = timestamp

    def error_received(self, exc: Exception) -> None:
        pass

    async def talk(self) -> None:
        """Hum until cancelled."""
        loop = asyncio.get_running_loop()
        began_at, index = loop.time(), 0
        while True:
            await asyncio.sleep(max(0.0, began_at + index * 0.02 - loop.time()))
            start = index % 50 * FRAME
            self.send(0, self._hum[start : start + FRAME], index, index * FRAME)
            self.sent += 1
            index += 1

    def send(self, kind: int, payload: bytes, sequence: int, timestamp: int) -> None:
        if self.to is not None and self.transport is not None:
            self.transport.sendto(
                struct.pack("!BBHII", 0x80, kind, sequence & 0xFFFF, timestamp, 7) + payload, self.to
            )

    async def press(self, key: str) -> None:
        """Press a key as phones do: three packets while it is down, three that it is up (RFC 4733)."""
        at = self.sent * FRAME
        for index in range(6):
            event = struct.pack("!BBH", "0123456789*#".index(key), 0x80 * (index > 2) | 10, FRAME * (index + 1))
            self.send(101, event, 30_000 + index, at)
            await asyncio.sleep(0.01)

    async def hears(self, packets: int = 1) -> None:
        """Wait until so many packets more were heard."""
        wanted = len(self.heard) + packets
        async with asyncio.timeout(HANGS_AFTER_SECONDS):
            while len(self.heard) < wanted:
                await asyncio.sleep(0.01)

    @property
    def samples(self) -> list[int]:
        """All that was heard, in the order of its numbers."""
        return [SAMPLES[byte] for number in sorted(self.heard) for byte in self.heard[number]]

    @property
    def lost(self) -> int:
        """How many packets are missing between the first and the last heard."""
        numbers = sorted(self.heard)
        return numbers[-1] - numbers[0] + 1 - len(numbers) if numbers else 0


@asynccontextmanager
async def tone_phone(hertz: float) -> AsyncIterator[TonePhone]:
    """A phone on the loopback."""
    loop = asyncio.get_running_loop()
    transport, phone = await loop.create_datagram_endpoint(lambda: TonePhone(hertz), local_addr=(LOOPBACK, 0))
    talking = asyncio.create_task(phone.talk())
    try:
        yield phone
    finally:
        talking.cancel()
        with suppress(asyncio.CancelledError):
            await talking
        transport.close()
