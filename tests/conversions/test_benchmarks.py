"""The commands that docs/performance.md shows for the outbox, with little to do."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def said(*arguments: str) -> str:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout


@pytest.mark.parametrize("database", [(), ("--postgresql",)])
def test_an_outbox_is_emptied(database: tuple[str, ...]) -> None:
    told = said("benchmarks.outbox", "--events", "20", *database)
    assert re.search(r"20 delivered: \d+/s by the clock, \d+/s by processor time", told)


@pytest.mark.slow  # servers are measured, one after the other
@pytest.mark.parametrize("database", [(), ("--postgresql",)])
def test_leases_beside_messages_that_wait_are_compared(database: tuple[str, ...]) -> None:
    told = said("benchmarks.waiting", "--waiting", "30", "--rounds", "10", *database)
    assert told.startswith("30 wait")
    assert len(re.findall(r"long outbox", told)) == 3
