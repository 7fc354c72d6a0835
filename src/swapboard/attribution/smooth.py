"""A smooth curve through counts: the logarithms of neighbouring rates bend little.

Maximises Σ calls·log(rate) - time·rate - Σ (second difference of log rate)² / (2·bend²) - a weak pull to a prior,
by Newton's method; the matrix has five diagonals, so that a step costs little.
"""

from collections.abc import Sequence
from math import exp, log

PULL = 0.02
"""How many calls the prior weighs in each cell: enough to say something where there is nothing else."""
STEPS = 2
LONGEST_STEP = 1.5


def smooth_rates(
    calls: Sequence[float],
    times: Sequence[float],
    begin: Sequence[float],
    prior: Sequence[float],
    bend: float,
    upward: float | None = None,
) -> list[float]:
    """The rates, one for each cell; `begin` is where the search begins, `bend` the usual second difference."""
    logs = [log(rate) for rate in begin]
    goals = [log(rate) for rate in prior]
    down, up = (1.0 / (each * each) for each in (bend, upward or bend))
    for _ in range(STEPS):
        gradient, bands = _newton(logs, goals, calls, times, (down, up))
        step = _solve(bands, gradient)
        for at, change in enumerate(step):
            logs[at] += max(-LONGEST_STEP, min(LONGEST_STEP, change))
    return [exp(max(-60.0, each)) for each in logs]


def _newton(
    logs: Sequence[float],
    goals: Sequence[float],
    calls: Sequence[float],
    times: Sequence[float],
    stiffnesses: tuple[float, float],
) -> tuple[list[float], tuple[list[float], list[float], list[float]]]:
    """The gradient, and the negative Hessian's diagonal and two upper bands."""
    size = len(logs)
    first, second = [0.0] * size, [0.0] * size
    gradient, diagonal = [0.0] * size, [0.0] * size
    for at in range(size):
        expected = times[at] * exp(logs[at])
        gradient[at] = calls[at] - expected - PULL * (logs[at] - goals[at])
        # Where calls are many and expected few, Newton's step would be far too long: the larger one is taken.
        diagonal[at] = max(expected, calls[at]) + PULL
    for at in range(1, size - 1):
        second_difference = logs[at - 1] - 2 * logs[at] + logs[at + 1]
        stiffness = stiffnesses[second_difference > 0]
        bent = stiffness * second_difference
        gradient[at - 1] -= bent
        gradient[at] += 2 * bent
        gradient[at + 1] -= bent
        diagonal[at - 1] += stiffness
        diagonal[at] += 4 * stiffness
        diagonal[at + 1] += stiffness
        first[at - 1] -= 2 * stiffness
        first[at] -= 2 * stiffness
        second[at - 1] += stiffness
    return gradient, (diagonal, first, second)


def _solve(bands: tuple[list[float], list[float], list[float]], right: Sequence[float]) -> list[float]:
    """Solve a symmetric positive definite system of five diagonals (LDLᵀ)."""
    diagonal, first, second = bands
    size = len(right)
    pivots, below, further = [0.0] * size, [0.0] * size, [0.0] * size
    found = list(right)
    for at in range(size):
        pivot = diagonal[at]
        near = first[at - 1] if at >= 1 else 0.0
        if at >= 2:
            far = second[at - 2]
            further[at] = far / pivots[at - 2]
            near -= further[at] * pivots[at - 2] * below[at - 1]
            pivot -= further[at] * far
            found[at] -= further[at] * found[at - 2]
        if at >= 1:
            below[at] = near / pivots[at - 1]
            pivot -= below[at] * near
            found[at] -= below[at] * found[at - 1]
        pivots[at] = pivot
    for at in range(size - 1, -1, -1):
        found[at] /= pivots[at]
        if at + 1 < size:
            found[at] -= below[at + 1] * found[at + 1]
        if at + 2 < size:
            found[at] -= further[at + 2] * found[at + 2]
    return found
