"""Replays traffic through the lease and match rules, on the log's own clock, in memory.

It does what the switchboard does with a database: a visit takes a number by `numbers.pool.place`, beats keep it,
a good-bye or three missed beats let it cool, a call is weighed against all who held its number.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from sys import intern
from typing import NamedTuple, Protocol

from swapboard.attribution.hazard import SILENT_AFTER
from swapboard.attribution.online import LEAST_NAMED, Learner
from swapboard.attribution.pending import Pending
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.replay_pool import CONSIDERED, HOLDERS, Guest, Number, Pool
from swapboard.attribution.ring import Ring
from swapboard.attribution.traffic import BeatLine, CallLine, CopyLine, Deed, Line, TapLine, VisitLine
from swapboard.attribution.watch import Watched
from swapboard.clock import SECOND, Millis
from swapboard.visits.bots import is_bot
from swapboard.visits.device import device_of

SESSIONS_KEPT = 40_000
VISITORS_KEPT = 50_000


class Verdict(NamedTuple):
    """A call of the log that the match was asked about, and what it said."""

    line: CallLine
    ring: Ring
    posterior: Posterior
    truth: Guest | None
    """Whose number was dialled; None for a stranger."""


class Judge(Protocol):
    """Who weighs a call."""

    def __call__(self, board: "Switchboard", ring: Ring, number: Number, also: Sequence[Watched]) -> Posterior: ...


@dataclass(slots=True)
class Tally:
    """What happened in the log."""

    visits: int = 0
    calls: int = 0
    untracked: int = 0
    overflow: int = 0


class Switchboard:
    """The pool, its leases, and the learner, between two lines of the log."""

    def __init__(
        self, pool: int, judge: Judge | None = None, considered: int = CONSIDERED, holders: int = HOLDERS
    ) -> None:
        self.learner = Learner(pool)
        self.pool = Pool(pool, self.learner.watch, considered, holders)
        self.tally = Tally()
        self._judge = judge or learned_judge
        self._sessions: OrderedDict[str, Guest] = OrderedDict()
        self._begun = False

    def run(self, lines: Iterable[Line]) -> Iterator[Verdict]:
        """Play the log; a verdict for each call of a session that had a number, and of a stranger."""
        sessions, live = self._sessions, self.pool.live
        for line in self._from_the_first(iter(lines)):
            now = round(line.t * SECOND)
            if isinstance(line, BeatLine):
                guest = sessions.get(line.session)
                if guest is None:
                    continue
                if (
                    line.state == "visible"
                    and guest.is_live
                    and guest.hidden_at is None
                    and now - guest.heard_at <= SILENT_AFTER
                ):
                    # Nothing changed: most lines of a log are of this kind.
                    guest.heard_at = now
                    live.move_to_end(guest.session_id)
                else:
                    self._beat(guest, line.state, now)
            elif isinstance(line, VisitLine):
                self._visit(line, now)
            elif isinstance(line, CallLine):
                verdict = self._call(line, now)
                if verdict is not None:
                    yield verdict
            else:
                self._deed(line, now)

    def _from_the_first(self, lines: Iterator[Line]) -> Iterator[Line]:
        first = next(lines, None)
        if first is None:
            return lines
        if not self._begun:
            self._begun, self.learner.started_at = True, round(first.t * SECOND)
        return chain((first,), lines)

    def _visit(self, line: VisitLine, now: Millis) -> None:
        self.tally.visits += 1
        if line.user_agent and is_bot(line.user_agent):
            return
        guest = self._sessions.get(line.session)
        if guest is None:
            guest = self._begin(line, now)
        else:
            self._heard(guest, now)
        if not guest.is_live:
            self._seat(guest, now)

    def _begin(self, line: VisitLine, now: Millis) -> Guest:
        returning = line.visitor in self.pool.last_numbers
        guest = Guest(
            line.session,
            line.visitor,
            came_at=now,
            heard_at=now,
            on_phone=bool(line.user_agent) and device_of(line.user_agent) != "desktop",
            returning=returning,
            region=intern(line.region) if line.region else "",
            counted_to=now,
        )
        self._sessions[line.session] = guest
        if len(self._sessions) > SESSIONS_KEPT:
            self._forget_session()
        if not returning:
            self.pool.last_numbers[line.visitor] = None
            if len(self.pool.last_numbers) > VISITORS_KEPT:
                self.pool.last_numbers.popitem(last=False)
        return guest

    def _forget_session(self) -> None:
        key, first = next(iter(self._sessions.items()))
        if first.is_live:
            self._sessions.move_to_end(key)
            return
        del self._sessions[key]

    def _seat(self, guest: Guest, now: Millis) -> None:
        if not self.pool.seat(guest, now):
            self.tally.overflow += 1

    def _heard(self, guest: Guest, now: Millis) -> None:
        """The page is there: whatever it was before, it is looked at now."""
        if guest.left_at is not None or guest.hidden_at is not None or now - guest.heard_at > SILENT_AFTER:
            if guest.number is not None:
                self.learner.watch.count(guest, now)
            guest.left_at = guest.hidden_at = None
        guest.heard_at = now
        if guest.is_live:
            self.pool.live.move_to_end(guest.session_id)

    def _beat(self, guest: Guest, state: str, now: Millis) -> None:
        if state == "visible":
            self._heard(guest, now)
            if not guest.is_live and guest.number is not None:
                self._seat(guest, now)
        elif state == "hidden":
            self._hide(guest, now)
        else:
            self._leave(guest, now)

    def _hide(self, guest: Guest, now: Millis) -> None:
        if guest.hidden_at is None or guest.left_at is not None or now - guest.heard_at > SILENT_AFTER:
            if guest.number is not None:
                self.learner.watch.count(guest, now)
            guest.hidden_at = guest.hidden_at or now
            guest.left_at = None
        guest.heard_at = now
        if guest.is_live:
            self.pool.live.move_to_end(guest.session_id)
        elif guest.number is not None:
            self._seat(guest, now)

    def _leave(self, guest: Guest, now: Millis) -> None:
        if guest.left_at is not None:
            return
        if guest.number is not None:
            self.learner.watch.count(guest, now)
        guest.left_at = guest.heard_at = now
        if guest.is_live:
            self.pool.leave(guest, now)
        elif guest.number is not None:
            self.learner.watch.went(guest, now)

    def _deed(self, line: Deed, now: Millis) -> None:
        guest = self._sessions.get(line.session)
        if guest is None:
            return
        self._heard(guest, now)
        if isinstance(line, TapLine | CopyLine):
            if guest.number is not None:
                self.learner.watch.count(guest, now)
            guest.tapped_at = now

    def _call(self, line: CallLine, now: Millis) -> Verdict | None:
        self.tally.calls += 1
        truth: Guest | None = None
        if line.dialled_by is None:
            number = self.pool.numbers[_stable_hash(line.id) % len(self.pool.numbers)]
        else:
            truth = self._sessions.get(line.dialled_by)
            if truth is None or truth.number is None:
                self.tally.untracked += 1
                return None
            number = truth.number
        ring, before = self.learner.ring(now, number.number_id, line.caller)
        posterior = self._judge(self, ring, number, before)
        curve = self.learner.curve
        self.learner.hear(ring, posterior)
        if self.learner.curve is not curve:
            self.pool.pending = Pending(self.learner.curve)
        return Verdict(line, ring, posterior, truth)


def learned_judge(
    board: Switchboard, ring: Ring, number: Number, also: Sequence[Watched], least: float = LEAST_NAMED
) -> Posterior:
    """The latest holders one by one, also whoever made the caller's last call, and the others together."""
    holders = number.holders
    before = [each for each in also if each.number is number and each not in holders]  # type: ignore[attr-defined]
    return board.learner.weigh(ring, holders[::-1] + before, number.tail.places(ring.at, ring.areas), least)


def _stable_hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
