"""A table of costs as any program writes it: whatever encoding and separator, and wherever its headings stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from swapboard.language import _
from swapboard.spreadsheet import NoTable, each_row, separator_of

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
    text = _decoded(content)
    separator = separator_of(text)
    rows: list[Row] = []
    try:
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


def _decoded(content: bytes) -> str:
    """UTF-16 with its mark (Google's and Microsoft's "for Excel"), UTF-8, else what Western Windows writes."""
    if content.startswith(b"PK\x03\x04"):
        raise BadSheet(_("This is an Excel file or a zip. Save it as CSV first."))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[1:2] == b"\0":
        encodings = ["utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise BadSheet(_("The file holds something else than text. Save it as CSV first."))
        return text
    raise BadSheet(_("The file's letters cannot be read. Save it as CSV in UTF-8."))
