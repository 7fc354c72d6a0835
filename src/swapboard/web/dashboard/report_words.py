"""What the reports call the things that calls are broken down by, and their values."""

from collections.abc import Mapping

from swapboard.reports.behind import Part
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.names import NAMES, value_name
from swapboard.web.dashboard.translation import Words, _

DIMENSION: Mapping[Dimension, str] = NAMES
COUNTED_BY: Mapping[CountedBy, str] = Words(
    {
        CountedBy.BEST_MATCH: _("by best match"),
        CountedBy.PROBABILITY: _("by probability"),
    }
)

PART: Mapping[Part, str] = Words(
    {
        Part.FIRST_TIME: _("Calls from numbers that had never called before"),
        Part.ANSWERED: _("Answered calls"),
        Part.MISSED: _("Missed calls, without those that left a message"),
        Part.UNANSWERED: _("Calls that nobody answered, also those that left a message"),
        Part.NEW: _("Calls of people who got in touch for the first time"),
        Part.GOOD: _("Calls that were marked as good leads"),
        Part.VALUED: _("Calls of which it is said what they are worth"),
        Part.RANG: _("Calls that rang this phone:"),
        Part.PICKED_UP: _("Calls that were answered at this phone:"),
        Part.SPAM: _("Spam"),
        Part.TURNED_AWAY: _("Spam that was turned away"),
    }
)


def value_words(dimension: Dimension, value: str, country: str) -> str:
    """A value as people read it."""
    if value and dimension is Dimension.LANDING_PAGE:
        return value.removeprefix("https://")
    return value_name(dimension, value, country)
