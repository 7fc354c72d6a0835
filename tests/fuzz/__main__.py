"""`make fuzz`: Schemathesis over the whole API of a demo, for as long as is given; ends with 1 if it found any.

.venv/bin/python -m tests.fuzz [--seconds 240] [--phases stateful] [--part 2/5] [--into FILE] [OPTIONS OF st run…]
"""

import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.fuzzing import demo, described, free_port, fuzz
from tests.fuzz.judging import Ran
from tests.fuzz.parts import missing, part_of, together, write_down

PHASES = "examples,coverage,fuzzing,stateful"
_DAYS = 3


def main(arguments: list[str]) -> int:
    """Every phase, also what follows from answers to answers."""
    asked, more = _options().parse_known_args(arguments)
    with tempfile.TemporaryDirectory() as name, demo(Path(name) / "demo", free_port(), _DAYS) as opened:
        operations = described(opened)
        chosen = part_of(operations, asked.part) if asked.part else ()
        limits = ["--phases", asked.phases, "--max-time", str(asked.seconds)]
        ran = fuzz(opened, Path(name), [*limits, *more], chosen)
    faults = _faults(asked, ran, operations)
    sys.stdout.write("\n".join([*faults, str(ran), ""]))
    return 1 if faults else 0


def _options() -> ArgumentParser:
    parser = ArgumentParser("tests.fuzz", allow_abbrev=False)
    parser.add_argument("--seconds", type=int, default=240)
    parser.add_argument("--phases", default=PHASES)
    parser.add_argument("--part", help="of the operations, as 2/5")
    parser.add_argument("--into", type=Path, help="what was tried is written down here, and added up")
    return parser


def _faults(asked: Namespace, ran: Ran, operations: Sequence[str]) -> Sequence[str]:
    """A part cannot be blamed for what it leaves out; the whole that it belongs to can."""
    if asked.into is None:
        return ran.faults if asked.phases == PHASES else list(filter(None, [ran.found]))
    write_down(ran, asked.into)
    whole = together(operations, asked.into)
    still = [*whole.faults[bool(whole.found) :], *missing(whole)]
    sys.stdout.write("\n".join([f"Together so far: {whole}; still missing:", *still, ""]))
    return list(filter(None, [ran.found]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
