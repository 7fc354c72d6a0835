"""A sheet as an e-mail: HTML that a telephone shows without scrolling sideways, and the same as plain text."""

from collections.abc import Iterator, Sequence
from html import escape

from swapboard.language import _, current, direction
from swapboard.letter import Letter
from swapboard.reports.sheet import Bar, Sheet, Table, Tile
from swapboard.reports.written import figure

ROWS_IN_LETTER, NUMBERS_IN_LETTER = 15, 3
_LONGEST_SUBJECT = 200
_PLOT_PIXELS = 90
_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{title}</title></head>
<body style="margin:0;padding:16px;font:15px/1.45 sans-serif">
<div style="max-width:40em;margin:auto">
<h1 style="font-size:20px;margin:0">{title}</h1>
<p style="margin:2px 0 16px;opacity:.75">{about}</p>
{body}
<p style="margin:20px 0"><a href="{address}" style="display:inline-block;padding:12px 20px;border:2px solid;\
border-radius:8px;font-weight:bold;text-decoration:none">{open}</a></p>
<p style="font-size:13px;opacity:.75">{why}{ending}</p>
</div></body></html>"""
_ENDING = ' <a href="{address}" style="color:inherit">{stop}</a>'
_TABLE = "width:100%;table-layout:fixed;border-collapse:collapse;font-size:13px"
_CELL = "padding:5px 2px;border-bottom:1px solid #8884;vertical-align:top"


def sheet_letter(sheet: Sheet, address: str, why: str, ending: str | None) -> Letter:
    """The letter; `why` says why somebody gets it, `ending` is where they say that they want no more."""
    title = " ".join(f"{sheet.title}: {sheet.period}".split())[:_LONGEST_SUBJECT]
    about = " · ".join(
        filter(
            None,
            (sheet.company, sheet.period, _("only %(filter)s") % {"filter": sheet.only} if sheet.only else ""),
        )
    )
    body = [
        _tiles(sheet.tiles),
        _bars(sheet.bars) if sheet.bars else "",
        *(_table(each, sheet.nothing) for each in sheet.tables),
    ]
    body += [f'<p style="font-size:13px;opacity:.75">{escape(sheet.about)}</p>'] if sheet.about else []
    html = _PAGE.format(
        language=current(),
        direction=direction(),
        open=escape(_("Open the report")),
        title=escape(sheet.title),
        about=escape(about),
        body="\n".join(body),
        address=escape(address),
        why=escape(why),
        ending=_ENDING.format(address=escape(ending), stop=escape(_("Send me no more of these")))
        if ending
        else "",
    )
    return Letter(title, _plain(sheet, about, address, why, ending), html)


def _tiles(tiles: Sequence[Tile]) -> str:
    """Each as wide as it must be, so that a narrow screen shows two beside each other."""
    return "".join(
        '<div style="display:inline-block;min-width:128px;margin:0 12px 14px 0;vertical-align:top">'
        f'<div style="font-size:13px;opacity:.75">{escape(tile.label)}</div>'
        f'<div style="font-size:24px;font-weight:bold;line-height:1.2">{escape(tile.value)}</div>'
        f'<div style="font-size:13px;opacity:.75">{escape(tile.note)}</div></div>'
        for tile in tiles
    )


def _bars(bars: Sequence[Bar]) -> str:
    """Cells with a height: programs for mail show no SVG."""
    most = max(1.0, *(bar.calls for bar in bars))
    cells = "".join(
        f'<td title="{escape(bar.label)}: {figure(bar.calls)}" style="vertical-align:bottom;padding:0 1px">'
        f"{_block(bar.calls - bar.answered, most, '#a4c3f0')}{_block(bar.answered, most, '#1d5fd0')}</td>"
        for bar in bars
    )
    ends = _("%(first)s to %(last)s; at most %(most)s calls a day; dark: answered") % {
        "first": bars[0].label,
        "last": bars[-1].label,
        "most": figure(most),
    }
    return (
        f'<h2 style="font-size:16px;margin:20px 0 8px">{escape(_("Calls day by day"))}</h2>'
        f'<table role="presentation" style="width:100%;height:{_PLOT_PIXELS}px;table-layout:fixed;'
        f'border-collapse:collapse"><tr>{cells}</tr></table>'
        f'<p style="margin:4px 0 16px;font-size:13px;opacity:.75">{escape(ends)}</p>'
    )


def _block(count: float, most: float, color: str) -> str:
    pixels = round(_PLOT_PIXELS * count / most)
    return f'<div style="height:{pixels}px;font-size:0;background:{color}">&nbsp;</div>' if pixels else ""


def _table(table: Table, nothing: str) -> str:
    title = f'<h2 style="font-size:16px;margin:20px 0 8px">{escape(table.title)}</h2>'
    if not table.rows:
        return f"{title}<p>{escape(nothing)}</p>"
    rows = "".join(f"<tr>{''.join(_cells(tag, row, table.names))}</tr>" for tag, row in _tagged(table))
    more = table.left_out + max(0, len(table.rows) - ROWS_IN_LETTER)
    left_out = escape(_("and %(n)s more in the report") % {"n": more})
    note = f'<p style="font-size:13px;opacity:.75">{left_out}</p>' if more else ""
    return f'{title}<table style="{_TABLE}">{rows}</table>{note}'


def _tagged(table: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "th", table.head
    for row in table.rows[:ROWS_IN_LETTER]:
        yield "td", row


def _cells(tag: str, row: tuple[str, ...], names: int) -> Iterator[str]:
    """The words in one cell, and the first three numbers: more do not fit beside each other on a telephone."""
    words = " · ".join(f"<bdi>{escape(each)}</bdi>" for each in row[:names])
    yield f'<{tag} style="{_CELL};width:31%;text-align:start;overflow-wrap:anywhere">{words}</{tag}>'
    style = (
        f"{_CELL};text-align:end;hyphens:auto;overflow-wrap:break-word{';font-size:12px' if tag == 'th' else ''}"
    )
    for each in row[names : names + NUMBERS_IN_LETTER]:
        yield f'<{tag} style="{style}">{escape(each)}</{tag}>'


def _plain(sheet: Sheet, about: str, address: str, why: str, ending: str | None) -> str:
    lines = [sheet.title, about, ""]
    lines += [f"{tile.label}: {tile.value}{f' ({tile.note})' if tile.note else ''}" for tile in sheet.tiles]
    for table in sheet.tables:
        lines += ["", table.title, " | ".join(filter(None, table.head))]
        lines += [" | ".join(filter(None, row)) for row in table.rows[:ROWS_IN_LETTER]]
    lines += ["", sheet.about] if sheet.about else []
    lines += ["", f"{_('Open the report')}: {address}", "", why]
    if ending:
        lines.append(f"{_('Send me no more of these')}: {ending}")
    return "\n".join(lines) + "\n"
