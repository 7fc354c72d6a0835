"""What is worth a look, to export: a line for each suggestion, whatever it is of."""

from collections.abc import Iterator

from swapboard.reports.grid import MILLION, Cell, Column, Grid, Kind, millionths
from swapboard.reports.suggestions import Suggestions, unanswered

_COLUMNS = (
    Column("about"),
    Column("campaign"),
    Column("keyword"),
    Column("days"),
    Column("hour", Kind.WHOLE),
    Column("currency"),
    Column("cost", Kind.DECIMAL),
    Column("expected_calls", Kind.DECIMAL),
    Column("calls", Kind.WHOLE),
    Column("unanswered", Kind.WHOLE),
)


def suggestions_grid(found: Suggestions) -> Grid:
    """A cell has nothing where a suggestion has no such thing."""
    return Grid(_COLUMNS, [[each.get(column.name) for column in _COLUMNS] for each in _rows(found)])


def _rows(found: Suggestions) -> Iterator[dict[str, Cell]]:
    for each in found.wasted:
        yield {
            "about": "keyword",
            "campaign": each.campaign,
            "keyword": each.keyword,
            "currency": found.currency,
            "cost": millionths(each.spent.cost_micros),
            "expected_calls": millionths(round(each.expected_calls * MILLION)),
            "calls": 0,
        }
    for campaign in found.campaigns:
        counted = {"calls": campaign.figures.calls, "unanswered": unanswered(campaign.figures)}
        yield {"about": "campaign", "campaign": campaign.campaign, **counted}
    for hour in found.hours:
        counted = {"calls": hour.figures.calls, "unanswered": unanswered(hour.figures)}
        yield {"about": "hour", "days": hour.days.value, "hour": hour.hour, **counted}
