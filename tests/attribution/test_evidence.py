"""What the callers' areas teach, on callers whose regions and habits are known."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swapboard.attribution.evidence import Areas
from swapboard.attribution.learned import Learned, from_json

REGIONS = {"US-NY": ("+1212", "+1718", "+1914"), "US-NJ": ("+1201", "+1973"), "US-CT": ("+1203",)}
HOMES = {area: region for region, areas in REGIONS.items() for area in areas}


@given(st.sampled_from([0.2, 0.5, 0.8]), st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_how_many_call_from_where_they_live_is_learned(agreement: float, seed: int) -> None:
    """Also where an area is one of several of its region: each counts for the whole region's share."""
    chance = Random(seed)
    areas = Areas(homes=dict(HOMES))
    everywhere = list(HOMES)
    for _ in range(4000):
        region = chance.choice(list(REGIONS))
        lives_there = chance.random() < agreement
        area = chance.choice(REGIONS[region] if lives_there else everywhere)
        areas.heard(area)
        areas.credit(area, region, 1.0)
    assert areas.agreement == pytest.approx(agreement, abs=0.06)


def test_what_was_believed_of_the_first_calls_is_not_counted_for_good() -> None:
    """Shared out by the agreement as it was believed when they rang, three hundred calls left it at 0.91."""
    found = []
    for seed in range(40):
        chance, areas = Random(seed), Areas(homes=dict(HOMES))
        for _ in range(300):
            region = chance.choice(list(REGIONS))
            area = chance.choice(REGIONS[region if chance.random() < 0.95 else chance.choice(list(REGIONS))])
            areas.heard(area)
            areas.credit(area, region, 1.0)
        found.append(areas.agreement)
    assert sum(found) / len(found) == pytest.approx(0.95, abs=0.02)


@given(st.integers(0, 999))
@settings(max_examples=30, deadline=None)
def test_who_rings_from_home_is_counted_as_if_all_areas_were_added_up(seed: int) -> None:
    chance, areas = Random(seed), Areas(homes=dict(HOMES))
    elsewhere = (*HOMES, "+4420", "+4930")
    for _ in range(60):
        if chance.random() < 0.2:
            areas.lives(chance.choice(elsewhere), chance.choice((*REGIONS, None)))
        else:
            areas.heard(chance.choice(elsewhere))
    moved = replace(areas, homes={**areas.homes, "+4420": "US-NY"})
    for each in (areas, moved, from_json(1, Learned(areas=moved).as_json()).areas):
        for region in REGIONS:
            added_up = sum(count for area, count in each.by_area.items() if each.homes.get(area) == region)
            assert each.at_home.get(region, 0.0) == added_up
