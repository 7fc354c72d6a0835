"""A whole run in parts, none of which takes long: what each tried is written down, and the parts add up."""

import json
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from tests.fuzz.judging import Ran, Tried

EVERY_OPERATION = ("coverage", "fuzzing")
"""Phases that come to each operation; the others only come to what has examples, or ids of other answers."""


def part_of(operations: Sequence[str], part: str) -> Sequence[str]:
    """`2/5` is the second fifth. Those of one thing stay together: the stateful phase goes from one to another."""
    number, many = (int(each) if each.isdecimal() else 0 for each in part.partition("/")[::2])
    if not 1 <= number <= many:
        raise ValueError("Write a part like 2/5.")
    things = [list(each) for _, each in groupby(sorted(operations, key=_thing), _thing)]
    parts: list[list[str]] = [[] for _ in range(many)]
    for thing in sorted(things, key=len, reverse=True):
        min(parts, key=len).extend(thing)
    return parts[number - 1]


def _thing(operation: str) -> str:
    """`calls` of `GET /api/v1/calls/{call_id}`."""
    return operation.split("/")[3]


def write_down(ran: Ran, into: Path) -> None:
    """A line more."""
    answers = {name: phases for name, phases in ran.tried.answers.items() if phases}
    with into.open("a") as file:
        file.write(json.dumps({"found": ran.found, "answers": answers}) + "\n")


def together(operations: Sequence[str], into: Path) -> Ran:
    """All that was written down, as if it were one run over these operations."""
    answers: dict[str, dict[str, Counter[int]]] = {name: {} for name in operations}
    found = []
    for line in map(json.loads, into.read_text().splitlines()):
        found.append(line["found"])
        for name, phases in line["answers"].items():
            for phase, counts in phases.items():
                sums = answers.setdefault(name, {}).setdefault(phase, Counter())
                sums.update({int(status): count for status, count in counts.items()})
    return Ran("\n".join(filter(None, found)), Tried(answers))


def missing(ran: Ran) -> Sequence[str]:
    """What keeps the parts from being a whole."""
    left_out = [(name, phase) for phase in EVERY_OPERATION for name in ran.tried.never_in(phase)]
    is_stateful = any("stateful" in phases for phases in ran.tried.answers.values())
    return [
        *(f"{name} was not asked by the phase {phase}" for name, phase in left_out),
        *([] if is_stateful else ["The phase stateful was not run"]),
    ]
