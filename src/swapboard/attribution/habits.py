"""Learns how often a call's number called before, and how often a visitor calls from the same number again."""

from dataclasses import dataclass, field, replace

from swapboard.attribution.curve import Curve
from swapboard.attribution.first_calls import FirstCalls
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.ring import Ring
from swapboard.attribution.same_number import SameNumber, linked_of


@dataclass(slots=True)
class Habits:
    """Shares of calls: of each what was counted, and of how much."""

    _same: SameNumber = field(default_factory=SameNumber)
    _first: FirstCalls = field(default_factory=FirstCalls)

    def added(self, curve: Curve) -> Curve:
        """The curve with them."""
        return replace(self._first.added(curve), same_number=self._same.share)

    def hear(self, ring: Ring, posterior: Posterior) -> None:
        """How often a first call comes from a number that called before, and a later visit from the same."""
        self._same.hear(linked_of(ring, posterior))
        total = posterior.total
        strangers = sum([each.weight - each.again for each in posterior.weighed if each.link is None])
        first_nobody = posterior.nobody - posterior.scales.nobody_again / total
        self._first.hear(
            posterior.first,
            strangers / total,
            first_nobody,
            withheld=ring.caller is None,
            known=ring.known is not None,
        )
