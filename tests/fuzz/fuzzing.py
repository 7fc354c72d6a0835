"""Schemathesis against the whole API of a demo, with a key that may do everything."""

import json
import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.fuzz.furnishing import furnish

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
COMPANY_HEADER = "Swapboard-Company"
NEVER_DONE: Mapping[str, str] = {
    "POST /api/v1/costs/rates/bank": "It asks the European Central Bank, whom no test asks.",
    "POST /api/v1/reports/views/{view_id}/send": "A demo has no mail server.",
    "POST /api/v1/numbers/orders": "A carrier of whom nobody knows sells nothing.",
    "POST /api/v1/numbers/{number_id}/return": "A demo's numbers are at no carrier that takes them back.",
    "POST /api/v1/numbers/{number_id}/point-here": "A demo's numbers are at no carrier that could be asked.",
    "GET /api/v1/conversions/{delivery_id}": "Nobody calls while the run is on, so nothing is told.",
    "POST /api/v1/conversions/{delivery_id}/again": "Nobody calls while the run is on, so nothing is told.",
    "GET /api/v1/forms/{form_id}": "In three days nobody may have sent a form.",
    "GET /api/v1/forms/{form_id}/conversions": "In three days nobody may have sent a form.",
    "POST /api/v1/leads/{lead_id}/part": "In three days nobody may have been in touch twice.",
    **dict.fromkeys(
        [
            "GET /api/v1/calls/{call_id}/recordings/{recording_id}/sound",
            "DELETE /api/v1/calls/{call_id}/recordings/{recording_id}",
            "POST /api/v1/calls/{call_id}/recordings/{recording_id}/again",
            "POST /api/v1/calls/{call_id}/recordings/{recording_id}/transcript",
            "POST /api/v1/calls/{call_id}/recording/pause",
            "POST /api/v1/calls/{call_id}/recording/resume",
        ],
        "A demo's calls are not recorded.",
    ),
}
"""What refuses everything in a demo, or may, and why."""


@dataclass(frozen=True, slots=True)
class Open:
    """An API to be asked: the headers are an owner's, whose key cannot be revoked from the company it acts in."""

    address: str
    headers: dict[str, str]
    folder: Path

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
            yield _open(told["dashboard"], told["api_key"], told["company_id"], folder)
        finally:
            process.terminate()
            process.wait(30)


def _open(address: str, key: str, company_id: str, folder: Path) -> Open:
    """A key of another company of the account, acting in the demo's: one that is not among those it may revoke."""
    with Open(address, {"Authorization": f"Bearer {key}"}, folder).client() as client:
        home = client.post("/companies", json={"name": "Home"}).raise_for_status().json()["id"]
        made = client.post("/keys", json={"name": "fuzz", "role": "owner"}, headers={COMPANY_HEADER: home})
    # Whoever asks for the description first waits until it is written: longer than Schemathesis does.
    httpx.get(f"{address}/api/v1/openapi.json", timeout=300).raise_for_status()
    return Open(address, {"Authorization": f"Bearer {made.json()['key']}", COMPANY_HEADER: company_id}, folder)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a run."""

    answers: Mapping[str, Counter[int]]
    """Of each operation of the description, as `GET /api/v1/calls`, how often it answered what; 0 for nothing."""

    @property
    def cases(self) -> int:
        return sum(each.total() for each in self.answers.values())

    @property
    def never_asked(self) -> Sequence[str]:
        return [name for name, answers in self.answers.items() if not answers]

    @property
    def never_done(self) -> Sequence[str]:
        """Operations that refused whatever they were asked: of what they do, nothing was tried."""
        return [
            name
            for name, answers in self.answers.items()
            if answers and not any(200 <= each < 300 for each in answers)
        ]


def tried(opened: Open, report: Path) -> Tried:
    """What a run's report (`--report ndjson`) tells of every operation, whether the run came to it or not."""
    described = httpx.get(f"{opened.address}/api/v1/openapi.json", timeout=300).json()["paths"]
    operations = [f"{method.upper()} {path}" for path, told in described.items() for method in told]
    answers: dict[str, Counter[int]] = {name: Counter() for name in operations if " /api/v1" in name}
    for line in report.read_text().splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder") or {}
        for case_id, each in recorder.get("interactions", {}).items():
            case = recorder["cases"][case_id]["value"]
            name, answered = f"{case['method']} {case['path']}", each.get("response")
            # What is asked with a method that there is not is nobody's.
            if name in answers:
                answers[name][answered["status_code"] if answered else 0] += 1
    return Tried(answers)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run ended."""

    found: str
    """What Schemathesis found, in its words; empty for nothing."""
    tried: Tried

    @property
    def faults(self) -> Sequence[str]:
        """Everything that is not as it should be, also in what was tried."""
        never_done = [name for name in self.tried.never_done if name not in NEVER_DONE]
        return [
            *filter(None, [self.found]),
            *(f"{name} was not asked" for name in self.tried.never_asked),
            *(f"{name} refused everything: {dict(self.tried.answers[name])}" for name in never_done),
        ]

    def __str__(self) -> str:
        return f"{len(self.tried.answers)} operations, {self.tried.cases} requests, {len(self.faults)} faults"


def fuzz(opened: Open, folder: Path, arguments: Sequence[str]) -> Ran:
    """Run `st` over the whole API."""
    headers = [part for name, value in opened.headers.items() for part in ("-H", f"{name}: {value}")]
    known, report = folder / "known.json", folder / "report.ndjson"
    with opened.client() as client:
        at = {"address": f"{client.base_url}", "headers": opened.headers}
        known.write_text(json.dumps({**at, "ids": furnish(client, opened.folder)}))
    command = [
        *[BIN / "st", "--config-file", HERE / "schemathesis.toml", "run", f"{opened.address}/api/v1/openapi.json"],
        *[
            *headers,
            "--include-path-regex",
            "^/api/v1",
            "--no-color",
            "--warnings",
            "off",
            "--continue-on-failure",
        ],
        *["--report", "ndjson", "--report-ndjson-path", report, *arguments],
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
    return Ran((ran.stdout + ran.stderr) if ran.returncode else "", tried(opened, report))
