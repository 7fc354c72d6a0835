"""What is learned where calls leave open how many of them are nobody's."""

from itertools import islice
from random import Random

import pytest

from swapboard.attribution.curve import CROWD
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.guesses import SHARES, Guesses
from swapboard.attribution.hazard import FIRST_CELL, Phase
from swapboard.attribution.hours import HOURS
from swapboard.attribution.law import law_named
from swapboard.attribution.law_settings import changed
from swapboard.attribution.learning import scaled_prior
from swapboard.attribution.lesson import Lesson
from swapboard.attribution.lessons import Lessons
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.simulation import Simulation
from swapboard.attribution.traffic import read_traffic
from swapboard.clock import DAY, SECOND
from tests.attribution.held_out import HELD_OUT
from tests.attribution.unseen import UNSEEN

ON_PAGE = FIRST_CELL[Phase.LIVE] + 5


def guessed(nobody: int, live: int) -> tuple[float, Guesses]:
    """Nobody's share as it is learned of calls that nobody else can have made and calls by who was there."""
    exposures = Exposures(places=[10.0 * SECOND] * CROWD, ready=[40.0 * DAY / HOURS] * HOURS)
    lessons = [Lesson((), 1.0, 0, 0.0, 12) for _ in range(nobody)]
    lessons += [Lesson(((ON_PAGE, 1.0),), 1.0, 0, 0.0, 12) for _ in range(live)]
    guesses = Guesses()
    curve = guesses.learn(scaled_prior(nobody + live, exposures), Lessons(lessons), exposures, 3, 12)
    return curve.nobody * exposures.numbers / (nobody + live), guesses


def test_a_few_calls_leave_every_guess_open() -> None:
    share, guesses = guessed(1, 9)
    assert tuple(guesses.curves) == SHARES
    assert SHARES[0] < share < SHARES[-1]


@pytest.mark.parametrize(("nobody", "kept"), [(400, SHARES[-1:]), (0, SHARES[:1])])
def test_what_many_calls_speak_against_is_given_up(nobody: int, kept: tuple[float, ...]) -> None:
    share, guesses = guessed(nobody, 1000 - nobody)
    assert tuple(guesses.curves) == kept
    assert share == pytest.approx(nobody / 1000, rel=0.05, abs=0.01)


@pytest.mark.parametrize("share", [0.03, 0.4])
def test_few_strangers_and_many_are_both_found(share: float) -> None:
    """Held to five in a hundred, many were taken for visitors who call later: two in three of them."""
    law = changed(law_named("corner-shop"), {"stranger_share": share})
    lines = list(read_traffic(list(Simulation(law, Random(5)).lines(2_500))))
    board = Switchboard(16)
    verdicts = list(board.run(lines))
    strangers = sum(verdict.truth is None for verdict in verdicts)
    learner, last = board.learner, round(lines[-1].t * SECOND)
    found = learner.curve.nobody * 16 * (last - learner.started_at)
    assert 0.6 * strangers < found < 1.7 * strangers + 8
    told = [verdict.posterior.best() is None for verdict in verdicts if verdict.truth is None]
    assert sum(told) > share * len(told)


def test_strangers_who_ring_in_bursts_are_not_taken_for_late_callers_who_keep_hours() -> None:
    """Hours that can be fitted to anything explain a burst as well: they were believed since they fitted."""
    law = next(each for each in HELD_OUT if each.name == "robots")
    strangers, believed = 0, 0.0
    for seed in (21, 22, 23):
        verdicts = list(Switchboard(16).run(read_traffic(list(Simulation(law, Random(seed)).lines(5_000)))))
        later = verdicts[len(verdicts) // 2 :]
        strangers += sum(verdict.truth is None for verdict in later)
        believed += sum(verdict.posterior.nobody for verdict in later)
    # With such hours believed it is a fifth; by visits' hours a burst is learned later than by those of all calls.
    assert 0.32 * strangers < believed < 1.5 * strangers


def test_before_enough_is_known_nobody_is_as_rare_as_calls_are() -> None:
    """Ten calls a month on sixteen numbers: at the prior's rate for each, nobody made most of the first."""
    law = next(each for each in UNSEEN if each.name == "hermit")
    verdicts = list(islice(Switchboard(16).run(read_traffic(Simulation(law, Random(20)).lines(800))), 16))
    assert sum(verdict.posterior.nobody for verdict in verdicts) < 5.0
