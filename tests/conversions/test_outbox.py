"""When what could not be told is tried again, and when a destination is left alone."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import DAY, HOUR, MINUTE
from swapboard.conversions.outbox import (
    GIVEN_UP_AFTER,
    LEAST_TRIES,
    OPEN_AFTER,
    Circuit,
    Outcome,
    Result,
    State,
    learn,
    settle,
)
from tests.conversions.people import NOW

chances = st.floats(0, 1)
waits = st.none() | st.floats(0, 86_400)


@given(st.integers(1, 5_000), chances, waits)
def test_a_failure_is_tried_again_later_and_not_before_the_platform_wants(
    attempts: int, chance: float, asked: float | None
) -> None:
    settled = settle(Result(Outcome.FAILED, "busy", asked), attempts, NOW, NOW, chance)
    assert settled.state is State.WAITING
    assert settled.due_at - NOW >= max(MINUTE // 2, round(1000 * (asked or 0)))
    assert settled.due_at - NOW <= max(HOUR, round(1000 * (asked or 0)))


@given(st.integers(LEAST_TRIES, 5_000), chances)
def test_it_is_given_up_after_three_days(attempts: int, chance: float) -> None:
    settled = settle(Result(Outcome.FAILED, "busy"), attempts, NOW - GIVEN_UP_AFTER, NOW, chance)
    assert settled.state is State.FAILED


@given(chances, st.integers(0, 30))
def test_what_nobody_tried_for_days_is_not_given_up_at_the_first_busy_answer(chance: float, days: int) -> None:
    said_at = NOW - GIVEN_UP_AFTER - days * DAY
    for attempts in range(1, LEAST_TRIES):
        assert settle(Result(Outcome.FAILED, "busy"), attempts, said_at, NOW, chance).state is State.WAITING


def test_who_is_to_be_asked_again_in_a_week_is_asked_no_more() -> None:
    asked = GIVEN_UP_AFTER / 1000 + 1
    assert settle(Result(Outcome.FAILED, "busy", asked), 1, NOW, NOW, 0).state is State.FAILED


@given(st.integers(1, 5_000), chances, st.floats(1, 10**9))
def test_what_is_early_is_told_when_it_may_be_and_never_given_up(
    attempts: int, chance: float, wait: float
) -> None:
    settled = settle(Result(Outcome.EARLY, "", wait), attempts, NOW - GIVEN_UP_AFTER, NOW, chance)
    assert settled.state is State.WAITING
    assert settled.due_at >= NOW + round(1000 * wait)


@given(st.integers(1, 5_000), chances)
def test_what_was_not_asked_yet_has_not_failed_however_often_its_turn_came(attempts: int, chance: float) -> None:
    assert settle(Result(Outcome.EARLY, ""), attempts, NOW, NOW, chance).due_at <= NOW + MINUTE


@given(st.sampled_from([Outcome.TAKEN, Outcome.REFUSED, Outcome.WITHHELD]), st.integers(1, 99), chances)
def test_whatever_is_for_good_ends_it(outcome: Outcome, attempts: int, chance: float) -> None:
    assert settle(Result(outcome, ""), attempts, NOW, NOW, chance).state is not State.WAITING


@given(st.lists(st.sampled_from(Outcome), max_size=40), chances)
def test_only_a_run_of_failures_closes_a_destination(outcomes: list[Outcome], chance: float) -> None:
    circuit, run = Circuit(), 0
    for outcome in outcomes:
        circuit = learn(circuit, Result(outcome, ""), NOW, chance)
        if outcome is Outcome.FAILED:
            run += 1
        elif outcome not in {Outcome.WITHHELD, Outcome.EARLY}:
            run = 0
        assert circuit.failures == run
        assert (circuit.closed_until > NOW) == (run >= OPEN_AFTER)
        assert circuit.closed_until <= NOW + HOUR


def test_too_many_requests_are_not_answered_with_more() -> None:
    circuit = learn(Circuit(), Result(Outcome.FAILED, "slow down", 90.0), NOW, 0.5)
    assert circuit.closed_until == NOW + 90_000
