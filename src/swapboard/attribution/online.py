"""Learns while calls come in, only ever from the past, in bounded memory.

Sessions give exposure (`watch.py`), calls give lessons. From time to time the lessons at hand are learned from;
older ones keep the shares they had and fade, so that a business that changes is followed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from swapboard.attribution.area_firmness import firmness
from swapboard.attribution.callers import Memory
from swapboard.attribution.counts import Counts
from swapboard.attribution.curve import Curve
from swapboard.attribution.evidence import Areas, Ratios, Share, area_of
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.guesses import Guesses
from swapboard.attribution.habits import Habits
from swapboard.attribution.home import home_of
from swapboard.attribution.hours import time_by_hour
from swapboard.attribution.late_clock import Clock, keeps_hours, with_clock
from swapboard.attribution.late_peak import Kinds, kinds_alone, with_peak
from swapboard.attribution.learning import learn, scaled_prior
from swapboard.attribution.lesson import Lesson, lesson, look_back
from swapboard.attribution.lessons import Lessons, expect
from swapboard.attribution.match import match
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.ring import Ring
from swapboard.attribution.watch import Watch, Watched
from swapboard.clock import Millis

FIRST_LESSONS = 16
FIRST_ROUNDS = (12, 49)
EARLY_ROUNDS = (2, 9)
"""Until a block is full, calls tell late callers from nobody by so little: rounds of each guess, and of all.

The mean of the guesses has what these leave of all, and one round at least: with all five it has just that one.
"""
ROUNDS = 6
BLOCK = 2048
KEPT = 5
"""So many of the latest blocks are shared out anew each time: old shares bear out the curve that made them."""
EARLY_GROWTH, GROWTH = 0.25, 0.5
"""It learns anew each time that the calls are so much more: sooner until a block is full."""
FADE = 0.75
"""What older shares count of what they did, each time that it learns."""
LEAST_BELIEF = 0.003
LEAST_NAMED = 2e-5
MOST_SHARES = 30


class _Reading(NamedTuple):
    """All calls and all time there were when it learned."""

    seen: int
    time: Exposures


@dataclass(slots=True)
class Learner:
    """The curve so far, and everything it is learned from."""

    pool_size: int
    started_at: Millis = 0
    curve: Curve = field(default_factory=Curve.prior)
    watch: Watch = field(default_factory=Watch)
    memory: Memory = field(default_factory=Memory)
    areas: Areas = field(default_factory=Areas)
    lessons: list[Lesson] = field(default_factory=list)
    due: int = FIRST_LESSONS
    seen: int = 0
    learned: bool = False
    _guesses: Guesses = field(default_factory=Guesses)
    _smooth: Curve = field(default_factory=Curve.prior)
    """The curve without a peak, which is learned on."""
    _kinds: Kinds | None = None
    _clock: Clock | None = None
    _old: Counts = field(default_factory=Counts)
    _old_time: Exposures = field(default_factory=Exposures)
    _read: list[_Reading] = field(default_factory=lambda: [_Reading(0, Exposures())])
    """When it learned last, and the times before: a block of lessons lies between one and the next."""
    _gathered: Lessons | None = None
    """All of `lessons` that it learned from before."""
    _habits: Habits = field(default_factory=Habits)

    def ring(self, at: Millis, number_id: str, caller: str | None) -> tuple[Ring, tuple[Watched, ...]]:
        """The call as the match needs it, and the sessions that made the caller's last call."""
        if self.seen < FIRST_LESSONS:
            # How often this company is called at all is told by the first calls already.
            time = Exposures(self.watch.exposures(at), ready=self._ready(at))
            self.curve = scaled_prior(self.seen, time)
        known = self.memory.of(caller)
        withheld = self.memory.withheld(caller, number_id)
        before = (
            known.sessions if known else tuple({id(s): s for each in withheld for s in each.sessions}.values())
        )
        return (
            Ring(
                at=at,
                number_id=number_id,
                caller=caller,
                areas=Ratios(self.areas, self._area(caller)) if caller else {},
                known=known.known if known else None,
                withheld=tuple(each.known for each in withheld),
                known_callers=len(self.memory.callers),
                pool_size=self.pool_size,
            ),
            before,
        )

    def weigh(
        self,
        ring: Ring,
        holders: Sequence[Watched],
        earlier: Mapping[int, float] = {},
        least: float = LEAST_NAMED,
    ) -> Posterior:
        """Who made the call, as far as is known now; whoever has less than the share `least` is not named."""
        return match(ring, holders, self.curve, self.memory.links, earlier, least)

    def hear(self, ring: Ring, posterior: Posterior) -> None:
        """Learn from a call that has been weighed."""
        least = LEAST_BELIEF * posterior.total
        likely = [each for each in posterior.weighed if each.weight >= least]
        likely = sorted(likely, key=lambda each: -each.weight)[:MOST_SHARES]
        self.lessons.append(lesson(ring, posterior))
        self._learn_areas(ring, posterior)
        self._habits.hear(ring, posterior)
        shares = []
        for each in likely:
            session = each.holder
            assert isinstance(session, Watched)
            belief = each.weight / posterior.total
            self.watch.count(session, ring.at)
            session.believe(belief, ring.at, withheld=ring.caller is None)
            shares.append(Share(session.session_id, session.visitor_id, belief))
        self.memory.called_again(ring, posterior)
        self.memory.keep(ring, shares, tuple(each.holder for each in likely), posterior.nobody)  # type: ignore[misc]
        self.seen += 1
        if self.seen >= self.due:
            self._learn(ring.at)

    def _area(self, caller: str) -> str:
        area = area_of(caller)
        if area not in self.areas.homes:
            self.areas.lives(area, home_of(caller))
        return area

    def _learn_areas(self, ring: Ring, posterior: Posterior) -> None:
        if ring.caller is None or ring.known is not None:
            return
        area = area_of(ring.caller)
        self.areas.heard(area)
        by_region: dict[str, float] = {}
        total, least = posterior.total, LEAST_BELIEF * posterior.total
        for each in posterior.weighed:
            if each.weight >= least and (region := each.holder.region):
                by_region[region] = by_region.get(region, 0.0) + each.weight / total
        for region, belief in by_region.items():
            self.areas.credit(area, region, belief)

    def _learn(self, now: Millis) -> None:
        reading = self.exposures(now)
        begun = self._read[0]
        lately = reading.less(begun.time) if begun.seen else reading
        exposures = self._old_time.plus(lately) if begun.seen else lately
        crowd = self.watch.crowd()
        look_back(self.lessons, self.memory.last_call, now)
        curve = self._smooth if self.learned else scaled_prior(len(self.lessons), exposures)
        curve = replace(curve, crowd=crowd)
        lessons = self._gathered = Lessons(self.lessons, self._gathered)
        earlier = self._old if self._old.calls.any() else None
        is_early = self.seen < BLOCK
        if is_early:
            rounds = EARLY_ROUNDS if self.learned else FIRST_ROUNDS
            curve = self._guesses.learn(curve, lessons, exposures, *rounds)
        else:
            curve = learn(curve, lessons, exposures, earlier, ROUNDS)
        self.learned, self._smooth = True, curve
        is_mean = is_early and self._guesses.are_open
        curve, self._kinds = with_peak(curve, lessons, exposures, earlier, self._kinds, is_mean=is_mean)
        if is_early or keeps_hours(curve, self._clock):
            # Of calls that were shared out before nobody knows the moment any more.
            kinds = kinds_alone(curve, lessons, lately, self._kinds) if earlier else self._kinds
            curve, self._clock = with_clock(curve, lessons, lately, kinds, self._clock, if_hinted=True)
        self.curve = self._habits.added(curve)
        self.areas.firmness = firmness(self.areas)
        growth = EARLY_GROWTH if self.seen < BLOCK else GROWTH
        self.due = self.seen + min(BLOCK, max(FIRST_LESSONS, int(self.seen * growth)))
        if self.seen >= BLOCK:
            self._age(reading)

    def _age(self, reading: Exposures) -> None:
        """The lessons of the latest blocks are shared out anew each time; older ones keep what they had."""
        self._read.append(_Reading(self.seen, reading))
        if len(self._read) <= KEPT:
            return
        first, second = self._read[:2]
        leaving = second.time.less(first.time)
        many = second.seen - first.seen
        self._old = self._old.scaled(FADE).plus(expect(self.curve, Lessons(self.lessons[:many])))
        del self.lessons[:many]
        self._gathered = None
        self._old_time = self._old_time.scaled(FADE).plus(leaving)
        self._read.pop(0)

    def exposures(self, now: Millis) -> Exposures:
        """All the time there was up to now."""
        return Exposures(
            self.watch.exposures(now),
            *self.memory.waits(now),
            self._ready(now),
            self.watch.ended.up_to(now),
            self.watch.came.copy(),
            time_by_hour(self.started_at, now),
        )

    def _ready(self, now: Millis) -> list[float]:
        return time_by_hour(self.started_at, now, self.pool_size)
