"""Advice, how full a pool was, and when to sound the alarm."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import HOUR, MINUTE
from swapboard.numbers.advice import Wishes, advise, advise_by_replay, alert, peaks
from swapboard.numbers.replay import Stay
from swapboard.numbers.sizing import Traffic

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
    assert (replayed.traffic.visits_per_hour, replayed.traffic.live_minutes) == (60, 3)


def test_the_alarm() -> None:
    advice = advise_by_replay([Stay(m * MINUTE, (m + 3) * MINUTE) for m in range(100)], Wishes(quiet_minutes=0))
    assert alert(advice, pool_numbers=10, exhausted=0, peak_live=3) is None
    assert alert(advice, pool_numbers=10, exhausted=1, peak_live=3) is None, "one in a hundred was promised"
    assert alert(advice, pool_numbers=3, exhausted=0, peak_live=3) is None, "full, but as large as advised"
    full = alert(advice, pool_numbers=2, exhausted=0, peak_live=2)
    assert full is not None
    assert full.missing == 1
    broken = alert(advice, pool_numbers=5, exhausted=2, peak_live=5)
    assert broken is not None
    assert broken.missing == 1
