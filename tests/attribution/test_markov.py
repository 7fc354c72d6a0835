"""Removal effects: what would be lost without a channel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.markov import Path, removal_effects

CHANNELS = ["Direct", "Paid Search", "Email", "Organic Search"]
paths = st.lists(
    st.builds(
        Path,
        channels=st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=6),
        is_lead=st.booleans(),
        count=st.integers(1, 1000),
    ),
    max_size=30,
)


@given(paths)
def test_an_effect_is_a_share(told: list[Path]) -> None:
    effects = removal_effects(told)
    assert all(-1e-9 <= effect <= 1 + 1e-9 for effect in effects.values())
    if any(each.is_lead for each in told):
        assert effects.keys() == {channel for each in told for channel in each.channels}
    else:
        assert effects == {}


@given(paths)
def test_a_channel_that_every_lead_came_by_is_all_of_it(told: list[Path]) -> None:
    always = [Path([*each.channels, "Referral"], each.is_lead, each.count) for each in told]
    if any(each.is_lead for each in always):
        assert removal_effects(always)["Referral"] == pytest.approx(1)


def test_a_known_example() -> None:
    # From the start half go to A and half to B; A leads to a lead for half of its visitors, B for a quarter.
    told = [
        Path(["A"], is_lead=True, count=10),
        Path(["A"], is_lead=False, count=10),
        Path(["B"], is_lead=True, count=5),
        Path(["B"], is_lead=False, count=15),
    ]
    assert removal_effects(told) == {"A": pytest.approx(2 / 3), "B": pytest.approx(1 / 3)}


def test_a_channel_on_the_way_is_worth_what_passes_through_it() -> None:
    told = [Path(["A", "B"], is_lead=True, count=3), Path(["B"], is_lead=False, count=1)]
    effects = removal_effects(told)
    assert effects["B"] == pytest.approx(1)
    assert effects["A"] == pytest.approx(0.75)


def test_without_leads_nothing_is_known() -> None:
    assert removal_effects([]) == {}
    assert removal_effects([Path(["A"], is_lead=False)]) == {}


def test_a_published_example() -> None:
    """Three visitors; S. Bryl, analyzecore.com/2016/08/03/attribution-model-r-part-1.

    A lead comes of one in three. Without C1 it is one in six; without C2 or C3 there is none.
    """
    told = [
        Path(["C1", "C2", "C3"], is_lead=True),
        Path(["C1"], is_lead=False),
        Path(["C2", "C3"], is_lead=False),
    ]
    effects = removal_effects(told)
    assert effects == {"C1": pytest.approx(0.5), "C2": pytest.approx(1), "C3": pytest.approx(1)}
    whole = sum(effects.values())
    assert [effects[each] / whole for each in ("C1", "C2", "C3")] == pytest.approx([0.2, 0.4, 0.4])
