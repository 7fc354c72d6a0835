"""`swapboard call`: somebody rings a tracking number, over the demo's phone network."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from swapboard.carriers.sandbox.dialling import (
    KEYS,
    LONGEST_MESSAGE_SECONDS,
    LONGEST_TALK_SECONDS,
    MOST_DUPLICATES,
    MOST_KEYS,
    DialOutcome,
)
from swapboard.cli.problems import Problem
from swapboard.numbers.e164 import NotANumber, parse_number

WAIT_SECONDS = 20
TIMEOUT_SECONDS = 30
BRIEF_HOLD_SECONDS = 1
"""How long a talk really lasts, whatever its length, unless `--real-time` is given."""


def call(
    number: Annotated[str, typer.Argument(help="The tracking number to dial, with its country code.")],
    caller: Annotated[str, typer.Option("--from", help="The caller's number, or `anonymous` for a withheld one.")],
    talk: Annotated[int, typer.Option(min=0, max=LONGEST_TALK_SECONDS, help="How many seconds they talk.")] = 60,
    outcome: Annotated[
        list[DialOutcome] | None,
        typer.Option(help="How the business takes the call; given again, how the next phone does that is rung."),
    ] = None,
    press: Annotated[
        str,
        typer.Option(
            help="The keys the caller presses in menus, in order; a dot presses none where one is asked."
        ),
    ] = "",
    message_seconds: Annotated[
        int,
        typer.Option(
            "--message",
            min=0,
            max=LONGEST_MESSAGE_SECONDS,
            help="How many seconds the caller speaks to a mailbox.",
        ),
    ] = 10,
    agent_press: Annotated[
        str, typer.Option(help="The key pressed by whoever answers, when the flow asks for one.")
    ] = "1",
    url: Annotated[str, typer.Option(help="Where the demo, or your server, runs.")] = "http://127.0.0.1:8000",
    key: Annotated[
        str,
        typer.Option(envvar="SWAPBOARD_KEY", help="An admin's API key, for a server that is no demo."),
    ] = "",
    real_time: Annotated[
        bool, typer.Option("--real-time", help="Hold the line for the whole talk, not for a second.")
    ] = False,
    duplicates: Annotated[
        int, typer.Option(min=0, max=MOST_DUPLICATES, help="Send each webhook so many times more.")
    ] = 0,
    shuffle: Annotated[
        bool, typer.Option("--shuffle", help="Send the status webhooks last, in no order.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the call as one JSON line.")] = False,
) -> None:
    """Ring a tracking number of the demo, or of a server's sandbox account, and print the call when it is over.

    It runs through the real, signed webhooks and the real call flow. A server that is no demo asks for an API key.

    Example: swapboard call +12025550120 --from +12125550111 --talk 90

    Example: swapboard call +12025550120 --from +12125550111 --press 2 --message 20
    """
    message = {
        "to": _number(number, "NUMBER"),
        "from": None if caller.strip().lower() == "anonymous" else _number(caller, "--from"),
        "talk_seconds": talk,
        "outcome": [each.value for each in outcome or (DialOutcome.ANSWERED,)],
        "press": _keys(press, "--press"),
        "agent_press": _keys(agent_press, "--agent-press"),
        "message_seconds": message_seconds,
        "hold_seconds": None if real_time else min(talk, BRIEF_HOLD_SECONDS),
        "duplicates": duplicates,
        "shuffle": shuffle,
    }
    document, problem = _make(_base_url(url), key, message)
    if document is not None:
        _show(document, as_json)
    if problem:
        raise Problem(problem)


def _make(url: httpx.URL, key: str, message: Mapping[str, object]) -> tuple[dict[str, Any] | None, str | None]:
    """Dial and wait for the end: the call's document, and what went wrong."""
    console = Console(stderr=True)
    try:
        # The demo is near: no proxy lies between.
        with (
            httpx.Client(
                base_url=url,
                timeout=TIMEOUT_SECONDS,
                trust_env=False,
                headers={"Authorization": f"Bearer {key}"} if key else {},
            ) as http,
            console.status(f"Ringing {message['to']} …") as status,
        ):
            call_ref = _asked(http.post("/sandbox/calls", json=dict(message)), httpx.codes.CREATED)["call_ref"]
            while True:
                seen = _asked(
                    http.get(f"/sandbox/calls/{call_ref}", params={"wait": WAIT_SECONDS}), httpx.codes.OK
                )
                if seen["state"] == "finished":
                    return seen["call"], _trouble(seen["call"], seen["problem"])
                status.update(f"{message['to']}: {seen['state']} …")
    except httpx.TimeoutException as error:
        raise Problem(f"{url} does not answer in time. Is it busy? Try again.") from error
    except httpx.HTTPError as error:
        raise Problem(f"Nothing answers at {url}: start it with `swapboard demo`, or give --url.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise Problem(f"What answers at {url} is no Swapboard demo: give its address with --url.") from error


def _asked(answer: httpx.Response, expected: int) -> dict[str, Any]:
    """The answer's JSON. Raises Problem with the server's own words, or ValueError when it is not ours."""
    told = answer.json()
    if answer.status_code == expected:
        return dict(told)
    raise Problem(f"{told['title']}: {told['detail']}")


def _trouble(document: dict[str, Any] | None, problem: str | None) -> str | None:
    if problem:
        return f"The call did not go well: {problem}."
    if document is None:
        return "The call is over, but the server does not know it. Look into its log."
    return "The call failed." if document["status"] == "failed" else None


def _number(text: str, where: str) -> str:
    try:
        return parse_number(text)
    except NotANumber as error:
        raise typer.BadParameter(str(error), param_hint=where) from error


def _keys(text: str, where: str) -> str:
    if set(text) <= {*KEYS, "."} and len(text) <= MOST_KEYS:
        return text
    raise typer.BadParameter("Write keys like 2, or 1.150#: 0 to 9, *, #, and a dot for none.", param_hint=where)


def _base_url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise typer.BadParameter(f"{text!r} is not an address: {error}.", param_hint="--url") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise typer.BadParameter(f"{text!r} is not an address like http://127.0.0.1:8000.", param_hint="--url")
    return url


def _show(document: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(document))
        return
    facts = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in _facts(document):
        # A keyword may hold anything, a terminal's escape codes too.
        facts.add_row(Text(name, "dim"), Text("".join(filter(str.isprintable, value))))
    Console(highlight=False).print(facts)


def _facts(document: dict[str, Any]) -> list[tuple[str, str]]:
    """What a person wants to know of a call, in the words of the dashboard."""
    caller, source = document["caller"], document["attribution"]
    who = "withheld" if caller["withheld"] else caller["number"] or caller["name"] or "unknown"
    told = [
        ("call", document["id"]),
        ("status", document["status"].replace("_", " ")),
        ("from", f"{who}, {caller['place']}" if caller.get("place") else who),
        ("dialled", document["tracking_number"]),
        ("rang at", document["destination"]),
        ("went through", " → ".join(document["flow_path"])),
        ("heard us for", _seconds(document["greeting_seconds"] or None)),
        ("rang for", _seconds(document["ring_seconds"])),
        ("talked", _seconds(document["talk_seconds"])),
        ("message", _seconds(document["voicemail_seconds"])),
        ("made by", _made_by(source)),
        ("source", " / ".join(filter(None, (source["channel"], source["source"], source["medium"])))),
        ("campaign", source["campaign"]),
        ("keyword", source["keyword"]),
        ("landing page", source["landing_page"]),
    ]
    return [(name, value) for name, value in told if value]


def _made_by(source: dict[str, Any]) -> str:
    kinds = {"session": "a visit", "static": "the number's placement", "unknown": "nobody knows"}
    kind, confidence = str(source["kind"]), source["confidence"]
    return kinds.get(kind, kind) + (f", {confidence:.0%} sure" if confidence is not None else "")


def _seconds(seconds: int | None) -> str | None:
    return None if seconds is None else f"{seconds} s"
