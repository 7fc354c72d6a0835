"""How a call is shared out over the visits that may have made it, in whole millionths that sum to one exactly.

What is left over of a call is nobody's from the site; where the call is credited to no visit, that is what it is
credited to itself: a placement, or nothing that we know.
"""

from collections.abc import Sequence
from typing import NamedTuple

from swapboard.attribution.posterior import Candidate
from swapboard.attribution.touch import WHOLE


class Kept(NamedTuple):
    """What does not go to other visits."""

    own: int
    """For what the call itself is credited to."""
    nobodys: int


def kept(kind: str, session_id: str | None, candidates: Sequence[Candidate]) -> Kept:
    """What stays of a call that is credited so, with these candidates."""
    parts = [(each.session_id, int(each.probability * WHOLE)) for each in candidates]
    own = sum(part for who, part in parts if who == session_id)
    left = max(0, WHOLE - sum(part for _, part in parts))
    is_own = kind != "session" or not candidates
    return Kept(own + left, 0) if is_own else Kept(own, left)
