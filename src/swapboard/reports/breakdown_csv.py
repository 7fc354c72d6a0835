"""A breakdown as CSV: a line for each combination of values, with this period's figures and the one before's."""

import csv
import io
from dataclasses import fields

from swapboard.reports.breakdown import Breakdown
from swapboard.reports.figures import Figures

_OF_VISITS = {"visits", "forms"}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def write_breakdown(found: Breakdown) -> str:
    """The text. Visits and forms are left out where they could not be counted."""
    names = [each.name for each in fields(Figures) if found.counts_visits or each.name not in _OF_VISITS]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*found.by, *names, *(f"{name}_before" for name in names)])
    for line in found.lines:
        figures = [getattr(of, name) for of in (line.now, line.before) for name in names]
        writer.writerow([*map(harmless, line.cell), *figures])
    return out.getvalue()


def harmless(value: str) -> str:
    """A value that a spreadsheet would run as a formula becomes a text; what visitors bring stands in them.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    is_number = value.startswith("+") and value[1:].isdigit()
    return f"'{value}" if value.startswith(_DANGEROUS) and not is_number else value
