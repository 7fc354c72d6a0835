"""Tables as CSV: their rows, what a spreadsheet makes of a cell, and what is wrong in which line."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from swapboard.codepage import code_page_of
from swapboard.language import _

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that would be run."""

_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class NoTable(ValueError):
    """A text that cannot be read as a table; the words are for people."""


def text_of(content: bytes) -> str:
    """UTF-16 with its mark (Google's and Microsoft's "for Excel"), UTF-8, else one of Windows' code pages.

    Raises NoTable.
    """
    if content.startswith(b"PK\x03\x04"):
        raise NoTable(_("This is an Excel file or a zip. Save it as CSV first."))
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise NoTable(_("The file holds something else than text. Save it as CSV first."))
        return text
    raise NoTable(_("The file's letters cannot be read. Save it as CSV in UTF-8."))


def _encodings(content: bytes) -> Iterator[str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    elif content[1:2] == b"\0":
        yield "utf-16-le"
    else:
        yield "utf-8-sig"
        if not _is_broken_utf8(content) and (found := code_page_of(content)):
            yield found


def _is_broken_utf8(content: bytes) -> bool:
    """Cut in the middle of a letter, say: by another encoding all of its other letters would be wrong."""
    rest, letters = _UTF8_LETTER.subn(b"", content)
    return letters > len(_NOT_ASCII.findall(rest))


HEAD_ROWS = 40
"""What is between the cells shows in the first rows, and so do the headings, below a title and dates."""


def separator_of(text: str) -> str:
    """Of tab, semicolon and comma, the one that cuts most rows into the same number of cells."""
    lines = [line for line in text.splitlines()[:HEAD_ROWS] if line.strip()]
    return max("\t;,", key=lambda each: _agreement(lines, each))


def _agreement(lines: Sequence[str], separator: str) -> tuple[int, int]:
    widths = [len(re.findall(re.escape(separator), re.sub(r'"[^"]*"', "", line))) for line in lines]
    usual = max(set(widths), key=lambda width: (width > 0, widths.count(width), width), default=0)
    return (widths.count(usual) if usual else 0), usual


def read_rows(text: str) -> Sequence[Sequence[str]]:
    """The rows of a table, whatever separates its cells. Raises NoTable."""
    return [row for _line, row in each_row(text, separator_of(text))]


def each_row(text: str, separator: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows of a table, whichever ends its lines have, and the line that each ends in. Raises NoTable."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise NoTable(
            _("The file cannot be read as a table near line %(line)s: %(why)s.")
            % {"line": reader.line_num, "why": error}
        ) from None


def harmless(text: str) -> str:
    """A value that a spreadsheet would run as a formula becomes a text; what visitors bring stands in them.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    is_number = text.startswith("+") and text[1:].isdigit()
    return f"'{text}" if text.startswith(FORMULA) and not is_number else text


def file_of(table: str) -> bytes:
    """A table as it is saved, with the mark by which Excel knows UTF-8: else it shows `Größe` as `GrÃ¶ÃŸe`."""
    return table.encode("utf-8-sig")


def in_line(line: int, fault: object) -> str:
    """What is wrong, and where."""
    return _("Line %(line)s: %(fault)s") % {"line": line, "fault": fault}
