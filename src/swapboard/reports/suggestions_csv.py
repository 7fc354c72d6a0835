"""What is worth a look as CSV: a line for each suggestion, whatever it is of."""

import csv
import io
from collections.abc import Iterator

from swapboard.reports.breakdown_csv import harmless
from swapboard.reports.roi_csv import decimal_of
from swapboard.reports.suggestions import Suggestions, unanswered

_HEADINGS = (
    "about",
    "campaign",
    "keyword",
    "days",
    "hour",
    "currency",
    "cost",
    "expected_calls",
    "calls",
    "unanswered",
)


def write_suggestions(found: Suggestions) -> str:
    """The text; a cell is empty where a suggestion has no such thing."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _HEADINGS)
    writer.writeheader()
    writer.writerows(_rows(found))
    return out.getvalue()


def _rows(found: Suggestions) -> Iterator[dict[str, object]]:
    for each in found.wasted:
        yield {
            "about": "keyword",
            "campaign": harmless(each.campaign),
            "keyword": harmless(each.keyword),
            "currency": found.currency,
            "cost": decimal_of(each.spent.cost_micros),
            "expected_calls": decimal_of(round(each.expected_calls * 1_000_000)),
            "calls": 0,
        }
    for campaign in found.campaigns:
        counted = {"calls": campaign.figures.calls, "unanswered": unanswered(campaign.figures)}
        yield {"about": "campaign", "campaign": harmless(campaign.campaign), **counted}
    for hour in found.hours:
        counted = {"calls": hour.figures.calls, "unanswered": unanswered(hour.figures)}
        yield {"about": "hour", "days": hour.days.value, "hour": hour.hour, **counted}
