"""Advice, how full a pool was, and when to sound the alarm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import DAY, HOUR, MINUTE
from swapboard.numbers.advice import AS_USUAL, Alert, Wishes, advise, advise_by_replay, alert, peaks
from swapboard.numbers.replay import Stay
from swapboard.numbers.rhythm import ComingDay
from swapboard.numbers.sizing import Traffic, erlang_b

STAYS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(1, 90)).map(
        lambda each: Stay(each[0] * MINUTE, sum(each) * MINUTE)
    ),
    max_size=30,
)


@given(STAYS)
def test_the_peak_of_an_hour_is_the_most_at_any_moment_of_it(stays: list[Stay]) -> None:
    for peak in peaks(stays, 0, 8 * HOUR):
        moments = [peak.at, *(stay.from_at for stay in stays if peak.at <= stay.from_at < peak.at + HOUR)]
        assert peak.live == max(
            sum(stay.from_at <= moment < stay.until_at for stay in stays) for moment in moments
        )


def test_advice_by_answers_and_by_replay_say_what_they_are_made_of() -> None:
    answers = advise(Traffic(60, 4))
    assert (answers.replayed_visits, answers.best.numbers) == (0, answers.recommended)
    stays = [Stay(minute * MINUTE, (minute + 3) * MINUTE) for minute in range(60)]
    replayed = advise_by_replay(stays, Wishes(quiet_minutes=0))
    assert (replayed.replayed_visits, replayed.recommended) == (60, 3)
    assert replayed.best.overflow == 0
    assert replayed.best.monthly_cents == 3 * AS_USUAL.number_cents
    assert (replayed.traffic.visits_per_hour, replayed.traffic.live_minutes) == (60, 3)


def a_day(at: int, visits: float, needed: int) -> ComingDay:
    return ComingDay(at, (visits,) * 24, needed)


def test_the_alarm_sounds_for_what_was_and_for_what_is_to_come() -> None:
    calm, rush = a_day(0, 10, 9), a_day(DAY, 60, 33)
    assert alert(10, exhausted=0, visits=100) is None
    assert alert(10, exhausted=1, visits=100) is None, "one in a hundred was promised"
    assert alert(10, exhausted=2, visits=100) == Alert(10, 11, 2)
    assert alert(10, 0, 100, [calm], live_minutes=4) is None
    coming = alert(8, 0, 100, [calm, rush, calm], live_minutes=4)
    assert coming is not None
    assert (coming.recommended, coming.missing, coming.worst_day_at) == (33, 25, DAY)
    assert coming.predicted == pytest.approx(erlang_b(4, 8), rel=0.001)
    assert alert(8, 0, 100, [calm, rush], live_minutes=4, promise=0.05) is None
    assert alert(40, 5, 100, [calm, rush], live_minutes=4) == Alert(40, 41, 5), "it ran out, whatever is expected"


@given(st.integers(0, 60), st.integers(0, 50), st.lists(st.floats(0, 90), max_size=7))
def test_an_alarm_always_advises_more(numbers: int, exhausted: int, days: list[float]) -> None:
    ahead = [a_day(place * DAY, visits, 1) for place, visits in enumerate(days)]
    found = alert(numbers, exhausted, 100, ahead, 5)
    assert found is None or found.missing >= 1
