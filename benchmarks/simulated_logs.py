"""A law's traffic as the tables take it: the law by its name, and its log up to the last visit."""

from functools import lru_cache
from random import Random

from benchmarks.drawn_laws import drawn_law, is_drawn
from swapboard.attribution.law import LAWS, Law
from swapboard.attribution.simulation import Simulation
from tests.attribution.held_out import HELD_OUT
from tests.attribution.tuned_on import TUNED_ON
from tests.attribution.unseen import UNSEEN


def law_of(name: str) -> Law:
    """A law that was written down, or one that is drawn."""
    if is_drawn(name):
        return drawn_law(name).law
    return next(each for each in (*LAWS, *HELD_OUT, *TUNED_ON, *UNSEEN) if each.name == name)


def up_to_the_last_visit(lines: list[bytes]) -> list[bytes]:
    """Without the calls after it: strangers end with the visits, which nobody can expect of a busy day's log."""
    last = max(at for at, line in enumerate(lines) if b'"type":"visit"' in line)
    return lines[: last + 1]


def log_of(law: Law, visits: int, seed: int) -> list[bytes]:
    """The law's traffic by this seed, up to its last visit."""
    return up_to_the_last_visit(list(Simulation(law, Random(seed)).lines(visits)))  # noqa: S311 on purpose


@lru_cache(maxsize=1)
def log_named(name: str, visits: int, seed: int) -> list[bytes]:
    """The same by the law's name, kept for the next replay of it."""
    return log_of(law_of(name), visits, seed)
