"""Tries the match rule on a log whose right answers are known: how often it is right, and how honest."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from math import log

from swapboard.attribution.calibration import Reliability
from swapboard.attribution.outcome import Verdict
from swapboard.attribution.posterior import candidates
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.traffic import Line

BINS = 15
MOST_CANDIDATES = 20
LEAST_PROBABILITY = 1e-6
"""What an answer that was held to be impossible counts as in the log-loss."""


@dataclass(slots=True)
class Score:
    """How good the verdicts are; `add` one by one, then read. None where there were none."""

    answers: Reliability = field(default_factory=partial(Reliability, BINS))
    loss: float = 0.0

    def add(self, confidence: float, is_right: bool, probability_of_truth: float) -> None:
        """Count a verdict."""
        self.answers.add(confidence, is_right)
        self.loss -= log(max(LEAST_PROBABILITY, probability_of_truth))

    @property
    def matched(self) -> int:
        return self.answers.calls

    @property
    def accuracy(self) -> float | None:
        """The share of calls whose most probable answer was right."""
        return self.answers.right / self.matched if self.matched else None

    @property
    def log_loss(self) -> float | None:
        """The mean of -ln(probability given to the truth)."""
        return self.loss / self.matched if self.matched else None


def replayed(board: Switchboard, lines: Iterable[Line]) -> Score:
    """Replay a log and count its verdicts."""
    total = Score()
    for verdict in board.run(lines):
        score(verdict, total)
    return total


def score(verdict: Verdict, total: Score) -> None:
    """Count a verdict: right when the best answer, session or nobody, is the true one."""
    posterior, truth = verdict.posterior, verdict.truth
    best = posterior.best()
    is_right = best is None if truth is None else best is not None and best.holder is truth
    total.add(posterior.probability(best), is_right, probability_of(verdict))


def probability_of(verdict: Verdict) -> float:
    """The probability given to the right answer."""
    posterior, truth = verdict.posterior, verdict.truth
    if truth is None:
        return posterior.nobody
    for each in posterior.weighed:
        if each.holder is truth:
            return each.weight / posterior.total
    return posterior.of_rest(truth, verdict.ring.at) / posterior.total


def account(verdict: Verdict) -> dict[str, object]:
    """A call with its candidates, the right answer and what that was given, for a line of JSON."""
    posterior, ring = verdict.posterior, verdict.ring
    best = posterior.best()
    return {
        "id": verdict.line.id,
        "t": verdict.line.t,
        "number": ring.number_id,
        "dialled_by": verdict.line.dialled_by,
        "attributed_to": best.holder.session_id if best else None,
        "confidence": posterior.probability(best),
        "probability_of_truth": probability_of(verdict),
        "nobody": posterior.nobody,
        "others": posterior.rest_weight / posterior.total,
        "candidates": [
            {"session_id": each.session_id, "probability": each.probability, "because": each.because}
            for each in candidates(posterior, ring.at, MOST_CANDIDATES)
        ],
    }
