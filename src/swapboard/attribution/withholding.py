"""Learns how many first calls come from a withheld number, of visitors and of nobody.

Who withheld its number and calls again is told from who calls for the first time by how few first calls withhold.
"""

from dataclasses import dataclass, replace

from swapboard.attribution.curve import Curve

PRIOR = 8.0
"""How many calls the prior of the share weighs."""
FIRM = 100.0
"""How many calls of visitors, or of nobody, the share of both weighs. Who was nobody is hardly known: shares that
differ at once would make it the likelier caller of some calls, and prove themselves by those.
"""
LEAST, MOST = 1e-4, 0.99


@dataclass(slots=True)
class _Heard:
    """First calls: how many there were, and how many from a withheld number."""

    all: float = 0.0
    withheld: float = 0.0

    def share(self, before: float, weight: float) -> float:
        """The share that withholds, where it was believed to be so much before."""
        return (self.withheld + weight * before) / (self.all + weight)


class Withholding:
    """First calls that were heard, as far as each was a visitor's or nobody's."""

    def __init__(self) -> None:
        self._visitors, self._nobody = _Heard(), _Heard()

    def hear(self, visitor: float, nobody: float, *, withheld: bool) -> None:
        """A call was so probably a visitor's first, and so probably nobody's first."""
        for heard, belief in ((self._visitors, visitor), (self._nobody, nobody)):
            heard.all += belief
            heard.withheld += belief * withheld

    def added(self, curve: Curve) -> Curve:
        """The curve with both shares."""
        visitors, nobody = self._visitors, self._nobody
        both = _Heard(visitors.all + nobody.all, visitors.withheld + nobody.withheld)
        share = both.share(Curve.withheld_share, PRIOR)
        return replace(
            curve,
            withheld_share=_within(visitors.share(share, FIRM)),
            nobody_withheld_share=_within(nobody.share(share, FIRM)),
        )


def _within(share: float) -> float:
    return min(MOST, max(LEAST, share))
