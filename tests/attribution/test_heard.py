"""A call's candidates, taken together: no probability changes, and a call with hundreds of them stays small."""

from random import Random

import pytest

from swapboard.attribution.curve import Curve
from swapboard.attribution.hazard import Phase, cell
from swapboard.attribution.heard import heard_of
from swapboard.attribution.learned import Evidence
from swapboard.clock import DAY, HOUR

REGIONS = {f"s{at}": ("Europe/Berlin", "America/New_York", "")[at % 3] for at in range(390)}


def evidence(seed: int) -> Evidence:
    """Of 400 visits within three days; nobody knows where the last ten were."""
    chance = Random(seed)
    places = [cell(Phase.LEFT, chance.randrange(HOUR, 3 * DAY)) for _ in range(400)]
    named = tuple((f"s{at}", place, chance.random(), chance.random() / 400, "") for at, place in enumerate(places))
    return Evidence(named, ((places[0], 0.5), (places[0], 0.5)), 0.9, 0.2, 3, 14 * HOUR)


@pytest.mark.parametrize("seed", range(5))
def test_candidates_together_are_as_probable_as_one_by_one(seed: int) -> None:
    one_by_one, curve = evidence(seed), Curve.prior()
    together = heard_of("+12025550100", one_by_one, REGIONS)
    probabilities, nobody = one_by_one.weigh(curve)
    by_region = dict.fromkeys(("Europe/Berlin", "America/New_York"), 0.0)
    for session, probability in probabilities.items():
        if region := REGIONS.get(session):
            by_region[region] += probability
    assert together.nobody(curve) == pytest.approx(nobody)
    assert together.by_region(curve) == pytest.approx(by_region)


def test_hundreds_of_candidates_at_a_few_places_are_a_few_entries() -> None:
    found = heard_of(None, evidence(1), REGIONS)
    assert len(found.lesson.places) < 20
    assert sum(len(each.places) for each in found.regions.values()) < 40
    assert set(found.regions) == {"Europe/Berlin", "America/New_York"}
