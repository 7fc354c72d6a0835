"""Shared-out leads, and people's ways, as CSV."""

import csv
import io
from collections.abc import Sequence

from swapboard.attribution.channel_credit import ChannelCredit
from swapboard.attribution.lead_paths import LONGEST_WAY, LeadPath
from swapboard.reports.breakdown_csv import harmless
from swapboard.reports.dimension import Dimension
from swapboard.reports.roi_csv import decimal_of


def write_credit(by: Dimension, credit: ChannelCredit) -> str:
    """A line for each value, a column for each model; each column's sum is the number of leads, exactly."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([by, *credit.models])
    for value, _shares in credit.rows():
        shares = credit.by_channel[value]
        writer.writerow([harmless(value), *(decimal_of(shares[model]) for model in credit.models)])
    return out.getvalue()


def write_paths(paths: Sequence[LeadPath]) -> str:
    """A line for each way: its last visits, the oldest first, how it ended, and of how many people."""
    out = io.StringIO()
    writer = csv.writer(out)
    visits = (f"visit_{number}" for number in range(1, LONGEST_WAY + 1))
    writer.writerow([*visits, "earlier", "ended_as", "people"])
    for path in paths:
        steps = [*map(harmless, path.steps), *[""] * (LONGEST_WAY - len(path.steps))]
        writer.writerow([*steps, "yes" if path.is_cut else "no", path.ended_as, path.leads])
    return out.getvalue()
