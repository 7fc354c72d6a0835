"""Pages that go through promises one by one name places and tests that exist.

Such a page is any in `docs` with tables headed as below. Places are paths under `src/swapboard` or from the root;
tests are `file::name`, the file under `tests` or from the root, in Python or TypeScript.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAD = "| promise | where | fails when it is broken |"
PAGES = sorted(page for page in (ROOT / "docs").glob("*.md") if HEAD in page.read_text())
TEST = re.compile(r"`([\w/.-]+\.(?:py|ts))::([^`]+)`")


def promises(page: Path) -> list[tuple[str, str, str]]:
    """The rows of the page's tables of promises: what, where, and the tests."""
    rows = []
    for table in page.read_text().split(HEAD)[1:]:
        _, _, *lines = table.split("\n\n")[0].split("\n")
        rows += [line.strip("| ").split(" | ") for line in lines if line]
    assert {len(row) for row in rows} == {3}, [row for row in rows if len(row) != 3]
    return [(what, where, tests) for what, where, tests in rows]


def found(name: str, *folders: str) -> list[Path]:
    return [path for folder in folders for path in (ROOT / folder).glob(name)]


def stands(name: str, file: Path) -> bool:
    """Is there such a test in the file?"""
    python, typescript = rf"^(?:async )?def {name}\(", rf"""\b(?:test|it)\(\s*["'`]{re.escape(name)}["'`]"""
    begin = python if file.suffix == ".py" else typescript
    return re.search(begin, file.read_text(), re.MULTILINE) is not None


def test_there_are_such_pages() -> None:
    assert {"numbers-and-truth.md", "phone.md"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_promise_is_kept_somewhere_and_has_its_tests(page: Path) -> None:
    for what, where, tests in promises(page):
        places = re.findall(r"`([\w.*-]+/[\w/.*-]+)`", where)
        assert places, what
        assert [place for place in places if not found(place, "src/swapboard", ".")] == [], what
        named = TEST.findall(tests)
        assert named, what
        for file, name in named:
            assert any(stands(name, path) for path in found(file, "tests", ".")), f"{file}::{name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_else_stands_among_the_tests(page: Path) -> None:
    """A name that the pattern does not know would be looked for by nobody."""
    for what, _, tests in promises(page):
        assert TEST.sub("", tests).strip(", ") == "", what


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_readers_find_them(page: Path) -> None:
    assert f"docs/{page.name}" in (ROOT / "README.md").read_text()
