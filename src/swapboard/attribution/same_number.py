"""Learns how often a visitor that called before has the same number when it calls again."""

from dataclasses import dataclass, field
from typing import NamedTuple

from swapboard.attribution.curve import Curve
from swapboard.attribution.first_calls import SLOW
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.ring import Ring

MOST = 0.99


class Linked(NamedTuple):
    """How probably a call is a later visit's of one that called before: from the same number, or another."""

    same: float = 0.0
    other: float = 0.0


UNLINKED = Linked()


def linked_of(ring: Ring, posterior: Posterior) -> Linked:
    """What a call that was weighed tells of it."""
    kept = posterior.curve.same_number
    same = other = 0.0
    for each in posterior.weighed:
        link = each.link
        if link is None or link.session_id == each.holder.session_id:
            # Whose own call it may have been tells nothing of later visits.
            continue
        first = each.weight - each.again
        if link.caller == ring.caller:
            linked = link.belief * kept
            same += first * linked / (linked + (1.0 - link.belief) * posterior.scales.unheard)
        else:
            linked = link.belief * (1.0 - kept)
            other += first * linked / (linked + 1.0 - link.belief)
    return Linked(same / posterior.total, other / posterior.total)


@dataclass(slots=True)
class SameNumber:
    """Later visits' calls that were heard: how many, and how many from the same number."""

    _same: float = SLOW * Curve.same_number
    _all: float = field(default=SLOW)

    def hear(self, linked: Linked) -> None:
        """One more call."""
        self._same += linked.same
        self._all += linked.same + linked.other

    @property
    def share(self) -> float:
        """Of those that have the same number."""
        return min(MOST, self._same / self._all)
