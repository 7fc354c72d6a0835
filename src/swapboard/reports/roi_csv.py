"""Returns as CSV: a line for each combination of values, amounts as decimals in the company's currency."""

import csv
import io
from collections.abc import Callable, Mapping

from swapboard.reports.breakdown_csv import harmless
from swapboard.reports.roi import Return, Roi

_AMOUNTS: Mapping[str, Callable[[Return], int | None]] = {
    "cost": lambda each: each.cost_micros,
    "revenue": lambda each: each.revenue_micros,
    "cost_per_call": lambda each: each.per_call,
    "cost_per_first_time_caller": lambda each: each.per_first_time_caller,
    "cost_per_qualified": lambda each: each.per_qualified,
    "cost_per_lead": lambda each: each.per_lead,
    "cost_per_form": lambda each: each.per_form,
}
_COUNTS = ("calls", "first_time", "qualified", "leads", "forms")


def write_roi(found: Roi) -> str:
    """The text; a cell is empty where nothing can be divided."""
    counts = [name for name in _COUNTS if found.counts_forms or name != "forms"]
    names = [*counts, *_AMOUNTS, "roas"]
    out = io.StringIO()
    writer = csv.writer(out)
    before = [f"{name}_before" for name in names]
    writer.writerow([*found.by, "currency", *names, "place_by_forms", "place", *before])
    for line in found.lines:
        now, then = (_values(each, counts) for each in (line.now, line.before))
        writer.writerow([*map(harmless, line.cell), found.currency, *now, line.place_by_forms, line.place, *then])
    return out.getvalue()


def decimal_of(micros: int | None) -> str:
    """Millionths as a decimal, exactly: `12.50`, `3.333333`; nothing for None."""
    if micros is None:
        return ""
    whole, rest = divmod(abs(micros), 1_000_000)
    digits = f"{rest:06}"
    return f"{'-' if micros < 0 else ''}{whole}.{digits[:2]}{digits[2:].rstrip('0')}"


def _values(each: Return, counts: list[str]) -> list[object]:
    roas = "" if each.roas is None else decimal_of(round(each.roas * 1_000_000))
    amounts = [decimal_of(amount(each)) for amount in _AMOUNTS.values()]
    return [*(getattr(each.figures, name) for name in counts), *amounts, roas]
