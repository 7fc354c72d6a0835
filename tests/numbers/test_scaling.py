"""Auto-scale's decisions: never over the ceiling or the budget, never under the floor, never to and fro."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from swapboard.clock import DAY, HOUR, MINUTE, Millis
from swapboard.numbers.rhythm import HOURS_OF_WEEK, rhythm, week_ahead
from swapboard.numbers.scaling import (
    FRESH_DAYS,
    Decision,
    Limit,
    Limits,
    Member,
    Situation,
    decide,
    faults,
)
from swapboard.numbers.sizing import MOST_NUMBERS

NOW: Millis = 1_795_478_400_000
LONG_AGO = NOW - 300 * DAY


@st.composite
def limits(draw: st.DrawFn) -> Limits:
    floor = draw(st.integers(1, 30))
    return Limits(floor, floor + draw(st.integers(0, 60)), draw(st.integers(1, 12_000)), draw(st.integers(1, 400)))


MEMBERS = st.builds(
    Member,
    number_id=st.uuids().map(str),
    settled_at=st.integers(NOW - 90 * DAY, NOW),
    left_at=st.one_of(st.just(0), st.integers(NOW - 2 * HOUR, NOW)),
    is_live=st.booleans(),
)
SITUATIONS = st.builds(
    Situation,
    now=st.just(NOW),
    shown=st.lists(MEMBERS, max_size=50, unique_by=lambda each: each.number_id),
    paused=st.integers(0, 5),
    coming=st.integers(0, 5),
    given_up=st.lists(st.uuids().map(str), max_size=5, unique=True),
    rested=st.lists(st.uuids().map(str), max_size=5, unique=True),
    given_up_at=st.one_of(st.just(0), st.integers(NOW - 3 * DAY, NOW)),
    committed_cents=st.integers(0, 12_000),
    needed=st.one_of(st.just(()), st.lists(st.integers(1, 90), min_size=7, max_size=7)),
    days_seen=st.floats(7, 28),
)


@given(limits(), SITUATIONS)
def test_it_stays_within_what_the_owner_allows(allowed: Limits, situation: Situation) -> None:
    found = decide(allowed, situation)
    shown, more = len(situation.shown), found.buy + len(found.take_back)
    if more:
        assert shown + situation.paused + situation.coming + more <= allowed.ceiling
    if found.buy:
        assert situation.committed_cents + found.buy * allowed.number_cents <= allowed.budget_cents
        assert set(found.take_back) == {*situation.given_up, *situation.rested}, (
            "what lies in quarantine comes first"
        )
    if found.give_up:
        assert shown - len(found.give_up) >= allowed.floor
    assert allowed.floor <= found.wanted <= allowed.ceiling
    assert not (more and found.give_up)


@given(limits(), SITUATIONS)
def test_it_never_gives_up_a_number_that_is_live_or_fresh_or_has_not_rested(
    allowed: Limits, situation: Situation
) -> None:
    gone = decide(allowed, situation).give_up
    of_id = {each.number_id: each for each in situation.shown}
    assert len(set(gone)) == len(gone)
    for number_id in gone:
        member = of_id[number_id]
        assert not member.is_live
        assert member.settled_at <= NOW - FRESH_DAYS * DAY
        assert member.left_at <= NOW - 20 * MINUTE
    if gone:
        assert len(gone) <= max(1, len(situation.shown) // 10)
        assert len(situation.shown) - len(gone) >= min(max(situation.needed), allowed.ceiling)


@given(limits(), SITUATIONS)
def test_only_what_it_gave_up_and_has_rested_goes_back_to_the_carrier(
    allowed: Limits, situation: Situation
) -> None:
    found = decide(allowed, situation)
    assert set(found.end) <= set(situation.rested)
    if found.buy or not situation.needed:
        assert found.end == (), "not while it grows, nor while it knows too little"


def test_a_number_that_has_rested_is_shown_again_before_one_is_bought() -> None:
    allowed = Limits(1, 10, 10_000, 100)
    pool = Situation(NOW, members(2), given_up=["late"], rested=["oldest", "old"], needed=[6] * 7, days_seen=20.0)
    found = decide(allowed, pool)
    assert (found.take_back, found.buy, found.end) == (("oldest", "old", "late"), 1, ())
    found = decide(allowed, replace(pool, needed=[3] * 7))
    assert (found.take_back, found.buy, found.end) == (("oldest",), 0, ())


def done(allowed: Limits, situation: Situation, found: Decision) -> Situation:
    """The situation once the decision is carried out."""
    now = situation.now
    more = [
        *(Member(f"bought {now} {place}", now, 0, False) for place in range(found.buy)),
        *(Member(number_id, now, 0, False) for number_id in found.take_back),
    ]
    return replace(
        situation,
        shown=[*(each for each in situation.shown if each.number_id not in found.give_up), *more],
        given_up=[*found.give_up, *(each for each in situation.given_up if each not in found.take_back)],
        rested=[each for each in situation.rested if each not in (*found.end, *found.take_back)],
        given_up_at=now if found.give_up else situation.given_up_at,
        committed_cents=situation.committed_cents + found.buy * allowed.number_cents,
    )


@given(limits(), SITUATIONS)
@example(Limits(1, 1, 1, 1), Situation(NOW, [], rested=["rested"], needed=[1] * 7, days_seen=7.0))
def test_carried_out_nothing_is_left_to_do(allowed: Limits, situation: Situation) -> None:
    found = decide(allowed, situation)
    assert decide(allowed, situation) == found
    after = done(allowed, situation, found)
    # While it grows, what has rested stays: it goes back to the carrier at the next look.
    rest = decide(allowed, after)
    assert (rest.buy, list(rest.take_back), list(rest.give_up)) == (0, [], [])
    if rest.end:
        assert found.buy or found.take_back
    assert not decide(allowed, done(allowed, after, rest)).does_something


@given(limits(), SITUATIONS)
def test_what_is_ordered_and_not_yet_answered_is_not_ordered_again(allowed: Limits, situation: Situation) -> None:
    found = decide(allowed, situation)
    asked = replace(
        situation,
        coming=situation.coming + found.buy,
        committed_cents=situation.committed_cents + found.buy * allowed.number_cents,
        given_up=[each for each in situation.given_up if each not in found.take_back],
        shown=[*situation.shown, *(Member(each, NOW, 0, False) for each in found.take_back)],
    )
    assert decide(allowed, asked).buy == 0


@given(limits(), SITUATIONS, st.lists(st.integers(1, 90), min_size=7, max_size=7))
def test_with_one_rhythm_it_never_buys_what_it_gave_up(
    allowed: Limits, situation: Situation, week: list[int]
) -> None:
    """A hundred days, looked at every twelve hours, the week's days going round."""
    gave_up = False
    for look in range(200):
        today = look // 2 % 7
        situation = replace(
            situation, now=NOW + look * DAY // 2, needed=week[today:] + week[:today], days_seen=28.0, coming=0
        )
        found = decide(allowed, situation)
        assert not (gave_up and (found.buy or found.take_back))
        gave_up = gave_up or bool(found.give_up)
        situation = done(allowed, situation, found)


def members(count: int) -> list[Member]:
    return [Member(f"n{place:03d}", LONG_AGO, LONG_AGO + place, False) for place in range(count)]


GENEROUS = Limits(floor=2, ceiling=40, budget_cents=10_000, number_cents=100)


def test_it_buys_for_the_day_after_tomorrow_and_not_for_the_day_after_that() -> None:
    calm = Situation(NOW, members(10), needed=[8, 8, 8, 20, 8, 8, 8], days_seen=28)
    assert decide(GENEROUS, calm).buy == 0
    assert decide(GENEROUS, replace(calm, needed=[8, 8, 20, 8, 8, 8, 8])).buy == 10


def test_it_gives_up_little_at_a_time_and_keeps_room() -> None:
    large = Situation(NOW, members(40), needed=[8] * 7, days_seen=28)
    assert decide(GENEROUS, large).give_up == ("n000", "n001", "n002", "n003")
    assert decide(GENEROUS, replace(large, shown=members(12))).give_up == ("n000",)
    assert decide(GENEROUS, replace(large, shown=members(11))).give_up == ()
    assert decide(GENEROUS, replace(large, given_up_at=NOW - DAY + 1)).give_up == ()
    assert decide(GENEROUS, replace(large, days_seen=13.9)).give_up == ()
    assert decide(GENEROUS, replace(large, needed=())).give_up == ()


@pytest.mark.parametrize(
    ("allowed", "bought", "held_by"),
    [
        (GENEROUS, 10, None),
        (replace(GENEROUS, ceiling=15), 5, Limit.CEILING),
        (replace(GENEROUS, budget_cents=1_250), 2, Limit.BUDGET),
        (replace(GENEROUS, budget_cents=900), 0, Limit.BUDGET),
    ],
)
def test_it_says_what_holds_it(allowed: Limits, bought: int, held_by: Limit | None) -> None:
    short = Situation(NOW, members(10), committed_cents=1_000, needed=[20] * 7, days_seen=28)
    found = decide(allowed, short)
    assert (found.buy, found.held_by, found.needed) == (bought, held_by, 20)


def test_a_pool_that_has_what_it_needs_is_held_by_nothing() -> None:
    ample = Situation(NOW, members(31), needed=[4] * 7, days_seen=28)
    assert decide(replace(GENEROUS, floor=1, ceiling=1), ample).held_by is None
    at_its_ceiling = replace(ample, shown=members(3))
    assert decide(replace(GENEROUS, floor=1, ceiling=3), at_its_ceiling).held_by is Limit.CEILING


def test_an_empty_pool_is_filled_to_its_floor_before_anything_is_known() -> None:
    assert decide(GENEROUS, Situation(NOW, [])).buy == 2


def test_limits_that_cannot_be_are_told() -> None:
    assert faults(GENEROUS) == []
    assert len(faults(Limits(0, -1, 0, 0))) == 4
    assert faults(Limits(1, MOST_NUMBERS + 1, 1, 1)) == [f"The most numbers are {MOST_NUMBERS} or fewer."]


@pytest.mark.parametrize("seed", range(4))
def test_months_of_noisy_traffic_are_met_without_flapping(seed: int) -> None:
    """Twenty weeks of traffic by chance: it doubles after eight weeks and falls back after fourteen."""
    chance, allowed = Random(seed), Limits(floor=2, ceiling=200, budget_cents=30_000, number_cents=100)
    counts: dict[Millis, int] = {}
    situation = Situation(NOW, members(4))
    bought_after_giving_up, sizes = 0, []
    gave_up_at = 0
    for hour in range(20 * HOURS_OF_WEEK):
        now = NOW + hour * HOUR
        week = hour // HOURS_OF_WEEK
        mean = (24.0 if 8 <= hour % 24 < 18 else 2.0) * (2 if 8 <= week < 14 else 1)
        counts[now] = sum(1 for _ in range(200) if chance.random() < mean / 200)
        if hour % 12:
            continue
        found = rhythm(counts, now, "UTC", 4.0)
        days = week_ahead(found, now, "UTC") if found else []
        situation = replace(
            situation, now=now, needed=[day.needed for day in days], days_seen=found.days if found else 0.0
        )
        decision = decide(allowed, situation)
        if decision.buy + len(decision.take_back) and gave_up_at and now - gave_up_at < 28 * DAY:
            bought_after_giving_up += decision.buy + len(decision.take_back)
        gave_up_at = now if decision.give_up else gave_up_at
        situation = done(allowed, situation, decision)
        sizes.append((week, len(situation.shown)))
    assert bought_after_giving_up <= 1
    largest = {week: max(size for each, size in sizes if each == week) for week in range(20)}
    assert 12 <= largest[6] <= 26
    assert largest[12] >= 1.3 * largest[6]
    assert largest[19] < largest[13]
