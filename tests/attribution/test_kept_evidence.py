"""What is kept of a call weighs as the call did when it rang, by the same curve, whatever is kept beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.curve import Curve
from swapboard.attribution.evidence import Known, Link, Share
from swapboard.attribution.heard import heard_of
from swapboard.attribution.holder import Holder
from swapboard.attribution.learned import evidence_from_json, evidence_of
from swapboard.attribution.lesson import lesson
from swapboard.attribution.match import match
from swapboard.attribution.ring import Ring
from swapboard.attribution.same_number import SameNumber, linked_of
from swapboard.clock import DAY, HOUR, MINUTE

AT = 40 * DAY
CALLER = "+12125550111"


def visits(ages: list[int]) -> list[Holder]:
    moments = [AT - age * MINUTE for age in ages]
    return [Holder(f"s{name}", f"v{name}", at - MINUTE, at, left_at=at) for name, at in enumerate(moments)]


@given(st.lists(st.integers(90, 30 * 24 * 60), min_size=3, max_size=9), st.floats(0.05, 0.9))
def test_who_called_before_among_the_improbable_is_kept_with_them(ages: list[int], belief: float) -> None:
    """It was left out: whoever had called among hundreds of others made all the named ones likelier."""
    curve, holders = Curve.prior(), visits(ages)
    known = Known(AT - HOUR, "n1", (Share("s0", "v0", belief),), 0.02)
    ring = Ring(AT, "n1", CALLER, known=known, known_callers=30)
    posterior = match(ring, holders, curve, {}, least=0.05)
    kept = evidence_of(ring, posterior, {each.session_id: "" for each in holders})
    kept = evidence_from_json(kept.as_json(), AT)
    probabilities, nobody = kept.weigh(curve)
    assert nobody == pytest.approx(posterior.nobody)
    for each in posterior.weighed:
        assert probabilities[each.holder.session_id] == pytest.approx(posterior.probability(each))
    assert heard_of(CALLER, kept, {}).nobody(curve) == pytest.approx(posterior.nobody)
    assert heard_of(CALLER, kept, {}).lesson.again == pytest.approx(lesson(ring, posterior).again)


def test_evidence_of_before_weighs_as_it_did() -> None:
    """Without what is kept since: its call keeps the probability that it had."""
    old = {"candidates": [["s0", 3, 0.5, 0.1, ""]], "rest": [[9, 1.5]], "nobody": 0.9, "nobody_again": 0.2}
    kept = evidence_from_json({**old, "again_bin": 2}, AT)
    assert (kept.rest_again, sum(kept.linked)) == (0.0, 0.0)
    assert kept.as_json() == {**old, "again_bin": 2}


@pytest.mark.parametrize("same", [True, False])
def test_a_later_visits_number_is_kept_and_learned_from(same: bool) -> None:
    holders = visits([5, 4000])
    links = {"v0": Link(CALLER if same else "+12125550122", 0.9, "earlier")}
    ring = Ring(AT, "n1", CALLER)
    posterior = match(ring, holders, Curve.prior(), links)
    linked = linked_of(ring, posterior)
    kept = evidence_of(ring, posterior, {"s0": "", "s1": ""}, linked=linked)
    heard = heard_of(CALLER, evidence_from_json(kept.as_json(), AT), {})
    assert heard.linked == linked
    learned = SameNumber()
    for _ in range(200):
        learned.hear(heard.linked)
    assert (learned.share > Curve.same_number) == same
