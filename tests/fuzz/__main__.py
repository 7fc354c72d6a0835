"""`make fuzz`: Schemathesis over the whole API of a demo, for as long as is given; ends with 1 if it found any.

.venv/bin/python -m tests.fuzz [--seconds 240] [--phases stateful] [--part 2/5] [--into FILE]
    [--postgresql] [--role analyst] [OPTIONS OF st run…]
"""

import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from swapboard.accounts.company import Role
from swapboard.bench.postgresql import throwaway_server
from tests.fuzz.fuzzing import demo, described, free_port, fuzz
from tests.fuzz.judging import Ran
from tests.fuzz.parts import missing, part_of, together, write_down

PHASES = "examples,coverage,fuzzing,stateful"
_DAYS = 3
_MOST_SHOWN = 40


def main(arguments: list[str]) -> int:
    """Every phase, also what follows from answers to answers."""
    asked, more = _options().parse_known_args(arguments)
    with (
        tempfile.TemporaryDirectory() as name,
        throwaway_server() if asked.postgresql else nullcontext("") as database_url,
        demo(Path(name) / "demo", free_port(), _DAYS, database_url, asked.role) as opened,
    ):
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
    parser.add_argument("--postgresql", action="store_true", help="on a server of its own, not on SQLite")
    parser.add_argument("--role", type=Role, choices=list(Role), default=Role.OWNER, help="whose key asks")
    parser.add_argument("--into", type=Path, help="what was tried is written down here, and added up")
    return parser


def _faults(asked: Namespace, ran: Ran, operations: Sequence[str]) -> Sequence[str]:
    """A part cannot be blamed for what it leaves out; the whole that it belongs to can. Nor can a lesser role."""
    if asked.into is None:
        is_whole = asked.phases == PHASES and not asked.part and asked.role is Role.OWNER
        return ran.faults if is_whole else list(filter(None, [ran.found]))
    write_down(ran, asked.into)
    whole = together(operations, asked.into)
    still = [*whole.faults[bool(whole.found) :], *missing(whole)]
    more = [f"… and {len(still) - _MOST_SHOWN} more"] if len(still) > _MOST_SHOWN else []
    told = [f"Together so far: {whole}; still missing:", *still[:_MOST_SHOWN], *more]
    sys.stdout.write("\n".join([*told, ""]))
    return list(filter(None, [ran.found]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
