"""`python -m integrations.generate` writes the files; with `--check` it only says whether they would change."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from integrations.generate import python_client, typescript
from integrations.generate.described import document, operations, schemas

ROOT = Path(__file__).parents[1]
API = ROOT / "python/src/swapboard_client/api"


def written() -> Mapping[Path, str]:
    """Every generated file, as it is to stand."""
    described = document()
    known, every = schemas(described), operations(described)
    return {
        API / "records.py": _tidy(python_client.records(known)),
        API / "operations.py": _tidy(python_client.methods(every, known)),
        ROOT / "typescript/swapboard-api.d.ts": typescript.types(every, known),
    }


def _tidy(code: str) -> str:
    """As `ruff` has it, so that the whole tree is formatted alike."""
    ruff = Path(sys.executable).parent / "ruff"
    for command in (["check", "--fix-only", "--quiet", "--select", "I,F401,UP007,UP013"], ["format", "--quiet"]):
        code = subprocess.run(
            [ruff, *command, "--stdin-filename", API / "records.py", "-"],
            input=code, capture_output=True, text=True, check=True, encoding="utf-8",
        ).stdout  # fmt: skip
    return code


def main(arguments: list[str]) -> int:
    """1 when a file is not as the API has it."""
    files = written()
    stale = [file for file, text in files.items() if not file.exists() or file.read_text("utf-8") != text]
    if "--check" in arguments:
        for file in stale:
            sys.stderr.write(f"{file.relative_to(ROOT.parent)} is not as the API is: run `make clients`.\n")
        return 1 if stale else 0
    for file in stale:
        file.write_text(files[file], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
