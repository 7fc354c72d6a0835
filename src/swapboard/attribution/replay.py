"""Replays traffic through the lease and match rules, on the log's own clock, in memory.

It does what the switchboard does with a database: a visit takes a number by `numbers.pool.place`, beats keep it,
a good-bye or three missed beats let it cool, a call is weighed against all who held its number.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import floor
from typing import Protocol

from swapboard.attribution.guests import Guests, is_on_phone
from swapboard.attribution.hazard import SILENT_AFTER
from swapboard.attribution.online import LEAST_NAMED, Learner
from swapboard.attribution.outcome import Tally, Verdict
from swapboard.attribution.pending import Pending
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.replay_pool import CONSIDERED, HOLDERS, Guest, Number, Pool
from swapboard.attribution.ring import Ring
from swapboard.attribution.traffic import BeatLine, CallLine, CopyLine, Deed, Line, TapLine, VisitLine
from swapboard.attribution.watch import Watched
from swapboard.clock import DAY, SECOND, Millis

WEEK = 7 * DAY
_MILLIS = float(SECOND)
"""Of each line: two floats are multiplied sooner than a float and an integer."""


class Judge(Protocol):
    """Who weighs a call."""

    def __call__(self, board: "Switchboard", ring: Ring, number: Number, also: Sequence[Watched]) -> Posterior: ...


class Switchboard:
    """The pool, its leases, and the learner, between two lines of the log."""

    def __init__(
        self, pool: int, judge: Judge | None = None, considered: int = CONSIDERED, holders: int = HOLDERS
    ) -> None:
        self.learner = Learner(pool)
        self.pool = Pool(pool, self.learner.watch, considered, holders, self.learner.memory.links)
        self.tally = Tally()
        self._judge = judge or learned_judge
        self.guests = Guests(self.learner.memory.links)
        self._ahead: Millis | None = None
        """What the board's clock is ahead of the log's; None until the log begins."""

    def run(self, lines: Iterable[Line]) -> Iterator[Verdict]:
        """Play the log; a verdict for each call of a session that had a number, and of a stranger."""
        sessions = self.guests.by_session
        lines = self._from_the_first(iter(lines))
        # To the nearest millisecond; of each line, and sooner than `round`.
        ahead = (self._ahead or 0) + 0.5
        for line in lines:
            now = floor(line.t * _MILLIS + ahead)
            if isinstance(line, BeatLine):
                try:
                    guest = sessions[line.session]
                except KeyError:
                    continue
                if (
                    line.state == "visible"
                    and guest.is_live
                    and guest.hidden_at is None
                    and now - guest.heard_at <= SILENT_AFTER
                ):
                    # Nothing changed: most lines of a log are of this kind.
                    guest.heard_at = now
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
        if self._ahead is None:
            begins = round(first.t * SECOND)
            # No moment of the board's is before zero; whole weeks leave hours and days of the week as they are.
            self._ahead = -min(0, begins // WEEK) * WEEK
            self.learner.started_at = begins + self._ahead
        return chain((first,), lines)

    def _visit(self, line: VisitLine, now: Millis) -> None:
        self.tally.visits += 1
        on_phone = is_on_phone(line.user_agent) if line.user_agent else False
        if on_phone is None:
            return
        guest = self.guests.by_session.get(line.session)
        if guest is None:
            guest = self.guests.begin(line, now, on_phone, self.pool.last_numbers)
            self.learner.watch.begins(now)
        else:
            self._heard(guest, now)
        if not guest.is_live:
            self._seat(guest, now)

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
        """A hidden page keeps its number and takes none; one that leaves says that it is gone, and then hidden."""
        if not guest.is_live:
            return
        if guest.hidden_at is None or now - guest.heard_at > SILENT_AFTER:
            self.learner.watch.count(guest, now)
            guest.hidden_at = guest.hidden_at or now
        guest.heard_at = now

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
        guest = self.guests.by_session.get(line.session)
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
            number = self.pool.by_chance(line.id)
        else:
            truth = self.guests.by_session.get(line.dialled_by)
            if truth is None or truth.number is None:
                self.tally.untracked += 1
                return None
            number = truth.number
        ring, before = self.learner.ring(now, number.number_id, line.caller)
        if ring.known:
            # A visitor who called may call from another visit, however many held the number since.
            # In order: as a set, they would be weighed and added up in another one each time.
            who = dict.fromkeys(each.visitor_id for each in before)
            before = tuple({id(each): each for each in (*before, *self.guests.of_visitors(who))}.values())
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
    crowd = number.tail.places(ring.at, ring.areas)
    return board.learner.weigh(ring, holders[::-1] + before, crowd, least)
