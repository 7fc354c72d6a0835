"""What people say of callers, as CSV: one number or beginning a line, what is said of it, and a note."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from swapboard.calls.caller_word_store import LONGEST_NOTE, CallerWord
from swapboard.calls.spam import Word
from swapboard.language import _
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.spreadsheet import NoTable, in_line, read_rows

HEADINGS = ("number", "word", "note")
LONGEST_BEGINNING = 14


@dataclass(frozen=True, slots=True)
class CallerLine:
    """One line that could be read."""

    pattern: str
    word: Word
    note: str


def pattern_of(text: str, country: str) -> str:
    """A number (E.164) or a beginning (`+1900*`), however it is written. Raises ValueError."""
    if not text.strip().endswith("*"):
        try:
            return parse_number(text.strip(), country)
        except NotANumber as error:
            raise ValueError(str(error)) from error
    tidy = "".join(character for character in text if character not in " ()-./\u00a0*")
    digits = tidy.removeprefix("+")
    is_one = tidy.startswith("+") and digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_BEGINNING
    if not is_one:
        raise ValueError(
            _("%(text)r is no beginning; write its country code, digits and a star, like +1900*.")
            % {"text": text[:40]}
        )
    return f"+{digits}*"


def read_callers(text: str, country: str, usual: Word) -> tuple[Sequence[CallerLine], Sequence[str]]:
    """The lines, and what is wrong with those that cannot be read; `usual` is meant where a line says no word."""
    lines, faults = [], []
    try:
        rows = read_rows(text)
    except NoTable as error:
        return [], [str(error)]
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[0].lower() == HEADINGS[0]):
            continue
        pattern, word, note = (*cells, "", "")[:3]
        try:
            lines.append(
                CallerLine(
                    pattern_of(pattern, country), Word(word.lower()) if word else usual, note[:LONGEST_NOTE]
                )
            )
        except ValueError as error:
            said = (
                str(error)
                if word.lower() in {"", *Word}
                else _("%(word)r is neither block nor allow.") % {"word": word}
            )
            faults.append(in_line(number, said))
    return lines, faults


def write_callers(words: Iterable[CallerWord]) -> str:
    """The same as a file."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADINGS)
    # A spreadsheet takes a cell that begins with + for a formula; it shows the number all the same.
    writer.writerows((each.pattern, each.word.value, each.note) for each in words)
    return file.getvalue()
