"""Calls at once on own lines, each recorded: what is lost, how late it is, and what it costs (docs/lines.md).

.venv/bin/python benchmarks/lines.py --calls 20 --seconds 30
SIPp signals both ends; this process hums another tone into each call from both sides, and counts what comes out.
"""

import argparse
import asyncio
import math
import os
import statistics
import struct
import sys
import tempfile
import time
from array import array
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from swapboard.accounts.secrets import Vault
from swapboard.calls.flow_store import add_flow
from swapboard.calls.nodes import Dial, Flow, Record, Target
from swapboard.carriers.lines.recordings import Recordings
from swapboard.recordings.wave import read_wave
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.migrate import migrate
from tests.building import BILLBOARD, NOW, TARGETS, open_business, rows_of
from tests.lines.sipp import LOOPBACK, free_port, sipp
from tests.lines.tone_phone import FRAME, SAMPLES, hum, share_of

TICKS = os.sysconf("SC_CLK_TCK")
SPACING_HERTZ, LOWEST_CALLER, LOWEST_AGENT = 30, 400, 1_600


class Stream:
    """One side's sound in one call: what was sent to it, what came back, and when."""

    def __init__(self, hertz: float) -> None:
        self.hertz = hertz
        # A second of a whole number of waves, so that it goes on without a step.
        self.sound = hum(hertz, 1)
        self.sent_at: list[float] = []
        self.heard: dict[int, tuple[float, bytes]] = {}
        self.wraps = 0
        self.last = -1

    def hear(self, data: bytes, now: float) -> None:
        sequence = struct.unpack_from("!H", data, 2)[0]
        if self.last >= 0 and sequence < self.last - 0x8000:
            self.wraps += 1
        self.last = sequence
        self.heard[sequence + (self.wraps << 16)] = now, data[12:]

    def came_from(self, other: "Stream") -> list[float]:
        """When each packet of the other side's came; its sound tells it from a ringing tone."""
        its_own = {other.sound[start : start + FRAME] for start in range(0, len(other.sound), FRAME)}
        return [self.heard[number][0] for number in sorted(self.heard) if self.heard[number][1] in its_own]

    @property
    def samples(self) -> list[int]:
        return [SAMPLES[byte] for number in sorted(self.heard) for byte in self.heard[number][1]]


class Side(asyncio.DatagramProtocol):
    """All phones of one side, on one socket: our ports tell the calls apart."""

    def __init__(self, lowest_hertz: int) -> None:
        self.lowest = lowest_hertz
        self.streams: dict[tuple[str, int], Stream] = {}
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if addr in self.streams:
            self.streams[addr].hear(data, time.perf_counter())

    def add(self, partner: tuple[str, int]) -> None:
        self.streams[partner] = Stream(self.lowest + SPACING_HERTZ * len(self.streams))

    async def talk(self, packets: int) -> None:
        """Every 20 ms a packet to each call, spread over the 20 ms as independent phones are."""
        loop, began_at = asyncio.get_running_loop(), time.perf_counter()
        apart = 0.02 / max(1, len(self.streams))
        for index in range(packets):
            for place, (partner, stream) in enumerate(self.streams.items()):
                wait = began_at + index * 0.02 + place * apart - time.perf_counter()
                if wait > 0.001:
                    await asyncio.sleep(wait)
                start = index % 50 * FRAME
                header = struct.pack("!BBHII", 0x80, 0, index & 0xFFFF, index * FRAME, place)
                stream.sent_at.append(time.perf_counter())
                self.transport.sendto(header + stream.sound[start : start + FRAME], partner)
        del loop


def set_up(folder: Path, trunk_port: int) -> None:
    """A business whose calls are all recorded and ring one number."""
    url = f"sqlite:///{folder / 'swapboard.db'}"
    migrate(url)
    engine = open_engine(url)
    with writing(engine) as connection:
        sealed = Vault.open(folder / "secret.key").seal(
            {"server": f"{LOOPBACK}:{trunk_port}", "numbers": BILLBOARD}
        )
        business = open_business(connection, carrier_kind="lines", credentials=sealed)
        ring = Dial(targets=(Target("+12025550101"),))
        flow = Flow("record", {"record": Record(then="ring"), "ring": ring})
        add_flow(connection, business.company_id, "f1", "Shop", flow, TARGETS[:1], NOW)
    engine.dispose()


def cpu_seconds(process: int) -> float:
    """What a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def measure(calls: int, seconds: int, folder: Path) -> dict[str, object]:
    """Run it all."""
    trunk_port, sip_port, http_port = free_port(), free_port(), free_port()
    set_up(folder, trunk_port)
    environment = os.environ | {
        "SWAPBOARD_DATA_DIR": str(folder),
        "SWAPBOARD_LINES_LISTEN": f"{LOOPBACK}:{sip_port}",
        "SWAPBOARD_LINES_PORTS": "22000-22399",
        "SWAPBOARD_LINES_CALLS": str(calls + 1),
    }
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        log = stack.enter_context((folder / "server.log").open("w"))
        server = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "swapboard", "serve", "--port", str(http_port)), env=environment, stderr=log
        )
        stack.push_async_callback(server.wait)
        stack.callback(server.terminate)
        async with asyncio.timeout(40):
            while "own lines listen" not in (folder / "server.log").read_text():
                await asyncio.sleep(0.05)
        sides = []
        for lowest in (LOWEST_CALLER, LOWEST_AGENT):
            transport, side = await loop.create_datagram_endpoint(
                lambda lowest=lowest: Side(lowest), local_addr=(LOOPBACK, 0)
            )
            stack.callback(transport.close)
            sides.append(side)
        caller, agent = sides
        ports = [side.transport.get_extra_info("sockname")[1] for side in sides]
        talk_ms = (seconds + 12) * 1_000
        trunk = await stack.enter_async_context(
            sipp("trunk", folder, port=trunk_port, calls=calls, audio_port=ports[1], timeout=talk_ms + 30_000)
        )
        more: dict[str, Any] = {"audio_port": ports[0], "dialled": BILLBOARD, "talk_ms": talk_ms}
        dialling = await stack.enter_async_context(
            sipp("caller", folder, to=sip_port, calls=calls, rate=10, timeout=talk_ms + 30_000, **more)
        )
        for call in range(1, calls + 1):
            agent.add(await trunk.partner(call))
            caller.add(await dialling.partner(call))
        await asyncio.sleep(1)
        used, began_at = cpu_seconds(server.pid), time.perf_counter()
        await asyncio.gather(caller.talk(seconds * 50), agent.talk(seconds * 50))
        cpu = (cpu_seconds(server.pid) - used) / (time.perf_counter() - began_at)
        ended = [await dialling.finished(), await trunk.finished()]
        await asyncio.sleep(1)
    return figures(calls, caller, agent, cpu, ended, folder)


def figures(
    calls: int, caller: Side, agent: Side, cpu: float, ended: list[int], folder: Path
) -> dict[str, object]:
    """What was lost, how late the rest came, and whether the tones were heard: at the ends, and recorded."""
    sent = heard = pure = 0
    delays: list[float] = []
    for side, other in ((caller, agent), (agent, caller)):
        of_hertz = {stream.hertz: stream for stream in other.streams.values()}
        for stream in side.streams.values():
            samples = stream.samples[:4_000]
            hertz, share = max(((each, share_of(samples, each)) for each in of_hertz), key=lambda found: found[1])
            pure += share > 0.99
            from_there = of_hertz[hertz]
            sent += len(from_there.sent_at)
            at = stream.came_from(from_there)
            heard += len(at)
            if len(at) == len(from_there.sent_at):
                delays += [1_000 * (came - went) for came, went in zip(at, from_there.sent_at, strict=True)]
    engine = open_engine(f"sqlite:///{folder / 'swapboard.db'}")
    rows = rows_of(engine, "calls", status="answered")
    engine.dispose()
    shelf = Recordings(folder / "lines" / "recordings", Vault.open(folder / "secret.key"))
    recorded = sum(
        is_whole(shelf.wav(row["recording_ref"]), caller, agent) for row in rows if row["recording_ref"]
    )
    delays.sort()
    return {
        "calls": calls,
        "sipp": ended,
        "answered": len(rows),
        "packets_sent": sent,
        "packets_lost": sent - heard,
        "tones_right": pure,
        "recordings_right": recorded,
        "delay_ms_median": round(statistics.median(delays), 2) if delays else None,
        "delay_ms_p99": round(delays[math.floor(len(delays) * 0.99)], 2) if delays else None,
        "delay_ms_worst": round(delays[-1], 2) if delays else None,
        "server_cores": round(cpu, 3),
    }


def is_whole(wav: bytes, caller: Side, agent: Side) -> bool:
    """True when each channel holds one of its side's tones, half a second of it in the middle."""
    found = []
    for channel, side in zip(read_wave(wav).channels, (caller, agent), strict=True):
        middle = _loud(channel)
        found.append(max(share_of(middle, stream.hertz) for stream in side.streams.values()) > 0.99)
    return all(found)


def _loud(channel: "array[int]") -> list[int]:
    spoken = next((index for index, sample in enumerate(channel) if abs(sample) > 3_000), 0)
    return list(channel[spoken + 4_000 : spoken + 8_000])


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=30)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, value in asyncio.run(measure(asked.calls, asked.seconds, Path(folder))).items():
            print(f"{name:18} {value}")  # noqa: T201


if __name__ == "__main__":
    main()
