"""The table in docs/carrier-stories.md, which `.venv/bin/python -m tests.carriers.stories.table` writes."""

from pathlib import Path

from swapboard.carriers.installed import carrier_kind
from tests.carriers.stories.book import STORIES
from tests.carriers.stories.cast import CAST
from tests.carriers.stories.own_lines import NO_SURVEY, NOT_HERE, SURVEY

PAGE = Path(__file__).parents[3] / "docs/carrier-stories.md"
BEFORE = """# Forty calls, and every carrier

Each carrier's adapter is tried with the same forty calls (`tests/carriers/stories`). A stand-in for the carrier's
network rings the real application by real HTTP: it signs as the carrier signs, does what our documents say as the
carrier documents it, and refuses what the carrier does not document. In the end the call must be written down as
the story tells: who answered, how long it rang, how long they talked, what was heard, which steps it took.

The tests keep this page: `yes` is a test that passes; a number leads to what is otherwise there, and why.
Own lines
play them in the conversation that the embedded engine and Asterisk share ([lines.md](lines.md)).

"""


def page() -> str:
    """The whole page."""
    notes: list[str] = []
    header = ["story", *(carrier_kind(plug.kind).name for plug in CAST), "own lines"]
    rows = [[story.name, *(_cell(words, notes) for words in _all_differ(story.name))] for story in STORIES]
    rows = [[*row, _own(row[0], notes)] for row in rows]
    rows.append([SURVEY, *[_cell(NO_SURVEY, notes, "no")] * len(CAST), "yes"])
    lines = [_row(header), _row(["---"] * len(header)), *map(_row, rows)]
    below = [f"{place}. {words}" for place, words in enumerate(notes, 1)]
    return BEFORE + "\n".join(lines) + "\n" + ("\n" + "\n".join(below) + "\n" if below else "")


def _all_differ(story: str) -> list[str]:
    return [
        f"{carrier_kind(plug.kind).name}: {plug.differs[story].because}" if story in plug.differs else ""
        for plug in CAST
    ]


def _own(story: str, notes: list[str]) -> str:
    why = NOT_HERE.get(story)
    return _cell(f"Own lines: {why}.", notes, "no need") if why else "yes"


def _cell(words: str, notes: list[str], answer: str = "yes") -> str:
    if not words:
        return answer
    if words not in notes:
        notes.append(words)
    return f"{answer}, see {notes.index(words) + 1}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page())
