"""Learns of visitors' and nobody's first calls how many withhold their number, and how many have a known one."""

from dataclasses import dataclass, field, replace

from swapboard.attribution.curve import Curve
from swapboard.attribution.withholding import Withholding

SLOW = 8.0
"""How many calls the prior of a share weighs."""
MOST = 0.9


@dataclass(slots=True)
class FirstCalls:
    """First calls that were heard: of visitors and of nobody, how many came from a number that called before."""

    _strangers: list[float] = field(default_factory=lambda: [SLOW * Curve.known_share, SLOW])
    _nobody: list[float] = field(default_factory=lambda: [SLOW * Curve.nobody_known_share, SLOW])
    _withholding: Withholding = field(default_factory=Withholding)

    def hear(self, visitor: float, stranger: float, nobody: float, *, withheld: bool, known: bool) -> None:
        """A call was so probably a visitor's first, one's who never called before, and nobody's first."""
        self._withholding.hear(visitor, nobody, withheld=withheld)
        if withheld:
            return
        for heard, belief in ((self._strangers, stranger), (self._nobody, nobody)):
            heard[0] += belief * known
            heard[1] += belief

    def added(self, curve: Curve) -> Curve:
        """The curve with all four shares."""
        return replace(
            self._withholding.added(curve),
            known_share=min(MOST, self._strangers[0] / self._strangers[1]),
            nobody_known_share=min(MOST, self._nobody[0] / self._nobody[1]),
        )
