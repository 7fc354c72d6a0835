"""What the tables are made of: a law's log, replayed by one who weighs its calls and chooses its numbers."""

import sys
from random import Random
from typing import NamedTuple

from benchmarks.choice_by_chance import AtRandom
from benchmarks.simulated_logs import law_of, log_named
from swapboard.attribution.backtest import replayed
from swapboard.attribution.replay import Judge, Switchboard
from swapboard.attribution.traffic import read_traffic
from tests.attribution.oracle import Oracle
from tests.attribution.partly_told import PartlyTold

ORACLES_HOLDERS = 2000
"""The oracle weighs so many holders of a number one by one, where ours takes the older ones together."""


class Run(NamedTuple):
    """A log, and who weighs its calls: `ours`, the `oracle`, or who was `told` the law but for four numbers.

    Each visit gets the longest-idle number, so that the next one's does not depend on who weighs the calls; it is
    ours, too, where numbers are given by `mass`, or at `random`.
    """

    law: str
    pool: int
    visits: int
    seed: int
    who: str


class Figures(NamedTuple):
    """What came of a run."""

    overflow: float
    matched: int
    accuracy: float
    log_loss: float
    error: float
    error_by_chance: float


def board_of(run: Run) -> Switchboard:
    """The switchboard that replays it."""
    if run.who == "oracle":
        return _judged(run.pool, Oracle(law_of(run.law)))
    if run.who == "told":
        return _judged(run.pool, PartlyTold(law_of(run.law)))
    if run.who == "mass":
        return Switchboard(run.pool)
    board = Switchboard(run.pool, considered=1)
    if run.who == "random":
        learner, chance = board.learner, Random(run.seed)  # noqa: S311 on purpose
        board.pool = AtRandom(run.pool, learner.watch, learner.memory.links, chance)
    return board


def _judged(pool: int, judge: Judge) -> Switchboard:
    board = Switchboard(pool, judge, considered=1, holders=ORACLES_HOLDERS)
    board.learner.due = sys.maxsize
    return board


def figures(run: Run) -> Figures:
    """Replay the log."""
    board = board_of(run)
    score = replayed(board, read_traffic(log_named(run.law, run.visits, run.seed)))
    answers, overflow = score.answers, board.tally.overflow / board.tally.visits
    return Figures(overflow, score.matched, score.accuracy, score.log_loss, answers.error, answers.error_by_chance)
