"""`swapboard call` against a stand-in for the demo's sandbox door."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from swapboard.cli.app import app
from swapboard.cli.call import call
from swapboard.cli.problems import Problem
from tests.local_server import answering

DOCUMENT = {
    "id": "call_1",
    "company_id": "co_1",
    "started_at": "2026-11-24T12:00:00.000Z",
    "tracking_number": "+12025550143",
    "destination": "+12025550101",
    "caller": {"number": "+12125550111", "withheld": False, "name": None, "place": "New York, NY"},
    "status": "answered",
    "flow_path": ["menu", "ring"],
    "greeting_seconds": 8,
    "voicemail_seconds": None,
    "ring_seconds": 2,
    "talk_seconds": 90,
    "first_time_caller": True,
    "recording": None,
    "tags": [],
    "value": None,
    "qualified": None,
    "attribution": {
        "kind": "session",
        "confidence": 0.97,
        "session_id": "s1",
        "visitor_id": "v1",
        "channel": "Paid Search",
        "source": "google",
        "medium": "cpc",
        "campaign": "spring",
        "keyword": "[red]leaky tap[/red]\x1b[2J",
        "landing_page": "https://brightwater.example.com/emergency",
        "referrer": None,
        "click_ids": {"gclid": "x"},
        "candidates": [],
    },
}
FINISHED = {"state": "finished", "call": DOCUMENT, "problem": None}


@dataclass
class Door:
    """What the stand-in answers, and what it was asked."""

    url: str = ""
    dialled: list[dict[str, Any]] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)
    refusal: tuple[int, bytes] | None = None
    states: list[dict[str, Any]] = field(default_factory=lambda: [FINISHED])


class _Handler(BaseHTTPRequestHandler):
    door: Door

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.door.dialled.append(message)
        if self.path != "/sandbox/calls" or self.headers["Content-Type"] != "application/json":
            self._send(404, b"{}")
        elif self.door.refusal:
            self._send(*self.door.refusal)
        else:
            self._send(201, b'{"call_ref": "CA1"}')

    def do_GET(self) -> None:
        self.door.looks.append(self.path)
        states = self.door.states
        self._send(200, json.dumps(states.pop(0) if len(states) > 1 else states[0]).encode())

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def door() -> Iterator[Door]:
    known = Door()
    with answering(type("Handler", (_Handler,), {"door": known})) as server:
        known.url = f"http://127.0.0.1:{server.server_port}"
        yield known


@pytest.fixture
def run(door: Door) -> Callable[..., Result]:
    alone = typer.Typer()
    alone.command()(call)

    def run_with(*arguments: str, caller: str = "+12125550111", url: str | None = None) -> Result:
        line = ["+12025550143", "--from", caller, "--url", url or door.url, *arguments]
        return CliRunner().invoke(alone, line, env={"COLUMNS": "200", "NO_COLOR": "1"})

    return run_with


def test_a_call_is_dialled_and_waited_for(door: Door, run: Callable[..., Result]) -> None:
    door.states = [{"state": "ringing", "call": None, "problem": None}, FINISHED]
    done = run("--talk", "90")
    assert done.exit_code == 0
    assert door.dialled == [
        {
            "to": "+12025550143",
            "from": "+12125550111",
            "talk_seconds": 90,
            "outcome": ["answered"],
            "press": "",
            "agent_press": "1",
            "message_seconds": 10,
            "hold_seconds": 1,
            "duplicates": 0,
            "shuffle": False,
        }
    ]
    assert door.looks == ["/sandbox/calls/CA1?wait=20"] * 2
    for words in (
        "answered",
        "+12125550111, New York, NY",
        "90 s",
        "a visit, 97% sure",
        "Paid Search / google / cpc",
    ):
        assert words in done.stdout


def test_what_a_visitor_typed_does_nothing_to_the_terminal(run: Callable[..., Result]) -> None:
    done = run()
    assert "[red]leaky tap[/red][2J" in done.stdout
    assert "\x1b" not in done.stdout


def test_json_is_the_calls_document_in_one_line(run: Callable[..., Result]) -> None:
    done = run("--json")
    assert done.exit_code == 0
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout) == DOCUMENT


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--outcome", "busy"], {"outcome": ["busy"]}),
        (["--outcome", "no-answer", "--outcome", "answered"], {"outcome": ["no-answer", "answered"]}),
        (["--press", "2", "--message", "20"], {"press": "2", "message_seconds": 20}),
        (["--press", ".1*#", "--agent-press", ""], {"press": ".1*#", "agent_press": ""}),
        (["--talk", "0"], {"talk_seconds": 0, "hold_seconds": 0}),
        (["--talk", "30", "--real-time"], {"talk_seconds": 30, "hold_seconds": None}),
        (["--duplicates", "3", "--shuffle"], {"duplicates": 3, "shuffle": True}),
    ],
)
def test_how_the_call_shall_go(
    door: Door, run: Callable[..., Result], arguments: list[str], told: dict[str, object]
) -> None:
    assert run(*arguments).exit_code == 0
    assert door.dialled[0].items() >= told.items()


@pytest.mark.parametrize("caller", ["anonymous", "Anonymous "])
def test_a_withheld_number(door: Door, run: Callable[..., Result], caller: str) -> None:
    assert run(caller=caller).exit_code == 0
    assert door.dialled[0]["from"] is None


def test_numbers_are_taken_as_people_write_them(door: Door, run: Callable[..., Result]) -> None:
    assert run(caller="+1 (212) 555-0111").exit_code == 0
    assert door.dialled[0]["from"] == "+12125550111"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"caller": "12"}, "is not a phone number"),
        ({"url": "demo"}, "is not an address like"),
        ({"url": "ftp://127.0.0.1"}, "is not an address like"),
        ({"url": "http://127.0.0.1:port"}, "is not an address"),
    ],
)
def test_a_wrong_argument(run: Callable[..., Result], arguments: dict[str, str], words: str) -> None:
    done = run(**arguments)
    assert done.exit_code == 2
    assert words in re.sub(r"[\s│]+", " ", done.output)


@pytest.mark.parametrize(
    "options", [["--talk", "-1"], ["--duplicates", "99"], ["--outcome", "voicemail"], ["--press", "one"]]
)
def test_a_wrong_option(door: Door, run: Callable[..., Result], options: list[str]) -> None:
    assert run(*options).exit_code == 2
    assert door.dialled == []


def test_the_server_says_why_not(door: Door, run: Callable[..., Result]) -> None:
    refusal = {"title": "The call was not made", "detail": "The number is not in service.", "status": 404}
    door.refusal = 404, json.dumps(refusal).encode()
    done = run()
    assert done.exit_code == 1
    assert str(done.exception) == "The call was not made: The number is not in service."


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"detail": "Not Found"}', b"\xff"])
def test_a_server_that_is_no_demo(door: Door, run: Callable[..., Result], body: bytes) -> None:
    door.refusal = 404, body
    done = run()
    assert isinstance(done.exception, Problem)
    assert "is no Swapboard demo: give its address with --url" in str(done.exception)


def test_nothing_answers(run: Callable[..., Result]) -> None:
    done = run(url="http://127.0.0.1:9")
    assert isinstance(done.exception, Problem)
    assert str(done.exception) == (
        "Nothing answers at http://127.0.0.1:9: start it with `swapboard demo`, or give --url."
    )


@pytest.mark.parametrize(
    ("finished", "words", "printed"),
    [
        (
            FINISHED | {"problem": "application error: HTTP 500"},
            "did not go well: application error: HTTP 500",
            True,
        ),
        (FINISHED | {"call": DOCUMENT | {"status": "failed"}}, "The call failed.", True),
        (FINISHED | {"call": None}, "the server does not know it", False),
        (FINISHED | {"call": None, "problem": "HTTP 403"}, "HTTP 403", False),
    ],
)
def test_a_call_that_went_wrong(
    door: Door, run: Callable[..., Result], finished: dict[str, Any], words: str, printed: bool
) -> None:
    door.states = [finished]
    done = run("--json")
    assert done.exit_code == 1
    assert isinstance(done.exception, Problem)
    assert words in str(done.exception)
    assert bool(done.stdout) == printed


def test_help_has_an_example() -> None:
    done = CliRunner().invoke(app, ["call", "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert done.exit_code == 0
    assert "swapboard call +12025550120 --from +12125550111" in done.stdout


def test_an_outcome_that_is_none_is_told_in_our_words() -> None:
    line = ["call", "+12025550143", "--from", "+12125550111", "--outcome", "voicemail"]
    done = CliRunner().invoke(app, line, env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert done.exit_code == 2
    assert "'--outcome': 'voicemail' is not one of 'answered'," in done.output
