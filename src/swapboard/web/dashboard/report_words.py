"""What the reports call the things that calls are broken down by, and their values."""

from collections.abc import Mapping

from swapboard.calls.call import Status
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.names import NAMES, value_name
from swapboard.reports.suggestions import DayKind
from swapboard.web.dashboard.translation import Words, _
from swapboard.web.dashboard.words import STATUS

DIMENSION: Mapping[Dimension, str] = NAMES
COUNTED_BY: Mapping[CountedBy, str] = Words(
    {
        CountedBy.BEST_MATCH: _("by best match"),
        CountedBy.PROBABILITY: _("by probability"),
    }
)
DAY_KIND: Mapping[DayKind, str] = Words(
    {
        DayKind.WEEKDAY: _("Monday to Friday"),
        DayKind.MONDAY: _("Monday"),
        DayKind.TUESDAY: _("Tuesday"),
        DayKind.WEDNESDAY: _("Wednesday"),
        DayKind.THURSDAY: _("Thursday"),
        DayKind.FRIDAY: _("Friday"),
        DayKind.SATURDAY: _("Saturday"),
        DayKind.SUNDAY: _("Sunday"),
    }
)


def value_words(dimension: Dimension, value: str, country: str) -> str:
    """A value as people read it."""
    if value and dimension is Dimension.OUTCOME:
        return STATUS[Status(value)]
    if value and dimension is Dimension.LANDING_PAGE:
        return value.removeprefix("https://")
    return value_name(dimension, value, country)
