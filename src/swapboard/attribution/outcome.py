"""What comes of replaying a log: a verdict for each call, and a tally of what happened."""

from dataclasses import dataclass
from typing import NamedTuple

from swapboard.attribution.posterior import Posterior
from swapboard.attribution.replay_pool import Guest
from swapboard.attribution.ring import Ring
from swapboard.attribution.traffic import CallLine


class Verdict(NamedTuple):
    """A call of the log that the match was asked about, and what it said."""

    line: CallLine
    ring: Ring
    posterior: Posterior
    truth: Guest | None
    """Whose number was dialled; None for a stranger."""


@dataclass(slots=True)
class Tally:
    """What happened in the log."""

    visits: int = 0
    calls: int = 0
    untracked: int = 0
    overflow: int = 0
