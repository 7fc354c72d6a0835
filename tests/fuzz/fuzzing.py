"""Schemathesis against the whole API of a demo: with a key that may do everything, or one that may less."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from swapboard.accounts.company import Role
from tests.fuzz.furnishing import furnish
from tests.fuzz.judging import Ran, tried
from tests.patience import HANGS_AFTER_SECONDS

LOG = "server.log"
HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
COMPANY_HEADER = "Swapboard-Company"


@dataclass(frozen=True, slots=True)
class Open:
    """An API to be asked: the headers are an owner's, whose key cannot be revoked from the company it acts in."""

    address: str
    headers: dict[str, str]
    folder: Path
    strange: dict[str, str]
    """The headers of an admin of the account's other company, who has no business in this one."""
    lesser: dict[str, str] | None = None
    """The headers of whoever asks, where that is not the owner."""
    database_url: str = ""
    role: Role = Role.OWNER
    """Of whoever asks."""

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to find the demo's data."""
        return {"SWAPBOARD_DATA_DIR": str(self.folder), "SWAPBOARD_DATABASE_URL": self.database_url}

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
def demo(
    folder: Path, port: int, days: int = 3, database_url: str = "", role: Role = Role.OWNER
) -> Iterator[Open]:
    """A demo with calls, visits and forms of some days; gone at the end."""
    where = ["--port", str(port), "--data-dir", str(folder), "--database-url", database_url]
    command = [str(BIN / "swapboard"), "demo", *where, "--days", str(days), "--json"]
    environment = {**os.environ, "SWAPBOARD_API_REQUESTS_PER_MINUTE": "1000000"}
    log = folder.with_name(LOG)
    with (
        log.open("w") as file,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=file, text=True) as process,
    ):
        try:
            assert process.stdout
            told = json.loads(process.stdout.readline())
            opened = _open(told["dashboard"], told["api_key"], told["company_id"], folder, role)
            yield replace(opened, database_url=database_url)
        finally:
            process.terminate()
            process.wait(HANGS_AFTER_SECONDS)


def _open(address: str, key: str, company_id: str, folder: Path, role: Role) -> Open:
    """A key of another company of the account, acting in the demo's: one that is not among those it may revoke.

    Lesser keys act in their own company only.
    """
    with httpx.Client(base_url=f"{address}/api/v1", headers=_bearer(key), timeout=30) as client:
        home = client.post("/companies", json={"name": "Home"}).raise_for_status().json()["id"]

        def made(role: Role, where: Mapping[str, str]) -> dict[str, str]:
            new = {"name": "fuzz", "role": role}
            answer = client.post("/keys", json=new, headers=where).raise_for_status()
            return {**_bearer(answer.json()["key"]), **where}

        # Whoever asks for the description first waits until it is written: longer than Schemathesis does.
        client.get("/openapi.json", timeout=300).raise_for_status()
        ours, strange = {COMPANY_HEADER: company_id}, {COMPANY_HEADER: home}
        owner, stranger = made(Role.OWNER, strange) | ours, made(Role.ADMIN, strange)
        lesser = None if role is Role.OWNER else made(role, ours)
        return Open(address, owner, folder, stranger, lesser, role=role)


def _tracebacks(opened: Open) -> str:
    """What the server's log says of its own faults, each once."""
    entries = opened.folder.with_name(LOG).read_text(errors="replace").split("\nTraceback ")[1:]
    ends = {entry.splitlines()[-1]: entry for entry in entries}
    return "\n".join(f"Traceback {entry}" for entry in ends.values())


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def described(opened: Open) -> list[str]:
    """Every operation of the description, as `GET /api/v1/calls`."""
    paths = httpx.get(f"{opened.address}/api/v1/openapi.json", timeout=300).json()["paths"]
    operations = [f"{method.upper()} {path}" for path, told in paths.items() for method in told]
    return [name for name in operations if " /api/v1" in name]


def fuzz(opened: Open, folder: Path, arguments: Sequence[str], operations: Sequence[str] = ()) -> Ran:
    """Run `st` over the whole API of a demo, or over these operations of it."""
    with opened.client() as client:
        ids = furnish(client, opened.environment)
    return run(opened, folder, ids, arguments, operations)


def run(
    opened: Open,
    folder: Path,
    ids: Sequence[Mapping[str, str]],
    arguments: Sequence[str],
    operations: Sequence[str] = (),
) -> Ran:
    """Run `st` over an API in which there is what has these ids."""
    asking = opened.lesser or opened.headers
    headers = [part for name, value in asking.items() for part in ("-H", f"{name}: {value}")]
    known, report = folder / "known.json", folder / "report.ndjson"
    whose = {"headers": opened.headers, "strange": opened.strange, "role": opened.role}
    known.write_text(json.dumps({"address": f"{opened.address}/api/v1", **whose, "ids": ids}))
    chosen = [part for name in operations for part in ("--include-name", name)]
    command = [
        *[str(BIN / "st"), "--config-file", str(HERE / "schemathesis.toml"), "run"],
        f"{opened.address}/api/v1/openapi.json",
        *headers,
        *(chosen or ["--include-path-regex", "^/api/v1"]),
        *["--no-color", "--warnings", "off", "--continue-on-failure"],
        *["--report", "ndjson", "--report-ndjson-path", str(report), *arguments],
    ]
    environment = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks",
        "SWAPBOARD_FUZZ_KNOWN": str(known),
        "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    ran = subprocess.run(
        command, env=environment, cwd=folder, text=True, capture_output=True, check=False, encoding="utf-8"
    )
    found = ran.stdout + ran.stderr + _tracebacks(opened) if ran.returncode else ""
    return Ran(found, tried(operations or described(opened), report))
