"""What the reports call the things that calls are broken down by, their values, and days of the week."""

from collections.abc import Mapping

from swapboard.calls.call import Status
from swapboard.calls.status_words import STATUS
from swapboard.language import Words, _
from swapboard.numbers.e164 import as_written_in
from swapboard.reports.dimension import NOBODY, UNKNOWN, Dimension
from swapboard.reports.keyword_value import NO_KEYWORD, NOT_PROVIDED
from swapboard.reports.suggestions import DayKind

NAMES: Mapping[Dimension, str] = Words(
    {
        Dimension.CHANNEL: _("Channel"),
        Dimension.SOURCE: _("Source"),
        Dimension.MEDIUM: _("Medium"),
        Dimension.CAMPAIGN: _("Campaign"),
        Dimension.KEYWORD: _("Keyword"),
        Dimension.AD_GROUP: _("Ad group"),
        Dimension.AD: _("Ad"),
        Dimension.LANDING_PAGE: _("First page"),
        Dimension.REFERRER: _("Website they came from"),
        Dimension.DEVICE: _("Device"),
        Dimension.PLACE: _("Caller's place"),
        Dimension.REGION: _("Caller's region"),
        Dimension.NUMBER: _("Number they called"),
        Dimension.PLACEMENT: _("Placement"),
        Dimension.POOL: _("Pool"),
        Dimension.ANSWERED_BY: _("Phone that rang"),
        Dimension.OUTCOME: _("Outcome"),
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
_LACKING: Mapping[Dimension, str] = Words(
    {
        Dimension.CAMPAIGN: _("No campaign"),
        Dimension.AD_GROUP: _("No ad group"),
        Dimension.AD: _("No ad"),
        Dimension.REFERRER: _("No website"),
        Dimension.PLACEMENT: _("No placement"),
        Dimension.POOL: _("No pool"),
    }
)
"""What not every visit or number has: where it stands empty, nothing is unknown."""
_NO_KEYWORD: Mapping[str, str] = Words({NOT_PROVIDED: _("Not provided"), NO_KEYWORD: _("No keyword")})
_NO_CHANNEL: Mapping[str, str] = Words({UNKNOWN: _("Unknown"), NOBODY: _("Nobody from the site")})
_DEVICE: Mapping[str, str] = Words({"phone": _("Phone"), "tablet": _("Tablet"), "desktop": _("Computer")})
_PHONES = frozenset({Dimension.NUMBER, Dimension.ANSWERED_BY})


def value_name(dimension: Dimension, value: str, country: str) -> str:
    """A value as people read it."""
    if not value:
        return _LACKING.get(dimension, _("Not known"))
    if dimension in _PHONES:
        return as_written_in(country, value)
    if dimension is Dimension.OUTCOME:
        return STATUS[Status(value)]
    if dimension is Dimension.CHANNEL:
        return _NO_CHANNEL.get(value, value)
    if dimension is Dimension.KEYWORD:
        return _NO_KEYWORD.get(value, value)
    return _DEVICE.get(value, value) if dimension is Dimension.DEVICE else value
