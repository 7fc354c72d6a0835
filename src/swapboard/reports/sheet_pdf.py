"""A sheet as PDF, for printing and filing: A4, or Letter where people use that."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from swapboard.language import _
from swapboard.reports.sheet import Bar, Sheet, Table, Tile
from swapboard.reports.written import figure

# It tells of each table of a font that it cuts down.
logging.getLogger("fontTools.subset").setLevel(logging.WARNING)
_Color: TypeAlias = tuple[int, int, int]
_FONTS = Path(__file__).parent / "fonts"
_MORE_LETTERS = Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf")
"""Debian's fonts-droid-fallback: Chinese, Japanese and Korean, 4 MB, so they do not come with us."""
_LETTER_PAPER = frozenset({"US", "CA", "MX", "PH"})
_INK, _QUIET, _LINE, _ACCENT, _PALE = (30, 34, 42), (96, 104, 118), (214, 219, 227), (29, 95, 208), (164, 195, 240)
_MARGIN, _PLOT_HEIGHT, _TILE_HEIGHT = 16, 42, 18
_TILES_A_ROW = 3
_MOST_LABELS = 8
_TABLE_BEGINS = 40
"""Its title, its headings in three lines, and two rows, in millimetres."""
_LEAST_NAMES, _PADDING, _AIR = 0.22, 0.6, 2.0
_LONGEST_NAME = 240
"""Whoever visits a site writes its addresses: a row that is higher than a page cannot be drawn at all."""


def sheet_pdf(sheet: Sheet, country: str) -> bytes:
    """The file."""
    pdf = _opened("letter" if country in _LETTER_PAPER else "A4")
    pdf.set_title(f"{sheet.title}, {sheet.period}")
    _write(pdf, sheet.title, 18, bold=True)
    _write(pdf, f"{sheet.company} · {sheet.period}", 10, _QUIET)
    if sheet.only:
        _write(pdf, _("Only %(filter)s") % {"filter": sheet.only}, 10, _QUIET)
    pdf.ln(3)
    _tiles(pdf, sheet.tiles)
    if sheet.bars:
        _plot(pdf, sheet.bars)
    for table in sheet.tables:
        _table(pdf, table, sheet.nothing)
    if sheet.about:
        _write(pdf, sheet.about, 8, _QUIET)
    return bytes(pdf.output())


class _Pages(FPDF):
    """Numbers its pages."""

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("sans", size=8)
        self.set_text_color(*_QUIET)
        self.cell(0, 6, f"{self.page_no()} / {{nb}}", align="R")


def _opened(paper: str) -> FPDF:
    pdf = _Pages(format=paper)
    pdf.add_font("sans", "", _FONTS / "DejaVuSans.ttf")
    pdf.add_font("sans", "B", _FONTS / "DejaVuSans-Bold.ttf")
    if _MORE_LETTERS.exists():
        pdf.add_font("more", "", _MORE_LETTERS)
        pdf.set_fallback_fonts(["more"], exact_match=False)
    # Joins Arabic letters, and writes what runs from right to left so.
    pdf.set_text_shaping(True)
    pdf.set_margins(_MARGIN, _MARGIN)
    pdf.set_auto_page_break(True, _MARGIN)
    pdf.add_page()
    return pdf


def _write(pdf: FPDF, text: str, size: int, color: _Color = _INK, *, bold: bool = False) -> None:
    pdf.set_font("sans", "B" if bold else "", size)
    pdf.set_text_color(*color)
    pdf.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")


def _tiles(pdf: FPDF, tiles: Sequence[Tile]) -> None:
    width = pdf.epw / _TILES_A_ROW
    for place, tile in enumerate(tiles):
        row, column = divmod(place, _TILES_A_ROW)
        x, y = pdf.l_margin + column * width, pdf.get_y() if column else pdf.get_y() + (row > 0) * _TILE_HEIGHT
        pdf.set_xy(x, y)
        _cell(pdf, width, tile.label, 8, _QUIET)
        pdf.set_xy(x, y + 4)
        _cell(pdf, width, f"{tile.value}", 15, _INK, bold=True)
        pdf.set_xy(x, y + 11)
        _cell(pdf, width, tile.note, 8, _QUIET)
        pdf.set_xy(x, y)
    pdf.set_xy(pdf.l_margin, pdf.get_y() + _TILE_HEIGHT)


def _cell(
    pdf: FPDF, width: float, text: str, size: int, color: tuple[int, int, int], *, bold: bool = False
) -> None:
    pdf.set_font("sans", "B" if bold else "", size)
    pdf.set_text_color(*color)
    pdf.cell(width, size * 0.5, text)


def _plot(pdf: FPDF, bars: Sequence[Bar]) -> None:
    _write(pdf, _("Calls day by day"), 12, bold=True)
    pdf.ln(2)
    most = max(1.0, *(max(bar.calls, bar.before) for bar in bars))
    top, step = pdf.get_y(), pdf.epw / len(bars)
    floor, every = top + _PLOT_HEIGHT, -(-len(bars) // _MOST_LABELS)
    pdf.set_draw_color(*_LINE)
    pdf.line(pdf.l_margin, floor, pdf.l_margin + pdf.epw, floor)
    for place, bar in enumerate(bars):
        x, width = pdf.l_margin + (place + 0.1) * step, step * 0.8
        for count, color in ((bar.calls, _PALE), (bar.answered, _ACCENT)):
            tall = _PLOT_HEIGHT * count / most
            pdf.set_fill_color(*color)
            pdf.rect(x, floor - tall, width, tall, style="F")
        if place % every == 0:
            pdf.set_xy(x, floor + 1)
            _cell(pdf, 20, bar.label, 7, _QUIET)
    pdf.set_draw_color(*_INK)
    points = [
        (pdf.l_margin + (place + 0.5) * step, floor - _PLOT_HEIGHT * bar.before / most)
        for place, bar in enumerate(bars)
    ]
    pdf.polyline(points)
    pdf.set_xy(pdf.l_margin, floor + 6)
    _write(
        pdf,
        _("Dark: answered. Pale: not answered. Line: the days before. Highest: %(most)s.")
        % {"most": figure(most)},
        8,
        _QUIET,
    )
    pdf.ln(4)


def _table(pdf: FPDF, table: Table, nothing: str) -> None:
    # A title at the foot of a page, its table on the next: who reads the page looks for it.
    if pdf.will_page_break(_TABLE_BEGINS):
        pdf.add_page()
    _write(pdf, table.title, 12, bold=True)
    pdf.ln(1)
    if not table.rows:
        _write(pdf, nothing, 9, _QUIET)
        pdf.ln(3)
        return
    pdf.set_font("sans", "", 8)
    pdf.set_text_color(*_INK)
    pdf.set_draw_color(*_LINE)
    pdf.set_fill_color(255)
    numbers = len(table.head) - table.names
    with pdf.table(
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        col_widths=_widths(pdf, table),
        text_align=(*("LEFT",) * table.names, *("RIGHT",) * numbers),
        line_height=4.5,
        padding=_PADDING,
        headings_style=FontFace(emphasis="BOLD", color=_INK),
    ) as drawn:
        for row in (table.head, *table.rows):
            line = drawn.row()
            for text in row:
                line.cell(_brief(text))
    if table.left_out:
        _write(pdf, _("and %(n)s more on the dashboard") % {"n": table.left_out}, 8, _QUIET)
    pdf.ln(4)


def _brief(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"


def _widths(pdf: FPDF, table: Table) -> tuple[float, ...]:
    """Of its columns: each of figures has room for its longest word, the names have the rest, and a fair share."""
    pdf.set_font("sans", "B", 8)
    lines = [table.head, *table.rows]
    figures = [
        max(pdf.get_string_width(word) for line in lines for word in (line[column].split() or [""]))
        + 2 * _PADDING
        + _AIR
        for column in range(table.names, len(table.head))
    ]
    pdf.set_font("sans", "", 8)
    room = pdf.epw * (1 - _LEAST_NAMES)
    shrunk = min(1.0, room / sum(figures)) if figures else 1.0
    rest = pdf.epw - shrunk * sum(figures)
    return (*(rest / table.names,) * table.names, *(shrunk * each for each in figures))
