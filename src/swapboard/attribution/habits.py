"""Learns how often a call's number called before, and how often a visitor calls from the same number again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from swapboard.attribution.curve import Curve
from swapboard.attribution.evidence import Link
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.ring import Ring
from swapboard.attribution.withholding import Withholding

SLOW = 8.0
"""How many calls the prior of a share weighs."""


@dataclass(slots=True)
class Habits:
    """Shares of calls: of each what was counted, and of how much."""

    _fresh: list[float] = field(default_factory=lambda: [SLOW * 0.02, SLOW])
    _fresh_nobody: list[float] = field(default_factory=lambda: [SLOW * 0.02, SLOW])
    _same: list[float] = field(default_factory=lambda: [SLOW * 0.9, SLOW])
    _withholding: Withholding = field(default_factory=Withholding)

    def added(self, curve: Curve) -> Curve:
        """The curve with them."""
        return replace(
            self._withholding.added(curve),
            known_share=min(0.9, self._fresh[0] / self._fresh[1]),
            nobody_known_share=min(0.9, self._fresh_nobody[0] / self._fresh_nobody[1]),
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
        self._withholding.hear(posterior.first, first_nobody, withheld=ring.caller is None)
        if ring.caller is None:
            return
        known = 1.0 if ring.known else 0.0
        self._fresh[0] += known * strangers / total
        self._fresh[1] += strangers / total
        self._fresh_nobody[0] += known * first_nobody
        self._fresh_nobody[1] += first_nobody
