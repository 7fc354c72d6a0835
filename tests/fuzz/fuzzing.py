"""Schemathesis against the whole API of a demo, with a key that may do everything."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
COMPANY_HEADER = "Swapboard-Company"


@dataclass(frozen=True, slots=True)
class Open:
    """An API to be asked: the headers are an owner's, whose key cannot be revoked from the company it acts in."""

    address: str
    headers: dict[str, str]

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=f"{self.address}/api/v1", headers=self.headers, timeout=30)


def free_port() -> int:
    """A port that nobody listens on, with a free one after it: the demo takes two."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            with suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", port + 1))
                return port


@contextmanager
def demo(folder: Path, port: int, days: int = 3) -> Iterator[Open]:
    """A demo with calls, visits and forms of some days; gone at the end."""
    command = [BIN / "swapboard", "demo", "--port", str(port), "--data-dir", folder, "--days", str(days), "--json"]
    environment = {**os.environ, "SWAPBOARD_API_REQUESTS_PER_MINUTE": "1000000"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout
            told = json.loads(process.stdout.readline())
            yield _open(told["dashboard"], told["api_key"], told["company_id"])
        finally:
            process.terminate()
            process.wait(30)


def _open(address: str, key: str, company_id: str) -> Open:
    """A key of another company of the account, acting in the demo's: one that is not among those it may revoke."""
    with Open(address, {"Authorization": f"Bearer {key}"}).client() as client:
        home = client.post("/companies", json={"name": "Home"}).raise_for_status().json()["id"]
        made = client.post("/keys", json={"name": "fuzz", "role": "owner"}, headers={COMPANY_HEADER: home})
    # Whoever asks for the description first waits until it is written: longer than Schemathesis does.
    httpx.get(f"{address}/api/v1/openapi.json", timeout=300).raise_for_status()
    return Open(address, {"Authorization": f"Bearer {made.json()['key']}", COMPANY_HEADER: company_id})


def fuzz(opened: Open, folder: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run `st`; its return code is 0 when it found nothing."""
    headers = [part for name, value in opened.headers.items() for part in ("-H", f"{name}: {value}")]
    command = [
        *[BIN / "st", "--config-file", HERE / "schemathesis.toml", "run", f"{opened.address}/api/v1/openapi.json"],
        *[*headers, "--include-path-regex", "^/api/v1", "--no-color", "--warnings", "off", *arguments],
    ]
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
        "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    return subprocess.run(
        command, env=environment, cwd=folder, text=True, capture_output=True, check=False, encoding="utf-8"
    )
