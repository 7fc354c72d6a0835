"""The matcher that is told all but four numbers finds them, and lies between ours and the oracle."""

from random import Random

import pytest

from swapboard.attribution import guests
from swapboard.attribution.backtest import replayed
from swapboard.attribution.law import law_named
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.simulation import Simulation
from swapboard.attribution.traffic import read_traffic
from tests.attribution.oracle import Oracle
from tests.attribution.partly_told import PartlyTold


def test_it_learns_what_is_hidden_and_is_no_better_than_who_is_told() -> None:
    law = law_named("clinic")
    log = list(Simulation(law, Random(3)).lines(4000))
    learns, told = PartlyTold(law), Oracle(law)
    boards = [Switchboard(32, judge, considered=1, holders=2000) for judge in (learns, told)]
    for board in boards:
        board.learner.due = 10**9
    found, best = (replayed(board, read_traffic(log)) for board in boards)
    known = learns.oracle.law
    assert 0.5 < known.late_probability / law.late_probability < 2.0
    assert 0.3 < known.late_minutes / law.late_minutes < 3.0
    assert known.live_probability == law.live_probability
    assert best.log_loss < found.log_loss < 1.15 * best.log_loss


def test_whom_the_replay_forgot_it_counts_as_one_who_did_not_call(monkeypatch: pytest.MonkeyPatch) -> None:
    law = law_named("corner-shop")
    log, learns = list(Simulation(law, Random(3)).lines(6000)), PartlyTold(law)
    monkeypatch.setattr(guests, "SESSIONS_KEPT", 800)
    board = Switchboard(16, learns, considered=1)
    board.learner.due = 10**9
    replayed(board, read_traffic(log))
    sessions = [each.session_id for each in learns.guests]
    assert len(board.guests.by_session) == 800 < len(sessions) == len(set(sessions))
    assert 0.5 < learns.oracle.law.late_probability / law.late_probability < 2.0
