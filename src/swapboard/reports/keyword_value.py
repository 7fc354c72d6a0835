"""What reports say in a keyword's place where there is none: nobody told it, nobody knows it, or there was none.

The words are Google Analytics'. No address can say them (`visits/parameters.py` takes them for a tag that was
never filled in), so that they are told apart from every keyword.
"""

from typing import Final

from swapboard.reports.dimension import NOBODY, UNKNOWN
from swapboard.visits.channel import PAID, Channel

NOT_PROVIDED, NO_KEYWORD = "(not provided)", "(not set)"
"""Where the search engine kept it back, and where there was none."""
KEPT_BACK: Final[Channel] = "Organic Search"
"""Whose search engines mostly tell no keyword."""
NOT_KNOWN: Final = ("", UNKNOWN, NOBODY, *PAID)
"""Of an ad the keyword may be told later; of no visit nothing is known."""


def is_keyword(value: str) -> bool:
    """Whether it is what somebody searched for, or what an ad was for."""
    return value not in ("", NOT_PROVIDED, NO_KEYWORD)


def keyword_value(keyword: str, channel: str) -> str:
    """What a report says of what came by this channel; "" where it is not known."""
    if keyword or channel in NOT_KNOWN:
        return keyword
    return NOT_PROVIDED if channel == KEPT_BACK else NO_KEYWORD


def keyword_of_cost(keyword: str, channel: str) -> str:
    """What a report says of money; an ad platform's has its channel, and of no other is a keyword told later."""
    return keyword_value(keyword, channel) if channel else keyword or NO_KEYWORD
