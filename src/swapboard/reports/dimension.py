"""What a report can be broken down by, and filtered by."""

from enum import StrEnum


class Dimension(StrEnum):
    """One thing that is known of a call; the words stand in addresses and in filters."""

    CHANNEL = "channel"
    SOURCE = "source"
    MEDIUM = "medium"
    CAMPAIGN = "campaign"
    KEYWORD = "keyword"
    AD_GROUP = "adgroup"
    """As the ad's address says it: `adgroupid` (`visits/parameters.py`)."""
    AD = "ad"
    """`utm_content`: which ad, or which link in a letter."""
    LANDING_PAGE = "page"
    """Where the visit began, without what follows a question mark."""
    REFERRER = "referrer"
    """The host that the visit came from."""
    DEVICE = "device"
    PLACE = "place"
    """Where the caller's number belongs."""
    REGION = "region"
    """The state or country of that place: what stands behind its comma, or all of it."""
    NUMBER = "number"
    """The tracking number that was dialled."""
    PLACEMENT = "placement"
    """Where a static number stands: the billboard, the flyer."""
    POOL = "pool"
    ANSWERED_BY = "phone"
    """The phone that was rung: who answers, and how often."""
    OUTCOME = "outcome"


OF_VISITS = frozenset(
    {
        Dimension.CHANNEL,
        Dimension.SOURCE,
        Dimension.MEDIUM,
        Dimension.CAMPAIGN,
        Dimension.KEYWORD,
        Dimension.AD_GROUP,
        Dimension.AD,
        Dimension.LANDING_PAGE,
        Dimension.REFERRER,
        Dimension.DEVICE,
    }
)
"""Those that a visit has without any call, so that visits and forms can be counted by them."""
UNKNOWN, NOBODY = "Unknown", "Nobody from the site"
"""The channel of a new person whom no visit has earned."""
