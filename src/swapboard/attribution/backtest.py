"""Tries the match rule on a log whose right answers are known: how often it is right, and how honest."""

from dataclasses import dataclass, field
from math import log

from swapboard.attribution.match import candidates
from swapboard.attribution.replay import Verdict

BINS = 15
MOST_CANDIDATES = 20
LEAST_PROBABILITY = 1e-6
"""What an answer that was held to be impossible counts as in the log-loss."""


@dataclass(slots=True)
class Score:
    """How good the verdicts are; `ask` one by one, then read."""

    matched: int = 0
    right: int = 0
    loss: float = 0.0
    _bins: list[list[float]] = field(default_factory=lambda: [[0.0, 0.0, 0.0] for _ in range(BINS)])

    def add(self, confidence: float, is_right: bool, probability_of_truth: float) -> None:
        """Count a verdict."""
        self.matched += 1
        self.right += is_right
        self.loss -= log(max(LEAST_PROBABILITY, probability_of_truth))
        found = self._bins[min(BINS - 1, int(confidence * BINS))]
        found[0] += 1
        found[1] += confidence
        found[2] += is_right

    @property
    def accuracy(self) -> float | None:
        """The share of calls whose most probable answer was right."""
        return self.right / self.matched if self.matched else None

    @property
    def log_loss(self) -> float | None:
        """The mean of -ln(probability given to the truth)."""
        return self.loss / self.matched if self.matched else None

    @property
    def calibration_error(self) -> float | None:
        """The expected calibration error: how far confidence lies from the share of right answers, on average."""
        if not self.matched:
            return None
        return sum(abs(confidence - right) for _, confidence, right in self._bins) / self.matched

    def bins(self) -> list[tuple[int, float, float]]:
        """For a plot: how many calls, their mean confidence, the share of right ones."""
        return [(int(n), c / n, r / n) for n, c, r in self._bins if n]


def score(verdict: Verdict, total: Score) -> None:
    """Count a verdict: right when the best answer, session or nobody, is the true one."""
    posterior = verdict.posterior
    best = posterior.best()
    confidence = best.weight / posterior.total if best else posterior.nobody
    truth = verdict.truth
    if truth is None:
        total.add(confidence, best is None, posterior.nobody)
        return
    is_right = best is not None and best.holder is truth
    total.add(confidence, is_right, probability_of(verdict))


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
        "confidence": best.weight / posterior.total if best else posterior.nobody,
        "probability_of_truth": probability_of(verdict),
        "nobody": posterior.nobody,
        "others": posterior.rest_weight / posterior.total,
        "candidates": [
            {"session_id": each.session_id, "probability": each.probability, "because": each.because}
            for each in candidates(posterior, ring.at, MOST_CANDIDATES)
        ],
    }
