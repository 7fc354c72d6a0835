"""`make fuzz`: Schemathesis over the whole API of a demo, for as long as is given; ends with 1 if it found any.

.venv/bin/python -m tests.fuzz [--seconds 240] [OPTIONS OF st run…]
"""

import sys
import tempfile
from pathlib import Path

from tests.fuzz.fuzzing import demo, free_port, fuzz

SECONDS = 240
PHASES = "examples,coverage,fuzzing,stateful"


def main(arguments: list[str]) -> int:
    """Every phase, also what follows from answers to answers."""
    seconds = SECONDS
    if arguments[:1] == ["--seconds"]:
        seconds, arguments = int(arguments[1]), arguments[2:]
    with tempfile.TemporaryDirectory() as name, demo(Path(name) / "demo", free_port()) as opened:
        ran = fuzz(opened, Path(name), ["--phases", PHASES, "--max-time", str(seconds), *arguments])
    sys.stdout.write("\n".join([*ran.faults, str(ran), ""]))
    return 1 if ran.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
