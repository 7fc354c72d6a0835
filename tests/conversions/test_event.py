"""What happens to a call is told once, in order, however its news comes in."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.conversions.event import ONCE, Event, Stage, steps

RINGS, TALKS = Stage(False, False), Stage(True, False)
OVER, MISSED = Stage(True, True), Stage(False, True, is_missed=True)


@given(st.lists(st.sampled_from((RINGS, TALKS, OVER)), max_size=6))
def test_an_answered_call_s_news_come_once_and_in_order(news: list[Stage]) -> None:
    """What is known of a call only grows, in any number of parts."""
    grown = sorted(news, key=lambda stage: (stage.is_answered, stage.has_ended))
    told, known = [], None
    for stage in grown:
        told += steps(known, stage)
        known = stage
    assert len(told) == len(set(told))
    assert told == sorted(told, key=list(Event).index)
    assert (Event.ANSWERED in told) == any(stage.is_answered for stage in grown)
    assert (Event.ENDED in told) == any(stage.has_ended for stage in grown)
    assert Event.MISSED not in told


def test_what_is_heard_of_only_when_it_is_over_was_not_told_before() -> None:
    assert list(steps(None, OVER)) == [Event.ANSWERED, Event.ENDED]
    assert list(steps(None, MISSED)) == [Event.ENDED, Event.MISSED]
    assert list(steps(None, RINGS)) == [Event.BEFORE_ANSWER]
    assert list(steps(OVER, OVER)) == []
    assert set(steps(None, MISSED)) <= ONCE
