"""Numbers as CSV: a list to look through in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Mapping

from swapboard.numbers.listing import NumberRecord
from swapboard.spreadsheet import harmless

COLUMNS = (
    "number",
    "status",
    "pool",
    "target",
    "placement",
    "channel",
    "source",
    "medium",
    "campaign",
    "monthly_price",
    "placement_cost",
    "starts_on",
    "ends_on",
)


def to_csv(records: Iterable[NumberRecord], of_pool: Mapping[str, str], of_target: Mapping[str, str]) -> str:
    """The numbers with what they are for; `of_pool` has the pools' names, `of_target` the targets' numbers."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for each in records:
        told = (
            each.status.value,
            of_pool.get(each.pool_id or ""),
            each.placement,
            each.channel,
            each.source,
            each.medium,
            each.campaign,
            _money(each.monthly_cents),
            _money(each.placement_cents),
            each.starts_on,
            each.ends_on,
        )
        status, pool, *rest = (harmless(text or "") for text in told)
        writer.writerow([each.number, status, pool, of_target.get(each.target_id or "", ""), *rest])
    return file.getvalue()


def _money(cents: int | None) -> str | None:
    return f"{cents / 100:.2f}" if cents is not None else None
