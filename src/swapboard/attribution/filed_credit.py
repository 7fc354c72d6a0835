"""What is filed of how a lead is shared out over its visits, so that the reports of models only add up.

Six of the models say for ever the same of a lead whose visits stay the same. What the one by data says changes
with what it learns: of its shares is filed what they are worked out from.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from swapboard.attribution.channel_credit import Way, is_plain, shares_of
from swapboard.attribution.touch import WHOLE, Model, Moment
from swapboard.clock import Millis

FILED = tuple(model for model in Model if model is not Model.DATA_DRIVEN)
"""The models whose shares are filed."""


class VisitShare(NamedTuple):
    """One visit's part of a lead; or what no visit earned, without a session."""

    session_id: str | None
    is_plain: bool
    """Whether no way of the lead has more than one visit: all models say the same, the one by data too."""
    way: int
    probability: float
    """Of the way that the visit is on."""
    until_last: int
    """How many visits of the way come after it."""
    visits: int
    """How many the way has."""
    shares: Sequence[int]
    """In the order of FILED, in millionths."""


def shared_out(ways: Sequence[Way], lead_at: Millis) -> Iterator[VisitShare]:
    """Each visit's part, way by way, and last what none earned, if there may be such."""
    plain = is_plain(ways)
    by_model = list(shares_of(ways, FILED, Moment(lead_at, {})))
    for number, way in enumerate(ways):
        for place, touch in enumerate(way.touches, 1):
            shares = [shares[touch.session_id] for shares in by_model]
            visits = len(way.touches)
            yield VisitShare(touch.session_id, plain, number, way.probability, visits - place, visits, shares)
    left = [WHOLE - sum(shares.values()) for shares in by_model]
    if any(left) or not plain:
        yield VisitShare(None, plain, len(ways), 0.0, 0, 0, left)
