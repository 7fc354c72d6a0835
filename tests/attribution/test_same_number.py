"""How often a later visit calls from the same number is learned of later visits only."""

import pytest

from swapboard.attribution.curve import Curve
from swapboard.attribution.evidence import Link
from swapboard.attribution.holder import Holder
from swapboard.attribution.match import match
from swapboard.attribution.ring import Ring
from swapboard.attribution.same_number import SameNumber, linked_of
from swapboard.clock import DAY, MINUTE, SECOND


def same_number(of_session: str) -> float:
    """What is believed after fifty calls by one whose visitor may have called from another number before."""
    learned, links = SameNumber(), {"v": Link("+12125550111", 0.5, of_session)}
    ring = Ring(at=DAY, number_id="n1", caller="+12125550100")
    there = Holder("s1", "v", came_at=DAY - MINUTE, heard_at=DAY - SECOND, called=0.5)
    for _ in range(50):
        learned.hear(linked_of(ring, match(ring, [there], Curve.prior(), links)))
    return learned.share


def test_another_number_than_at_an_earlier_visit_is_a_change() -> None:
    assert same_number("s0") < 0.8


def test_who_may_have_made_the_earlier_call_itself_has_changed_no_number() -> None:
    """Nobody ever did, and two in three were believed to keep theirs."""
    assert same_number("s1") == pytest.approx(Curve.same_number)
