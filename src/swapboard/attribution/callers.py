"""Who called while a log is replayed, and what was believed of it; the longest silent are forgotten first."""

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from swapboard.attribution.curve import AGAIN_EDGES
from swapboard.attribution.evidence import MOST_NAMELESS, Known, Link, Share, linked
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.ring import Ring
from swapboard.attribution.waits import add_wait, add_waits
from swapboard.attribution.watch import Watched
from swapboard.clock import Millis

MOST_CALLERS = 12_000
"""Each is remembered with all sessions that may have called: 2 kB, and 7 where there are many."""


@dataclass(slots=True)
class Acquaintance:
    """A caller of before, and the sessions that may have made its last call."""

    known: Known
    sessions: tuple[Watched, ...]


@dataclass(slots=True)
class Memory:
    """Who called, and what was believed of it; the longest silent are forgotten first."""

    callers: OrderedDict[str, Acquaintance] = field(default_factory=OrderedDict)
    links: OrderedDict[str, Link] = field(default_factory=OrderedDict)
    nameless: dict[str, deque[Acquaintance]] = field(default_factory=dict)
    """By number: the latest callers who withheld theirs."""
    again: list[float] = field(default_factory=lambda: [0.0] * (len(AGAIN_EDGES) - 1))
    """Time between a caller's calls, of those that called again or were forgotten."""
    nobody_again: list[float] = field(default_factory=lambda: [0.0] * (len(AGAIN_EDGES) - 1))
    """Of it, what came after calls that were nobody's."""

    def of(self, caller: str | None) -> Acquaintance | None:
        """What is known of the caller."""
        return self.callers.get(caller) if caller else None

    def withheld(self, caller: str | None, number_id: str) -> tuple[Acquaintance, ...]:
        """Who withheld its number too and may not have called again yet, of a caller who does."""
        return () if caller else tuple(self.nameless.get(number_id, ()))

    def keep(self, ring: Ring, shares: Sequence[Share], sessions: tuple[Watched, ...], nobody: float) -> None:
        """Remember who made the call."""
        caller = ring.caller
        if caller is None:
            self._keep_nameless(Acquaintance(Known(ring.at, ring.number_id, tuple(shares), nobody), sessions))
            return
        earlier = self.callers.pop(caller, None)
        if earlier:
            self._waited(earlier, ring.at)
        self.callers[caller] = Acquaintance(Known(ring.at, ring.number_id, tuple(shares), nobody), sessions)
        for share in shares:
            # Put last again: the visitors that are longest known to have called are forgotten first.
            before = self.links.pop(share.visitor_id, None)
            self.links[share.visitor_id] = linked(before, caller, share.belief, share.session_id)
        while len(self.callers) > MOST_CALLERS:
            _, forgotten = self.callers.popitem(last=False)
            self._waited(forgotten, ring.at)
        while len(self.links) > 2 * MOST_CALLERS:
            self.links.popitem(last=False)

    def last_call(self, caller: str) -> Millis | None:
        """When the caller called last."""
        known = self.callers.get(caller)
        return known.known.last_at if known else None

    def _waited(self, who: Acquaintance, until: Millis) -> None:
        add_wait(self.again, until - who.known.last_at)
        add_wait(self.nobody_again, until - who.known.last_at, who.known.nobody)

    def waits(self, now: Millis) -> tuple[list[float], list[float]]:
        """The time after calls up to now, by its length; and of it, what came after nobody's."""
        again, nobody_again = list(self.again), list(self.nobody_again)
        last = [each.known for each in self.callers.values()]
        nameless = [each.known for of_number in self.nameless.values() for each in of_number]
        since = now - np.array([known.last_at for known in last], np.int64)
        add_waits(again, since, np.ones(len(since)))
        add_waits(nobody_again, since, [known.nobody for known in last])
        add_waits(again, [now - known.last_at for known in nameless], [known.heard for known in nameless])
        return again, nobody_again

    def called_again(self, ring: Ring, posterior: Posterior) -> None:
        """As far as one who withheld the number made this call too, its earlier call is waited for no more."""
        if not ring.withheld:
            return
        again = {each.holder.session_id: each.again / posterior.total for each in posterior.weighed if each.again}
        of_number = self.nameless[ring.number_id]
        for _ in range(len(of_number)):
            each = of_number.popleft()
            known = each.known
            shares = tuple(
                share._replace(belief=share.belief * (1.0 - again.get(share.session_id, 0.0)))
                for share in known.shares
            )
            left = replace(known, shares=shares)
            add_wait(self.again, ring.at - known.last_at, known.heard - left.heard)
            of_number.append(Acquaintance(left, each.sessions))

    def _keep_nameless(self, new: Acquaintance) -> None:
        of_number = self.nameless.setdefault(new.known.number_id, deque())
        of_number.append(new)
        if len(of_number) > MOST_NAMELESS:
            oldest = of_number.popleft().known
            add_wait(self.again, new.known.last_at - oldest.last_at, oldest.heard)
