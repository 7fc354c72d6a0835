"""How firmly the numbering plan is believed, on callers who live where it says and on others."""

from random import Random

import pytest

from swapboard.attribution.area_firmness import firmness
from swapboard.attribution.evidence import PLAN_CALLS, Areas, Ratios

REGIONS = {"US-NY": ("+1212", "+1718", "+1914"), "US-NJ": ("+1201", "+1973"), "US-CT": ("+1203",)}
HOMES = {area: region for region, areas in REGIONS.items() for area in areas}
EVERYWHERE = list(HOMES)
LIVE_THERE = 0.8
ELSEWHERE = {"US-NY": ("+1201",), "US-NJ": ("+1203",), "US-CT": ("+1718",)}


def heard(calls: int, *, by_the_plan: bool) -> Areas:
    """Callers of each region who ring from its areas alike, or nearly all from one that is another region's."""
    chance, areas = Random(7), Areas(homes=dict(HOMES))
    for _ in range(calls):
        region = chance.choice(list(REGIONS))
        home = (REGIONS if by_the_plan else ELSEWHERE)[region]
        area = chance.choice(home if chance.random() < LIVE_THERE else REGIONS[chance.choice(list(REGIONS))])
        areas.heard(area)
        areas.credit(area, region, 1.0)
    return areas


def error(areas: Areas) -> float:
    """The mean error of the shares by region, where callers are as the plan says."""
    at_large = {area: 1.0 / len(REGIONS[HOMES[area]]) / len(REGIONS) for area in EVERYWHERE}
    errors = [
        abs(
            (Ratios(areas, area).get(region) - 1.0 + LIVE_THERE) * at_large[area]
            - LIVE_THERE * (area in of) / len(of)
        )
        for region, of in REGIONS.items()
        for area in EVERYWHERE
    ]
    return sum(errors) / len(errors)


def test_before_any_call_the_plan_weighs_what_is_believed_beforehand() -> None:
    assert firmness(Areas()) == pytest.approx(PLAN_CALLS)
    assert firmness(heard(3, by_the_plan=True)) == pytest.approx(PLAN_CALLS, rel=0.25)


def test_a_plan_that_foretells_the_calls_is_believed_more_firmly() -> None:
    areas = heard(4000, by_the_plan=True)
    before = error(areas)
    areas.firmness = firmness(areas)
    assert areas.firmness > 2 * PLAN_CALLS
    assert error(areas) < before


def test_a_plan_that_is_wrong_gives_way_to_the_calls() -> None:
    assert firmness(heard(4000, by_the_plan=False)) < PLAN_CALLS / 2
