"""Leads shared out over channels: each exactly once, whoever may have called."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.channel_credit import ChannelCredit, Way
from swapboard.attribution.touch import WHOLE, Model, Moment, Touch, within

LEAD_AT = 1_790_000_000_000
CHANNELS = ["Direct", "Paid Search", "Email"]
visits = st.lists(
    st.builds(Touch, st.uuids().map(str), st.integers(LEAD_AT - 10**9, LEAD_AT), st.sampled_from(CHANNELS)),
    max_size=5,
).map(lambda told: within(told, LEAD_AT))


@st.composite
def ways(draw: st.DrawFn) -> list[Way]:
    """Some visitors, who are together at most certain."""
    weights = draw(st.lists(st.floats(0.001, 1), max_size=5))
    nobody = draw(st.floats(0, 1))
    whole = sum(weights) + nobody
    return [Way(weight / whole, draw(visits)) for weight in weights]


@given(st.lists(ways(), max_size=5), st.dictionaries(st.sampled_from(CHANNELS), st.floats(0, 1)))
def test_every_column_gives_every_lead_away_exactly_once(leads: list[list[Way]], worth: dict[str, float]) -> None:
    total = ChannelCredit(list(Model))
    for lead in leads:
        total.add(lead, "Nobody", Moment(LEAD_AT, worth))
    assert total.leads == len(leads)
    for model in Model:
        credit = [of_channel[model] for of_channel in total.by_channel.values()]
        assert sum(credit) == len(leads) * WHOLE
        assert min(credit, default=0) >= 0


@given(st.lists(ways(), max_size=5), st.integers(0, 2))
def test_what_is_shown_of_each_column_makes_the_leads(leads: list[list[Way]], places: int) -> None:
    total = ChannelCredit(list(Model))
    for lead in leads:
        total.add(lead, "Nobody", Moment(LEAD_AT, {"Email": 1.0}))
    shown, exact = total.shown(places), total.rows()
    assert [channel for channel, _ in shown] == [channel for channel, _ in exact]
    for model in Model:
        assert sum(round(by_model[model] * 10**places) for _, by_model in shown) == len(leads) * 10**places
        for (_, rounded), (_, by_model) in zip(shown, exact, strict=True):
            assert abs(rounded[model] - by_model[model]) < 10**-places


def test_thirds_are_shown_so_that_they_make_one() -> None:
    total = ChannelCredit([Model.LINEAR])
    three = [Touch(channel, LEAD_AT, channel) for channel in CHANNELS]
    total.add([Way(1.0, three)], "Nobody", Moment(LEAD_AT, {}))
    assert [round(by_model[Model.LINEAR], 1) for _, by_model in total.shown(1)] == [0.4, 0.3, 0.3]


def test_nobody_keeps_what_is_not_certain() -> None:
    total = ChannelCredit([Model.LAST])
    touch = Touch("s1", LEAD_AT, "Email")
    total.add([Way(0.75, [touch])], "Nobody", Moment(LEAD_AT, {}))
    total.add([Way(1.0, [touch])], "Nobody", Moment(LEAD_AT, {}))
    total.add([], "Offline", Moment(LEAD_AT, {}))
    assert total.rows() == [
        ("Email", {Model.LAST: 1.75}),
        ("Offline", {Model.LAST: 1.0}),
        ("Nobody", {Model.LAST: 0.25}),
    ]


def test_whole_leads_need_nothing_behind_the_point() -> None:
    total = ChannelCredit([Model.LAST])
    touch = Touch("s1", LEAD_AT, "Email")
    total.add([Way(1.0, [touch])], "Nobody", Moment(LEAD_AT, {}))
    assert total.is_whole
    total.add([Way(0.75, [touch])], "Nobody", Moment(LEAD_AT, {}))
    assert not total.is_whole
