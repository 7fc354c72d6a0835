"""A table of costs as any program writes it: whatever encoding and separator, and wherever its headings stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from swapboard.language import _
from swapboard.spreadsheet import NoTable, each_row, separator_of, text_of

MOST_ROWS = 500_000
MOST_COLUMNS = 200


class BadSheet(ValueError):
    """It cannot be read as a table; the words are for people."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, and where it stands in the file."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows of a file, and what stood between their cells."""

    rows: Sequence[Row]
    separator: str


def read_sheet(content: bytes) -> Sheet:
    """The rows of a file, without empty ones. Raises BadSheet."""
    rows: list[Row] = []
    try:
        text = text_of(content)
        separator = separator_of(text)
        for line, cells in each_row(text, separator):
            if any(cell.strip() for cell in cells):
                rows.append(Row(line, tuple(cell.strip() for cell in cells[:MOST_COLUMNS])))
            if len(rows) > MOST_ROWS:
                raise BadSheet(
                    _("A file has at most %(most)s rows. Export fewer days at a time.")
                    % {"most": f"{MOST_ROWS:,}"}
                )
    except NoTable as error:
        raise BadSheet(str(error)) from None
    if not rows:
        raise BadSheet(_("The file is empty."))
    return Sheet(rows, separator)
