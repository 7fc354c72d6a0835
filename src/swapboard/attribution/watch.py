"""Turns what sessions do into exposure: how long they spent in each phase at each age.

A session's time is counted when something about it changes. Those that went away are settled half an hour
later: from then on only the moment they went is kept, 8 bytes each.
"""

from array import array
from bisect import insort
from collections import deque
from dataclasses import dataclass, field

from swapboard.attribution.away_by_hour import AwayByHour
from swapboard.attribution.curve import Curve
from swapboard.attribution.evidence import PROFILES, profile_of
from swapboard.attribution.hazard import (
    FIRST_CELL,
    HIDDEN,
    LEFT,
    LIVE,
    SILENT,
    SILENT_AFTER,
    TAP_LASTS,
    TAPPED,
    Exposure,
    cells_of,
    totals_of,
    waiting_exposure,
)
from swapboard.attribution.holder import CALLED, Holder
from swapboard.attribution.hours import HOURS, hour_of
from swapboard.clock import HOUR, MINUTE, Millis

SETTLED_AFTER: Millis = 30 * MINUTE
MOST_AWAY = 60_000


class Watched(Holder, eq=False):
    """A session whose time is counted up to a moment."""

    counted_to: Millis = 0
    settled_since: Millis = -1
    """It went away then, and its time since is counted together with that of others."""


@dataclass(slots=True)
class Watch:
    """The exposure of all sessions that hold or held a number."""

    counted: list[Exposure] = field(default_factory=lambda: [Exposure.empty() for _ in range(PROFILES)])
    away: dict[int, list["array[int]"]] = field(
        default_factory=lambda: {phase: [array("q") for _ in range(PROFILES)] for phase in (LEFT, SILENT)}
    )
    """By phase and profile: since when settled sessions are away, ordered."""
    lately: deque[tuple[Millis, Watched]] = field(default_factory=deque)
    """Who went away lately, and since when."""
    forgotten: list[int] = field(default_factory=lambda: [0] * PROFILES)
    """By profile: how many more there were."""
    quiet: list[int] = field(default_factory=lambda: [0] * PROFILES)
    """By profile: how many of them said good-bye and did nothing since, and still have to be counted."""
    ended: AwayByHour = field(default_factory=AwayByHour)
    came: list[float] = field(default_factory=lambda: [0.0] * HOURS)
    """By hour of the day: how many visits began."""
    _hour: int = 0
    _hour_ends_at: Millis = 0

    def begins(self, at: Millis) -> None:
        """A visit begins, in order, whether there is a number for it or not."""
        if at >= self._hour_ends_at:
            self._hour, self._hour_ends_at = hour_of(at), (at // HOUR + 1) * HOUR
        self.came[self._hour] += 1.0

    def count(self, session: Watched, until: Millis) -> None:
        """Count the session's time up to the moment, in the state it was in."""
        since = session.counted_to
        if until <= since:
            return
        session.counted_to = until
        if session.settled_since >= 0 and session.settled_since == away_since(session):
            return
        tapped_at = session.tapped_at
        if tapped_at is not None and since < tapped_at + TAP_LASTS:
            end = min(until, tapped_at + TAP_LASTS)
            weight = _may_call(session, tap_is_spent=tapped_at <= session.called_at)
            self.counted[session.who].add(TAPPED, since - tapped_at, end - tapped_at, weight)
            since = end
        if since < until:
            self._count_untapped(session, since, until)

    def _count_untapped(self, session: Watched, since: Millis, until: Millis) -> None:
        left_at, heard_at = session.left_at, session.heard_at
        weight = _may_call(session) if session.called else 1.0
        if left_at is not None:
            stayed = profile_of(session.who, left_at - session.came_at)
            self.counted[stayed].add(LEFT, since - left_at, until - left_at, weight)
            return
        fresh = heard_at + SILENT_AFTER
        if fresh > since:
            phase, began = LIVE, session.came_at
            if session.hidden_at is not None:
                phase, began = HIDDEN, session.hidden_at
            end = until if until < fresh else fresh
            self.counted[session.who].add(phase, since - began, end - began, weight)
            since = fresh
        if until > since:
            stayed = profile_of(session.who, heard_at - session.came_at)
            self.counted[stayed].add(SILENT, since - heard_at, until - heard_at, weight)

    def went(self, session: Watched, now: Millis) -> None:
        """The session left, or fell silent: nothing more may come of it."""
        self.ended.leave(now)
        lately, settled = self.lately, now - SETTLED_AFTER
        lately.append((away_since(session), session))
        while lately and lately[0][0] <= settled:
            since, first = lately.popleft()
            # Who turned a page and vanished is here twice: as one that left, and as one that fell silent then.
            if since == away_since(first) != first.settled_since:
                self._settle(first, since)

    def crowd(self) -> tuple[float, ...]:
        """The share of each profile in all who went away for good; each has one more than there were."""
        left, silent = self.away[LEFT], self.away[SILENT]
        many = [1 + sum(map(len, times)) + gone for *times, gone in zip(left, silent, self.forgotten, strict=True)]
        return tuple(each / sum(many) for each in many)

    def exposures(self, now: Millis) -> list[float]:
        """Milliseconds by profile and cell up to now."""
        for _, session in self.lately:
            self.count(session, now)
        for profile, quiet in enumerate(self.quiet):
            self.counted[profile].add(LEFT, 0, SETTLED_AFTER, quiet)
        self.quiet = [0] * PROFILES
        places = totals_of(self.counted)
        for phase, of_phase in self.away.items():
            places[:, cells_of(phase)] += waiting_exposure(phase, of_phase, now, SETTLED_AFTER)
        found: list[float] = places.ravel().tolist()
        return found

    def _settle(self, session: Watched, since: Millis) -> None:
        phase = SILENT if session.left_at is None else LEFT
        profile = profile_of(session.who, since - session.came_at)
        if phase == LEFT and session.counted_to == since and session.tapped_at is None and not session.called:
            session.counted_to = since + SETTLED_AFTER
            self.quiet[profile] += 1
        else:
            self.count(session, since + SETTLED_AFTER)
        if session.called > CALLED:
            return
        times = self.away[phase][profile]
        if not times or times[-1] <= since:
            times.append(since)
        else:
            # A page that was turned, and then fell silent, comes before others that fell silent earlier.
            insort(times, since)
        session.settled_since = since
        if len(times) > MOST_AWAY:
            self._forget_half(phase, profile, times)

    def _forget_half(self, phase: int, profile: int, times: "array[int]") -> None:
        """The older half is counted up to now and for no longer; nobody looks for it any more."""
        now, half = times[-1], times[: MOST_AWAY // 2]
        ages, [waited] = self.counted[profile].ages, waiting_exposure(phase, [half], now, SETTLED_AFTER)
        for cell, time in enumerate(waited.tolist(), FIRST_CELL[phase]):
            ages[cell] += time
        self.forgotten[profile] += len(half)
        del times[: len(half)]


def _may_call(session: Holder, *, tap_is_spent: bool = False) -> float:
    """How much of a first call there may still be: whoever called hardly calls with another number.

    By a tap that led to a call nobody calls once more.
    """
    return 1.0 - session.called * (1.0 - (0.0 if tap_is_spent else Curve.after_call))


def away_since(session: Holder) -> Millis:
    """Since when the session is away, if it is."""
    return session.heard_at if session.left_at is None else session.left_at
