"""How firmly the numbering plan is believed of where a region's visitors call from: as far as it foretold.

Where it foretells them well, what a few dozen calls of a region differ by is chance, and is not to be believed;
where it does not, the calls are.
"""

from collections.abc import Sequence
from math import exp, lgamma, log
from typing import NamedTuple

from swapboard.attribution.evidence import PLAN_CALLS, Areas

TRIED = tuple(PLAN_CALLS * 10.0 ** (step / 2) for step in range(-4, 5))
"""From a hundredth of what is believed beforehand to a hundred times as much."""
DOUBT = 1.5
"""How far the logarithm may be from what is believed beforehand."""
LEAST_CALLS = 1e-9


class Region(NamedTuple):
    """What of a region does not depend on how firmly the plan is believed."""

    calls: float
    by_area: list[tuple[float, float]]
    """The share of its calls that was foretold of each area, and the calls that came."""


def firmness(areas: Areas) -> float:
    """How many calls of a region the plan weighs: the mean of those tried, as probable as each is."""
    plans = {area: areas.plan_of(area) for by_area in areas.by_region.values() for area in by_area}
    regions = [
        Region(
            areas.region_totals[region],
            [(plans[area].foretold(region), counted) for area, counted in by_area.items()],
        )
        for region, by_area in areas.by_region.items()
    ]
    logs = [log(each) for each in TRIED]
    probable = [_probable(regions, each) - ((log(each / PLAN_CALLS)) / DOUBT) ** 2 / 2.0 for each in TRIED]
    best = max(probable)
    weights = [exp(each - best) for each in probable]
    return exp(sum(weight * each for weight, each in zip(weights, logs, strict=True)) / sum(weights))


def _probable(regions: Sequence[Region], firm: float) -> float:
    """The logarithm of how probable the regions' calls are if shares lie so firmly about what is foretold."""
    found = 0.0
    for region in regions:
        found += lgamma(firm) - lgamma(firm + region.calls)
        for share, counted in region.by_area:
            foretold = firm * share + LEAST_CALLS
            found += lgamma(foretold + counted) - lgamma(foretold)
    return found
