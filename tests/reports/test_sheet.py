"""A report on a sheet: as PDF and as a letter, in any script, however long its words."""

from dataclasses import replace
from datetime import UTC, date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from fpdf import FPDF

from swapboard.language import speaking
from swapboard.reports.costs import money
from swapboard.reports.dimension import NOBODY, UNKNOWN, Dimension
from swapboard.reports.figures import Figures
from swapboard.reports.names import value_name
from swapboard.reports.report import NotSendable, read_report
from swapboard.reports.roi import Return, Roi, RoiLine
from swapboard.reports.roi_sheet import roi_sheet
from swapboard.reports.sheet import Bar, Frame, Sheet, Table, Tile, grown, sheet_of
from swapboard.reports.sheet_letter import sheet_letter
from swapboard.reports.sheet_pdf import sheet_pdf
from swapboard.reports.span import Span

WORDS = ("Überraschung", "Распродажа", "Προσφορά", "عرض الربيع", "מבצע", "<b>&", "x" * 300, "")
FIGURES = ("1,204", "+12%", "900", "102", "33", "12")
TABLE = Table(
    "By campaign", ("Campaign", "Calls", "Change", "A", "M", "N", "G"), [(each, *FIGURES) for each in WORDS], 1
)


def sheet(table: Table = TABLE, bars: int = 30) -> Sheet:
    days = [Bar(f"{day} Nov", day, 2 * day, 40 - day) for day in range(bars)]
    return Sheet(
        "Größe", "Brightwater", "1 to 30 Nov, 2026", "channel:paid", [Tile("Calls", "7", "new")] * 6, days, [table]
    )


def test_a_first_month_is_not_told_in_thousands_of_percent() -> None:
    assert [grown(now, 2) for now in (2, 3, 142)] == ["as before", "+50%", "\N{MULTIPLICATION SIGN}71"]


@pytest.mark.parametrize("country", ["US", "DE"])
def test_a_pdf_has_a_glyph_for_every_letter(country: str) -> None:
    long = Table("Long", TABLE.head, TABLE.rows * 12, 1, left_out=3)
    made = sheet_pdf(sheet(long), country)
    assert made.startswith(b"%PDF-")
    assert made.count(b"/Type /Page\n") > 1
    # Both weights are embedded, cut down to the letters that occur.
    assert made.count(b"/FontFile2") == 2
    assert len(made) < 200_000


def test_a_row_with_the_address_of_a_scanner_still_fits_on_a_page() -> None:
    words = "/" + "W" * 4_000, "https://www.example.com/" + "W" * 2_000
    scanned = Table("By page", ("Page", "Website", *TABLE.head[1:]), [(*words, *FIGURES)] * 60, 2)
    assert sheet_pdf(sheet(scanned), "US").startswith(b"%PDF-")


def test_what_people_gave_a_name_keeps_it_in_every_language() -> None:
    with speaking("de"):
        told = [value_name(Dimension.CHANNEL, each, "DE") for each in (UNKNOWN, NOBODY, "Phone")]
        assert told == ["Unbekannt", "Niemand von der Website", "Phone"]
        assert value_name(Dimension.CAMPAIGN, UNKNOWN, "DE") == UNKNOWN


def test_a_sheet_without_calls_can_be_made() -> None:
    empty = Table("By campaign", TABLE.head, [], 1)
    assert sheet_pdf(sheet(empty, bars=1), "GB").startswith(b"%PDF-")
    filtered = sheet_letter(sheet(empty), "https://x.example.com", "Why.", None).html
    assert "Nothing fits the filter in these days." in filtered
    whole = replace(sheet(empty), only="")
    assert "Nothing in these days." in sheet_letter(whole, "https://x.example.com", "Why.", None).html


def test_a_letter_is_escaped_and_names_its_end() -> None:
    letter = sheet_letter(
        sheet(), "https://x.example.com/reports?a=1&b=2", "Because.", "https://x.example.com/end"
    )
    assert "<b>" not in letter.html.replace("<bdi>", "")
    assert "&lt;b&gt;&amp;" in letter.html
    assert 'href="https://x.example.com/reports?a=1&amp;b=2"' in letter.html
    assert "Send me no more of these: https://x.example.com/end" in letter.plain
    assert letter.subject == "Größe: 1 to 30 Nov, 2026"


def test_returns_are_sent_with_their_amounts() -> None:
    figures = Figures(calls=3, leads=2, value_cents=100_00)
    now = Return(25_000_000, figures)
    line = RoiLine(("Emergency",), now, Return(10_000_000, Figures(calls=1)), now)
    by = (Dimension.CAMPAIGN,)
    found = Roi(by, "EUR", [line], line, line, {}, counts_costs=True, counts_forms=True)
    days = Span(date(2026, 11, 1), date(2026, 11, 30), UTC)
    made = roi_sheet(Frame("Returns", "Brightwater", "GB", days, ""), found)
    assert [(tile.value, tile.note) for tile in made.tiles] == [
        ("25.00", "+150%"),
        ("100.00", "none before"),
        ("4.00", "0.00 before"),
        ("12.50", ""),
    ]
    assert list(made.tables[0].rows) == [("Emergency", "25.00", "3", "2", "8.33", "12.50", "100.00")]
    assert read_report("/reports/roi?by=adgroup&and=keyword&days=7d").by == (
        Dimension.AD_GROUP,
        Dimension.KEYWORD,
    )
    assert read_report("/reports/roi?by=outcome").by == by


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), "1 Nov to 30 Nov, 2026"),
        (date(2026, 11, 1), date(2026, 11, 1), "1 Nov, 2026"),
        (date(2025, 12, 29), date(2026, 1, 4), "29 Dec 2025 to 4 Jan 2026"),
        (date(2024, 11, 24), date(2026, 11, 24), "24 Nov 2024 to 24 Nov 2026"),
    ],
)
def test_days_over_new_year_are_each_of_their_own_year(first: date, last: date, said: str) -> None:
    made = sheet_of(Frame("Calls", "Brightwater", "GB", Span(first, last, UTC), ""), (), (), ())
    assert made.period == said


def test_money_has_as_many_places_as_people_write() -> None:
    told = {currency: money(1_250_505_500, currency) for currency in ("USD", "JPY", "KWD", "XYZ")}
    assert told == {"USD": "1,250.51", "JPY": "1,251", "KWD": "1,250.506", "XYZ": "1,250.51"}


@pytest.mark.parametrize("micros", [0, 4_999, 5_000, -5_000, 1_234_567_890_000, 10**18 + 5_000])
def test_money_is_rounded_half_up_and_exact(micros: int) -> None:
    exact = (Decimal(micros) / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert money(micros) == f"{exact + 0:,}"


@pytest.mark.parametrize(
    "address", ["/reports/calls", "/reports/by/colour", "/reports?filter=spring", "/reports/saved"]
)
def test_what_cannot_be_sent_is_refused(address: str) -> None:
    with pytest.raises(NotSendable):
        read_report(address)


HEADS: dict[int, tuple[str, ...]] = {
    2: ("Kanal", "Anrufe"),
    7: ("Kanal", "Anrufe", "Änderung", "Angenommen", "Verpasst", "Neue Personen", "Gute Interessenten"),
    9: ("Kampagne", "Ausgegeben", "Anrufe", "je", "Erstanrufer", "je", "Gute Interessenten", "Umsatz", "ROAS"),
    10: ("Weg", *["Interessentenzahlen"] * 9),
}


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, list[float], list[float]]]:
    """Of each table on paper: the room below its title, its columns' widths, and their longest words'."""
    seen: list[tuple[float, list[float], list[float]]] = []
    draw = FPDF.table

    def noted(pdf: FPDF, *rest: Any, **options: Any) -> Any:
        pdf.set_font("sans", "B", 8)
        words = [max(map(pdf.get_string_width, each.split())) for each in HEADS[len(options["col_widths"])]]
        pdf.set_font("sans", "", 8)
        seen.append((pdf.page_break_trigger - pdf.get_y(), list(options["col_widths"]), words))
        return draw(pdf, *rest, **options)

    monkeypatch.setattr(FPDF, "table", noted)
    return seen


def on_paper(*drawn: Table) -> None:
    sheet_pdf(replace(sheet(), tables=drawn, tiles=(), bars=()), "GB")


@pytest.mark.parametrize("columns", [2, 7, 9, 10])
def test_a_heading_on_paper_is_not_broken_within_a_word(
    tables: list[tuple[float, list[float], list[float]]], columns: int
) -> None:
    on_paper(Table("", HEADS[columns], [("1.501,08",) * columns], 1))
    [(_room, widths, words)] = tables
    assert sum(widths) == pytest.approx(210 - 2 * 16, abs=0.01)
    assert widths[0] >= 0.22 * sum(widths) - 0.01
    # Ten long ones are more than there is room for: they shrink alike.
    assert all(width > word for width, word in zip(widths, words, strict=True)) == (columns < 10)


def test_a_tables_title_stays_with_its_table(tables: list[tuple[float, list[float], list[float]]]) -> None:
    for rows in range(32, 46):
        on_paper(*(Table("T", HEADS[2], [("Paid Search", "83")] * each, 1) for each in (rows, 3)))
    assert len(tables) == 28
    assert min(room for room, _widths, _words in tables) > 25
