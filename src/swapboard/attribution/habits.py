"""Learns how often a call's number called before, and how often a visitor calls from the same number again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from swapboard.attribution.curve import Curve
from swapboard.attribution.evidence import Link
from swapboard.attribution.first_calls import SLOW, FirstCalls
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.ring import Ring


@dataclass(slots=True)
class Habits:
    """Shares of calls: of each what was counted, and of how much."""

    _same: list[float] = field(default_factory=lambda: [SLOW * 0.9, SLOW])
    _first: FirstCalls = field(default_factory=FirstCalls)

    def added(self, curve: Curve) -> Curve:
        """The curve with them."""
        return replace(
            self._first.added(curve),
            same_number=min(0.99, self._same[0] / self._same[1]),
        )

    def hear(self, ring: Ring, posterior: Posterior, links: Mapping[str, Link], kept: float) -> None:
        """How often a first call comes from a number that called before, and a later visit from the same."""
        strangers = same = other = 0.0
        for each in posterior.weighed:
            first = each.weight - each.again
            link = links.get(each.holder.visitor_id)
            if link is None:
                strangers += first
            elif link.caller == ring.caller:
                linked = link.belief * kept
                same += first * linked / (linked + (1.0 - link.belief) * posterior.scales.unheard)
            else:
                linked = link.belief * (1.0 - kept)
                other += first * linked / (linked + 1.0 - link.belief)
        total = posterior.total
        self._same[0] += same / total
        self._same[1] += (same + other) / total
        first_nobody = posterior.nobody - posterior.scales.nobody_again / total
        self._first.hear(
            posterior.first,
            strangers / total,
            first_nobody,
            withheld=ring.caller is None,
            known=ring.known is not None,
        )
