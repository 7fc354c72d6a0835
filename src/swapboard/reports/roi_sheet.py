"""What advertising brought for its money, on a sheet."""

from collections.abc import Sequence

from swapboard.language import _, decimal
from swapboard.reports.costs import money
from swapboard.reports.names import NAMES, value_name
from swapboard.reports.roi import Return, Roi, RoiLine
from swapboard.reports.sheet import MOST_ROWS, Frame, Sheet, Table, Tile, beside, by_words, sheet_of
from swapboard.reports.written import figure

_NONE = "\u2013"


def roi_sheet(frame: Frame, found: Roi) -> Sheet:
    """The dearest lines; the tiles are of what cost something."""
    now, before, shown = found.paid.now, found.paid.before, found.paid.shown
    tiles = (
        _spent(shown.cost_micros, now, before, found.currency),
        Tile(
            _("Revenue, %(currency)s") % {"currency": found.currency},
            amount(shown.revenue_micros, found.currency),
            beside(now.revenue_micros, before.revenue_micros),
        ),
        Tile(_("Revenue for each unit spent"), ratio(now), _("%(share)s before") % {"share": ratio(before)}),
        _per_lead(_("Cost of a new person"), now, before, found.currency),
    )
    head = (
        *(NAMES[each] for each in found.by),
        _("Spent"),
        _("Calls"),
        _("New people"),
        _("A call"),
        _("A new person"),
        _("Revenue"),
    )
    title = by_words(found.by)
    rows = [_row(found, line, frame.country) for line in found.lines[:MOST_ROWS]]
    left_out = max(0, len(found.lines) - MOST_ROWS)
    return sheet_of(frame, tiles, (), [Table(title, head, rows, len(found.by), left_out)])


def spent_tiles(now: Return, before: Return, currency: str) -> Sequence[Tile]:
    """What was spent, and for each new person, as the overview has it."""
    title = _("Spent for each new person, %(currency)s") % {"currency": currency}
    return (_spent(now.cost_micros, now, before, currency), _per_lead(title, now, before, currency))


def amount(micros: int | None, currency: str) -> str:
    """`1,250.50`; a dash where nothing can be divided."""
    return _NONE if micros is None else money(micros, currency)


def ratio(found: Return) -> str:
    """Revenue for each unit spent, with two places."""
    return _NONE if found.roas is None else decimal(float(found.roas), 2)


def _spent(shown_micros: int, now: Return, before: Return, currency: str) -> Tile:
    title = _("Spent, %(currency)s") % {"currency": currency}
    return Tile(title, amount(shown_micros, currency), beside(now.cost_micros, before.cost_micros))


def _per_lead(title: str, now: Return, before: Return, currency: str) -> Tile:
    earlier = before.per_lead
    said = "" if earlier is None else _("%(share)s before") % {"share": amount(earlier, currency)}
    return Tile(title, amount(now.per_lead, currency), said)


def _row(found: Roi, line: RoiLine, country: str) -> tuple[str, ...]:
    now, shown, currency = line.now, line.shown, found.currency
    return (
        *(value_name(each, value, country) for each, value in zip(found.by, line.cell, strict=True)),
        amount(shown.cost_micros, currency),
        figure(now.figures.calls, shown.figures.calls),
        figure(now.figures.leads, shown.figures.leads),
        amount(now.per_call, currency),
        amount(now.per_lead, currency),
        amount(shown.revenue_micros, currency),
    )
