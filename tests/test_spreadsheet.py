"""What a spreadsheet must not run, and in which line something is wrong."""

import pytest

from swapboard.language import speaking
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.reports.rates import read_rates
from swapboard.spreadsheet import NoTable, file_of, harmless, in_line, read_rows, text_of


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "-2", "\tx", "\rx", "+1 202", "+cmd"])
def test_what_begins_like_a_formula_becomes_a_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_a_table_that_is_saved_is_read_again_however_it_is_opened() -> None:
    saved = file_of("Stadt,Anrufe\r\nKöln,3\r\n")
    for text in (text_of(saved), saved.decode()):
        assert list(map(list, read_rows(text))) == [["Stadt", "Anrufe"], ["Köln", "3"]]


@pytest.mark.parametrize("text", ["", "Flyer", "+12025550100", "a=b"])
def test_all_else_stays(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04", "Excel file"),
        (b"abc\0", "something else than text"),
        (bytes(range(128, 160)), "letters cannot be read"),
        ("Köln;Heizöl".encode() + "ö".encode()[:1], "letters cannot be read"),
    ],
)
def test_a_file_that_holds_no_text_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(NoTable, match=said):
        text_of(content)


def test_what_windows_writes_is_not_taken_for_broken_utf8() -> None:
    for text in ("Köln;Heizöl", "Spaß”;Köln"):
        assert text_of(text.encode("cp1252")) == text


def test_a_fault_is_told_in_the_language_that_is_spoken() -> None:
    for language, said in ((None, "Line 2: 'x' is no number."), ("de", "Zeile 2: 'x' ist keine Zahl.")):
        with speaking(language), pytest.raises(ValueError, match=said):
            read_rates("day,base,quote,worth\n2026-11-24,EUR,USD,x\n")
    with speaking("fr"):
        assert in_line(3, "x") == "Ligne 3\N{NO-BREAK SPACE}: x"
    with speaking("es"), pytest.raises(NotANumber, match="no es un número de teléfono"):
        parse_number("abc")
