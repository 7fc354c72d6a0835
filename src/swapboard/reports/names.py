"""What the reports call the things that calls are broken down by, and their values, in plain English."""

from collections.abc import Mapping

from swapboard.numbers.e164 import as_written_in
from swapboard.reports.dimension import Dimension

NAMES: Mapping[Dimension, str] = {
    Dimension.CHANNEL: "Channel",
    Dimension.SOURCE: "Source",
    Dimension.MEDIUM: "Medium",
    Dimension.CAMPAIGN: "Campaign",
    Dimension.KEYWORD: "Keyword",
    Dimension.AD_GROUP: "Ad group",
    Dimension.AD: "Ad",
    Dimension.LANDING_PAGE: "First page",
    Dimension.REFERRER: "Website they came from",
    Dimension.DEVICE: "Device",
    Dimension.PLACE: "Caller's place",
    Dimension.REGION: "Caller's region",
    Dimension.NUMBER: "Number they called",
    Dimension.PLACEMENT: "Placement",
    Dimension.POOL: "Pool",
    Dimension.ANSWERED_BY: "Phone that rang",
    Dimension.OUTCOME: "Outcome",
}
_DEVICE: Mapping[str, str] = {"phone": "Phone", "tablet": "Tablet", "desktop": "Computer"}
_PHONES = frozenset({Dimension.NUMBER, Dimension.ANSWERED_BY})


def value_name(dimension: Dimension, value: str, country: str) -> str:
    """A value as people read it."""
    if not value:
        return "Not known"
    if dimension in _PHONES:
        return as_written_in(country, value)
    if dimension is Dimension.OUTCOME:
        return value.replace("_", " ").capitalize()
    return _DEVICE.get(value, value) if dimension is Dimension.DEVICE else value
