"""A pool that gives any free number: what the rule's choice is set against."""

from collections.abc import Mapping
from random import Random

from swapboard.attribution.evidence import Link
from swapboard.attribution.replay_pool import Guest, Number, Pool
from swapboard.attribution.watch import Watch
from swapboard.clock import Millis


class AtRandom(Pool):
    """Gives any free number, but a visitor's last one back, as the rule does."""

    def __init__(self, size: int, watch: Watch, links: Mapping[str, Link], chance: Random) -> None:
        super().__init__(size, watch, links=links)
        self._chance = chance

    def choose(self, guest: Guest, now: Millis) -> Number | None:
        """The visitor's last number, else any."""
        last = guest.number or self.last_numbers.get(guest.visitor_id)
        if last is not None and last.number_id in self.free:
            return last
        return self._chance.choice(list(self.free.values())) if self.free else None
