"""A report on a sheet: as PDF and as a letter, in any script, however long its words."""

from dataclasses import replace
from datetime import UTC, date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from fpdf import FPDF

from swapboard import reports
from swapboard.language import speaking
from swapboard.reports.costs import money
from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import Figures
from swapboard.reports.names import NOBODY, UNKNOWN, value_name
from swapboard.reports.report import NotSendable, read_report
from swapboard.reports.roi import Return, Roi, RoiLine
from swapboard.reports.roi_sheet import roi_sheet
from swapboard.reports.sheet import Bar, Frame, Sheet, Table, Tile
from swapboard.reports.sheet_letter import sheet_letter
from swapboard.reports.sheet_pdf import sheet_pdf, widths
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


@pytest.mark.parametrize("country", ["US", "DE"])
def test_a_pdf_has_a_glyph_for_every_letter(country: str) -> None:
    long = Table("Long", TABLE.head, TABLE.rows * 12, 1, left_out=3)
    made = sheet_pdf(sheet(long), country)
    assert made.startswith(b"%PDF-")
    assert made.count(b"/Type /Page\n") > 1
    # Both weights are embedded, cut down to the letters that occur.
    assert made.count(b"/FontFile2") == 2
    assert len(made) < 200_000


def test_what_people_gave_a_name_keeps_it_in_every_language() -> None:
    with speaking("de"):
        told = [value_name(Dimension.CHANNEL, each, "DE") for each in (UNKNOWN, NOBODY, "Phone")]
        assert told == ["Unbekannt", "Niemand von der Website", "Phone"]
        assert value_name(Dimension.CAMPAIGN, UNKNOWN, "DE") == UNKNOWN


def test_a_sheet_without_calls_can_be_made() -> None:
    empty = Table("By campaign", TABLE.head, [], 1)
    assert sheet_pdf(sheet(empty, bars=1), "GB").startswith(b"%PDF-")
    assert "Nothing in these days fits." in sheet_letter(sheet(empty), "https://x.example.com", "Why.", None).html


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
    line = RoiLine(("Emergency",), Return(25_000_000, figures), Return(10_000_000, Figures(calls=1)))
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


FONTS = Path(reports.__file__).parent / "fonts"
LONG_HEAD = ("Kanal", "Anrufe", "Änderung", "Angenommen", "Verpasst", "Neue Personen", "Gute Interessenten")
SPENT_HEAD = (
    "Kampagne",
    "Ausgegeben",
    "Anrufe",
    "je",
    "Erstanrufer",
    "je",
    "Gute Interessenten",
    "Umsatz",
    "ROAS",
)


@pytest.mark.parametrize("head", [LONG_HEAD, SPENT_HEAD, ("Weg", "Dann"), ("Weg", *["Interessentenzahlen"] * 9)])
def test_a_heading_on_paper_is_not_broken_within_a_word(head: tuple[str, ...]) -> None:
    pdf = FPDF()
    pdf.add_font("sans", "", FONTS / "DejaVuSans.ttf")
    pdf.add_font("sans", "B", FONTS / "DejaVuSans-Bold.ttf")
    pdf.add_page()
    names = 2 if head == ("Weg", "Dann") else 1
    found = widths(pdf, Table("", head, [("1.501,08",) * len(head)], names, 0))
    assert sum(found) == pytest.approx(pdf.epw)
    assert found[0] >= pdf.epw * 0.22 - 0.01
    pdf.set_font("sans", "B", 8)
    longest = [max(map(pdf.get_string_width, each.split())) for each in head]
    fits = [width >= word + 1.2 for width, word in zip(found, longest, strict=True)]
    assert all(fits) == (len(head) < 10)


def test_a_tables_title_stays_with_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    room: list[float] = []
    drawn = FPDF.table

    def noted(pdf: FPDF, *rest: Any, **options: Any) -> Any:
        room.append(pdf.page_break_trigger - pdf.get_y())
        return drawn(pdf, *rest, **options)

    monkeypatch.setattr(FPDF, "table", noted)
    for rows in range(32, 46):
        tables = [Table("T", ("Channel", "Calls"), [("Paid Search", "83")] * each, 1) for each in (rows, 3)]
        sheet_pdf(replace(sheet(), tables=tables, tiles=(), bars=()), "GB")
    assert len(room) == 28
    assert min(room) > 25
