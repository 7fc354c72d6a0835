"""A run in parts: they are the whole, and what is missing to it is told."""

from collections import Counter
from pathlib import Path

import pytest

from tests.fuzz.judging import Ran, Tried
from tests.fuzz.parts import missing, part_of, together, write_down
from tests.fuzz.test_api import OPERATIONS

EVERY = [name.replace(" ", " /api/v1") for name in sorted(OPERATIONS)]
CALLS, SITES = "GET /api/v1/calls", "POST /api/v1/sites"


@pytest.mark.parametrize("many", [1, 2, 3, 8])
def test_the_parts_are_the_whole_and_what_is_of_one_thing_stays_together(many: int) -> None:
    parts = [part_of(EVERY, f"{number}/{many}") for number in range(1, many + 1)]
    assert sorted(name for part in parts for name in part) == sorted(EVERY)
    things = [{name.split("/")[3] for name in part} for part in parts]
    assert sum(map(len, things)) == len(set().union(*things))
    assert min(map(len, parts)) > 0


@pytest.mark.parametrize("part", ["0/3", "4/3", "1", "x/y"])
def test_there_is_no_such_part(part: str) -> None:
    with pytest.raises(ValueError, match="like 2/5"):
        part_of(EVERY, part)


def test_what_was_written_down_adds_up_and_what_is_missing_is_told(tmp_path: Path) -> None:
    into = tmp_path / "runs.jsonl"
    write_down(Ran("a fault", Tried({CALLS: {"stateful": Counter({404: 1})}, SITES: {}})), into)
    write_down(Ran("", Tried({CALLS: {"stateful": Counter({200: 2}), "coverage": Counter({200: 1})}})), into)
    whole = together([CALLS, SITES], into)
    assert whole.tried.answers == {
        CALLS: {"stateful": Counter({200: 2, 404: 1}), "coverage": Counter({200: 1})},
        SITES: {},
    }
    assert whole.faults == ["a fault", f"{SITES} was not asked"]
    assert missing(whole) == [
        f"{SITES} was not asked by the phase coverage",
        f"{CALLS} was not asked by the phase fuzzing",
        f"{SITES} was not asked by the phase fuzzing",
    ]
    write_down(Ran("", Tried({CALLS: {"fuzzing": Counter({200: 1})}})), into)
    assert missing(together([CALLS], into)) == []
    stateless = Ran("", Tried({CALLS: {"coverage": Counter({200: 1}), "fuzzing": Counter({200: 1})}}))
    assert missing(stateless) == ["The phase stateful was not run"]
