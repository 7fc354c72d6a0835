"""The periods a list can be asked for."""

from collections.abc import Mapping
from enum import StrEnum

from swapboard.clock import Millis
from swapboard.web.dashboard.moments import Moments
from swapboard.web.dashboard.translation import Words, _


class Period(StrEnum):
    """A period that ends now, or did when today began."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    EVER = "all"


PERIOD: Mapping[Period, str] = Words(
    {
        Period.TODAY: _("Today"),
        Period.YESTERDAY: _("Yesterday"),
        Period.WEEK: _("Last 7 days"),
        Period.MONTH: _("Last 30 days"),
        Period.QUARTER: _("Last 90 days"),
        Period.EVER: _("All time"),
    }
)

_DAYS_AGO: Mapping[Period, int] = {
    Period.TODAY: 0,
    Period.YESTERDAY: 1,
    Period.WEEK: 6,
    Period.MONTH: 29,
    Period.QUARTER: 89,
}


def bounds(period: Period, moments: Moments) -> tuple[Millis | None, Millis | None]:
    """From when until when, in whole days of the company; today counts as a day."""
    days_ago = _DAYS_AGO.get(period)
    if days_ago is None:
        return None, None
    return moments.day_start(days_ago), moments.day_start() if period is Period.YESTERDAY else None
