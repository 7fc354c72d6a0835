"""A matcher that is told the law but for four numbers, and learns those from the same calls: what is reachable.

Nobody's rate, the share of late callers, the median and the spread of their delay are hidden from it; of the
delay it knows the form. All else it knows as the oracle does. It takes the four, each time that ours learns, which
make the calls so far most probable, with a prior as wide as laws may differ. Ours has to learn more, and knows no
form: what this one misses is the data's, whoever looks at them.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from math import exp, log
from typing import NamedTuple

from swapboard.attribution.law import HOUR_SECONDS, Law
from swapboard.attribution.online import BLOCK, FIRST_LESSONS
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.replay_pool import Guest, Number
from swapboard.attribution.ring import Ring
from swapboard.attribution.watch import Watched, away_since
from swapboard.clock import SECOND
from tests.attribution.oracle import BEAT_SECONDS, Oracle

AGES = [1.15**step for step in range(115)]
"""Seconds: up to 110 days."""
LEAST = 1e-12


class Guess(NamedTuple):
    """The logarithms of what is hidden."""

    strangers_a_visit: float
    late_odds: float
    late_minutes: float
    late_spread: float


CENTRE = Guess(log(0.004), log(0.02), log(60.0), log(1.5))
WIDTH = Guess(1.5, 1.5, 1.5, 0.3)
STEPS = Guess(0.5, 0.5, 0.5, 0.15)


@dataclass(slots=True)
class Heard:
    """A call: the weight that is told, and the factors of nobody's rate and of late callers by age."""

    told: float
    nobody: float
    late: list[tuple[int, float]]


@dataclass(slots=True)
class PartlyTold:
    """Weighs calls as the oracle would whose law has the numbers learned so far."""

    law: Law
    guess: Guess = CENTRE
    heard: list[Heard] = field(default_factory=list)
    due: int = FIRST_LESSONS
    oracle: Oracle = field(init=False)
    guests: list[Guest] = field(default_factory=list)
    """All there were: a replay forgets the first of them."""

    def __post_init__(self) -> None:
        self.oracle = Oracle(guessed(self.law, self.guess))

    def __call__(self, board: Switchboard, ring: Ring, number: Number, also: Sequence[Watched]) -> Posterior:
        """See Judge."""
        self._meet(board.guests.by_session)
        if len(self.heard) >= self.due:
            self._learn(board, ring)
        posterior = self.oracle(board, ring, number, also)
        self.heard.append(self._heard(ring, posterior))
        return posterior

    def _meet(self, by_session: dict[str, Guest]) -> None:
        last = self.guests[-1] if self.guests else None
        new = takewhile(lambda each: each is not last, reversed(by_session.values()))
        self.guests += [*new][::-1]

    def _heard(self, ring: Ring, posterior: Posterior) -> Heard:
        law, now = self.oracle.law, ring.at / SECOND
        late: dict[int, float] = {}
        told = posterior.total - posterior.nobody_weight
        for each in posterior.weighed:
            holder = each.holder
            since = left_at(holder, ring.at)  # type: ignore[arg-type]
            if since is None or not (rate := law.late_rate(since, now)):
                continue
            first = self.oracle.first_rate(ring, holder)
            factor = (each.weight - each.again) / first if first else 0.0
            cell = bisect_right(AGES, now - since)
            late[cell] = late.get(cell, 0.0) + factor
            told -= rate * factor
        return Heard(
            max(told, 0.0), posterior.nobody_weight / exp(self.guess.strangers_a_visit), list(late.items())
        )

    def _learn(self, board: Switchboard, ring: Ring) -> None:
        self.due = len(self.heard) * 2 if len(self.heard) < BLOCK else len(self.heard) + BLOCK
        now, begun = ring.at / SECOND, board.learner.started_at / SECOND
        hours = max(1, round((now - begun) / HOUR_SECONDS))
        visits = sum(self.law.rate(begun + (hour + 0.5) * HOUR_SECONDS) for hour in range(hours)) * HOUR_SECONDS
        ages: dict[int, float] = {}
        for guest in self.guests:
            since = left_at(guest, ring.at)
            if guest.number is not None and since is not None and now > since:
                cell = bisect_right(AGES, now - since)
                ages[cell] = ages.get(cell, 0.0) + 1.0 - guest.called

        def doubt(guess: Guess) -> float:
            law = guessed(self.law, guess)
            rates = [law.late_rate(0.0, each) for each in _MIDDLES]
            nobody = exp(guess.strangers_a_visit)
            calls = sum(
                log(LEAST + each.told + each.nobody * nobody + sum(rates[cell] * part for cell, part in each.late))
                for each in self.heard
            )
            late = sum(
                -log(1.0 - law.late_probability * law.late().done(_MIDDLES[cell])) * count
                for cell, count in ages.items()
            )
            prior = sum(((at - mean) / wide) ** 2 / 2 for at, mean, wide in zip(guess, CENTRE, WIDTH, strict=True))
            return nobody * visits + late + prior - calls

        self.guess = least(doubt, self.guess)
        self.oracle = Oracle(guessed(self.law, self.guess))


def guessed(law: Law, guess: Guess) -> Law:
    """The law with the four numbers."""
    odds, live = exp(guess.late_odds), law.live_probability
    late = odds / (1.0 + odds) * (1.0 - live)
    found = replace(
        law,
        late_share=late / (live + late),
        late_minutes=exp(guess.late_minutes),
        late_spread=exp(guess.late_spread),
    )
    found.__dict__["live_probability"] = live
    strangers = exp(guess.strangers_a_visit) / found.calls_a_visit
    found.__dict__.pop("calls_a_visit")
    known = {"live_probability": live, "late_probability": found.late_probability}
    found = replace(found, stranger_share=strangers / (1.0 + strangers))
    found.__dict__.update(known)
    return found


def left_at(holder: Watched, at: int) -> float | None:
    """Since when, in seconds, the oracle takes the session to be gone; None while it is there."""
    if holder.left_at is not None:
        return holder.left_at / SECOND
    if (at - holder.heard_at) / SECOND <= BEAT_SECONDS:
        return None
    return away_since(holder) / SECOND + BEAT_SECONDS / 2


def least(doubt: Callable[[Guess], float], begin: Guess) -> Guess:
    """Where it is least: one number after the other, by steps that grow and shrink."""
    best, steps = begin, list(STEPS)
    value = doubt(best)
    for _ in range(60):
        for at in range(len(steps)):
            for sign in (1.0, -1.0):
                tried = best._replace(**{Guess._fields[at]: best[at] + sign * steps[at]})
                if (there := doubt(tried)) < value:
                    best, value = tried, there
                    steps[at] *= 1.5 * sign
                    break
            else:
                steps[at] /= 2.0
        if max(map(abs, steps)) < 0.02:
            break
    return best


_MIDDLES = [0.5 * (begin + end) for begin, end in zip([0.0, *AGES], [*AGES, AGES[-1] * 1.15], strict=True)]
