"""Attribution models: every lead is shared out exactly once, and each model does what its name says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.touch import (
    HALF_LIFE,
    LOOK_BACK,
    WHOLE,
    Model,
    Moment,
    Touch,
    by_probability,
    in_millionths,
    share_out,
    within,
)
from swapboard.clock import DAY

LEAD_AT = 1_790_000_000_000
CHANNELS = ["Direct", "Paid Search", "Email", "Organic Search"]

touches = st.lists(
    st.builds(
        Touch,
        session_id=st.uuids().map(str),
        at=st.integers(LEAD_AT - LOOK_BACK, LEAD_AT),
        channel=st.sampled_from(CHANNELS),
    ),
    min_size=1,
    max_size=12,
)
effects = st.dictionaries(st.sampled_from(CHANNELS), st.floats(0, 1))


def path(*channels: str, days_apart: int = 1) -> tuple[Touch, ...]:
    count = len(channels)
    days = [days_apart * (count - place) * DAY for place in range(count)]
    return tuple(
        Touch(f"s{place}", LEAD_AT - before, each)
        for place, (each, before) in enumerate(zip(channels, days, strict=True))
    )


def shares(model: Model, *channels: str, **effect: float) -> tuple[int, ...]:
    named = {name.replace("_", " "): value for name, value in effect.items()}
    return share_out(path(*channels), model, Moment(LEAD_AT, named))


@given(touches, st.sampled_from(Model), effects)
def test_the_shares_of_a_lead_are_one_lead(visits: list[Touch], model: Model, worth: dict[str, float]) -> None:
    counted = within(visits, LEAD_AT)
    credited = share_out(counted, model, Moment(LEAD_AT, worth))
    assert sum(credited) == WHOLE
    assert len(credited) == len(counted)
    assert min(credited) >= 0


@given(touches, st.sampled_from(Model), st.randoms())
def test_the_order_in_which_visits_are_told_does_not_matter(
    visits: list[Touch], model: Model, random: object
) -> None:
    shuffled = list(visits)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert within(shuffled, LEAD_AT) == within(visits, LEAD_AT)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (Model.FIRST, (WHOLE, 0, 0, 0)),
        (Model.LAST, (0, 0, 0, WHOLE)),
        (Model.LAST_NON_DIRECT, (0, 0, WHOLE, 0)),
        (Model.LINEAR, (250_000, 250_000, 250_000, 250_000)),
        (Model.POSITION_BASED, (400_000, 100_000, 100_000, 400_000)),
    ],
)
def test_each_model_does_what_its_name_says(model: Model, expected: tuple[int, ...]) -> None:
    assert shares(model, "Paid Search", "Direct", "Email", "Direct") == expected


def test_one_visit_earns_all_of_it_in_every_model() -> None:
    assert {shares(model, "Direct") for model in Model} == {(WHOLE,)}


def test_two_visits_share_alike_by_position() -> None:
    assert shares(Model.POSITION_BASED, "Email", "Direct") == (500_000, 500_000)


def test_who_only_came_directly_came_directly() -> None:
    assert shares(Model.LAST_NON_DIRECT, "Direct", "Direct") == (0, WHOLE)


def test_a_week_earlier_earns_half() -> None:
    earlier = Touch("a", LEAD_AT - 2 * HALF_LIFE, "Email")
    later = Touch("b", LEAD_AT - HALF_LIFE, "Email")
    credited = share_out((earlier, later), Model.TIME_DECAY, Moment(LEAD_AT, {}))
    assert credited == (333_333, 666_667)


def test_data_driven_goes_by_what_channels_are_worth() -> None:
    credited = shares(Model.DATA_DRIVEN, "Paid Search", "Email", Paid_Search=0.6, Email=0.2)
    assert credited == (750_000, 250_000)


def test_data_driven_shares_alike_where_nothing_was_learned() -> None:
    assert shares(Model.DATA_DRIVEN, "Paid Search", "Email") == (500_000, 500_000)


def test_visits_after_the_lead_and_long_before_it_earn_nothing() -> None:
    visits = [
        Touch("after", LEAD_AT + 1, "Email"),
        Touch("at", LEAD_AT, "Email"),
        Touch("old", LEAD_AT - LOOK_BACK, "Email"),
        Touch("older", LEAD_AT - LOOK_BACK - 1, "Email"),
    ]
    assert [touch.session_id for touch in within(visits, LEAD_AT)] == ["old", "at"]
    assert share_out((), Model.LINEAR, Moment(LEAD_AT, {})) == ()


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=50))
def test_rounding_moves_no_share_by_more_than_one(weights: list[float]) -> None:
    given_shares = in_millionths(weights)
    assert sum(given_shares) == WHOLE
    total = sum(weights)
    if total > 0:
        assert all(
            abs(share - WHOLE * weight / total) <= 1 for share, weight in zip(given_shares, weights, strict=True)
        )


def test_by_probability_leaves_nobody_his_part() -> None:
    credited = by_probability([(0.7, {"a": 600_000, "b": 400_000}), (0.2, {"b": WHOLE})])
    assert credited == {"a": 420_000, "b": 480_000}
    assert WHOLE - sum(credited.values()) == 100_000


@given(touches, st.sampled_from(Model), effects, st.randoms())
def test_visits_at_the_same_instant_are_shared_out_alike_however_they_are_told(
    visits: list[Touch], model: Model, worth: dict[str, float], random: object
) -> None:
    at_once = [replace(each, at=LEAD_AT) for each in visits]
    shuffled = list(at_once)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = []
    for told in (at_once, shuffled):
        counted = within(told, LEAD_AT)
        found.append(dict(zip(counted, share_out(counted, model, Moment(LEAD_AT, worth)), strict=True)))
    assert found[0] == found[1]
    assert sum(found[0].values()) == WHOLE


def test_google_s_table_of_a_week_s_half_life() -> None:
    """Clicks 1, 8, 15, 22 days before weigh 1, 1/2, 1/4, 1/8 (support.google.com/analytics/answer/10596866)."""
    visits = within([Touch(f"s{day}", LEAD_AT - day * DAY, "Email") for day in (1, 8, 15, 22)], LEAD_AT)
    # 1/15, 2/15, 4/15 and 8/15 of the whole.
    assert share_out(visits, Model.TIME_DECAY, Moment(LEAD_AT, {})) == (66_667, 133_333, 266_667, 533_333)


def test_google_s_example_of_the_last_click() -> None:
    """Display, social, paid search, then direct: paid search earns all of it (the same page)."""
    told = ("Display", "Paid Social", "Paid Search", "Direct")
    assert shares(Model.LAST_NON_DIRECT, *told) == (0, 0, WHOLE, 0)
    assert shares(Model.FIRST, *told) == (WHOLE, 0, 0, 0)
