"""SIPp, the independent peer: a caller or a phone by a scenario of its own, each in a process that ends."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.patience import HANGS_AFTER_SECONDS

SCENARIOS = Path(__file__).parent / "scenarios"
LOOPBACK = "127.0.0.1"
CALLER = "+12125550111"

NEEDS_SIPP = pytest.mark.skipif(shutil.which("sipp") is None, reason="SIPp (Debian's sip-tester) is not installed")


@dataclass(frozen=True, slots=True)
class Sipp:
    """A SIPp that runs."""

    process: asyncio.subprocess.Process
    port: int
    ports_file: Path
    """Where it writes, of each call, its number and the port that we speak from."""

    async def partner(self, call: int = 1) -> tuple[str, int]:
        """Where the sound of one of its calls goes, once it knows."""
        async with asyncio.timeout(HANGS_AFTER_SECONDS):
            while True:
                for line in self.ports_file.read_text().splitlines():
                    if line.split()[0] == str(call):
                        return LOOPBACK, int(line.split()[1])
                await asyncio.sleep(0.01)

    async def finished(self) -> int:
        """Its exit code: 0 when every call went by the scenario."""
        await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode


def free_port() -> int:
    """A UDP port that nobody has at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def sipp(
    scenario: str,
    folder: Path,
    *,
    to: int | None = None,
    port: int | None = None,
    calls: int = 1,
    talk_ms: int = 1_500,
    rate: int = 10,
    timeout: int = 50_000,
    **keys: object,
) -> AsyncIterator[Sipp]:
    """Run a scenario; `to` is the port it calls, `keys` stand in the scenario in brackets."""
    port = port or free_port()
    ports_file = folder / f"ports-{port}"
    ports_file.touch()
    # What is expected cannot be a key of SIPp's: its attributes are read as they stand.
    played = folder / f"{scenario}-{port}.xml"
    text = (SCENARIOS / f"{scenario}.xml").read_text()
    played.write_text(text.replace("STATUS", str(keys.get("status", 200))).replace("OWN", str(keys.get("own"))))
    known = {"ports_file": ports_file, "law": 0, "audio_port": 9, "caller": CALLER, "dialled": "none"} | keys
    more = [text for name, value in known.items() for text in ("-key", name, str(value))]
    process = await asyncio.create_subprocess_exec(
        "sipp",
        *((f"{LOOPBACK}:{to}",) if to else ()),
        *("-sf", str(played), "-i", LOOPBACK, "-p", str(port), "-m", str(calls)),
        *("-r", str(rate), "-d", str(talk_ms), "-nostdin", "-timeout", f"{timeout}ms", "-timeout_error", *more),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        if to is None:
            await _listens(port)
        yield Sipp(process, port, ports_file)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _listens(port: int) -> None:
    """Wait until SIPp has its port, which is then in the kernel's table."""
    wanted = f":{port:04X}"
    async with asyncio.timeout(HANGS_AFTER_SECONDS):
        while not any(line.split()[1].endswith(wanted) for line in _udp_table()):
            await asyncio.sleep(0.01)


def _udp_table() -> list[str]:
    return Path("/proc/net/udp").read_text().splitlines()[1:]
