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

STARVED = {
    "visits_a_day": 1500.0, "rhythm": 0.0, "stay_seconds": 340.0, "late_share": 0.25, "late_minutes": 1700.0,
    "stranger_share": 0.4,
}  # fmt: skip
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


@pytest.mark.parametrize(("nobody", "kept"), [(730, SHARES[-1:]), (400, SHARES[-2:-1]), (0, SHARES[:1])])
def test_what_many_calls_speak_against_is_given_up(nobody: int, kept: tuple[float, ...]) -> None:
    share, guesses = guessed(nobody, 1000 - nobody)
    assert tuple(guesses.curves) == kept
    assert share == pytest.approx(nobody / 1000, rel=0.05, abs=0.01)


@pytest.mark.parametrize("share", [0.03, 0.4])
def test_few_strangers_and_many_are_both_found(share: float) -> None:
    """Held to five in a hundred, many were taken for visitors who call later: two in three of them."""
    law = changed(law_named("corner-shop"), {"stranger_share": share})
    strangers, told, found = 0, 0, 0.0
    # Of one log's ten strangers half are found, or all, as chance will have it.
    for seed in (5, 6, 7):
        lines = list(read_traffic(list(Simulation(law, Random(seed)).lines(2_500))))
        board = Switchboard(16)
        theirs = [each for each in board.run(lines) if each.truth is None]
        strangers += len(theirs)
        told += sum(each.posterior.best() is None for each in theirs)
        learner, last = board.learner, round(lines[-1].t * SECOND)
        found += learner.curve.nobody * 16 * (last - learner.started_at)
    # Of three logs' twenty strangers a fifth more or less is chance.
    assert 0.75 * strangers < found < 1.4 * strangers
    assert told > (0.1 + share) * strangers


def test_where_most_visits_have_no_number_most_calls_may_be_nobodys() -> None:
    """Strangers need no number. Guessed were four in ten at most, and seven in ten were believed later."""
    law = changed(law_named("corner-shop"), STARVED)
    strangers, believed = 0, 0.0
    for seed in (3, 6, 8):
        lines = list(Simulation(law, Random(seed)).lines(1_500))
        first = list(islice(Switchboard(6).run(read_traffic(lines)), 16, 150))
        strangers += sum(verdict.truth is None for verdict in first)
        believed += sum(verdict.posterior.nobody for verdict in first)
    assert strangers > 0.6 * 3 * 134
    # It is 0.90; with four in ten as the most it is 0.84.
    assert 0.88 * strangers < believed < 1.1 * strangers


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
