"""Learns while calls come in, only ever from the past, in bounded memory.

Sessions give exposure (`watch.py`), calls give lessons. From time to time the lessons at hand are learned from;
older ones keep the shares they had and fade, so that a business that changes is followed.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from swapboard.attribution.curve import AGAIN_EDGES, Curve, again_bin
from swapboard.attribution.evidence import MOST_NAMELESS, Areas, Known, Link, Share, area_of
from swapboard.attribution.guesses import Guesses
from swapboard.attribution.home import home_of
from swapboard.attribution.hours import time_by_hour
from swapboard.attribution.late_clock import Clock, keeps_hours, with_clock
from swapboard.attribution.late_peak import Kinds, with_peak
from swapboard.attribution.learning import Exposures, learn, scaled_prior
from swapboard.attribution.lessons import Counts, Lesson, Lessons, expect, lesson, look_back
from swapboard.attribution.match import match
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.ring import Ring
from swapboard.attribution.watch import Watch, Watched
from swapboard.clock import Millis

FIRST_LESSONS = 16
FIRST_ROUNDS = (12, 49)
EARLY_ROUNDS = (2, 9)
"""Of each guess, and of all: until a block is full, calls tell late callers from nobody by so little."""
ROUNDS = 3
BLOCK = 2048
EARLY_GROWTH, GROWTH = 0.25, 0.5
"""It learns anew each time that the calls are so much more: sooner until a block is full."""
FADE = 0.85
MOST_CALLERS = 12_000
"""Each is remembered with all sessions that may have called: 2 kB, and 7 where there are many."""
LEAST_BELIEF = 0.003
LEAST_NAMED = 2e-5
MOST_SHARES = 30
SLOW = 8.0
"""How many calls the prior of a share weighs."""


@dataclass(slots=True)
class _Acquaintance:
    known: Known
    sessions: tuple[Watched, ...]


@dataclass(slots=True)
class Memory:
    """Who called, and what was believed of it; the longest silent are forgotten first."""

    callers: OrderedDict[str, _Acquaintance] = field(default_factory=OrderedDict)
    links: OrderedDict[str, Link] = field(default_factory=OrderedDict)
    nameless: dict[str, deque[_Acquaintance]] = field(default_factory=dict)
    """By number: the latest callers who withheld theirs."""
    again: list[float] = field(default_factory=lambda: [0.0] * (len(AGAIN_EDGES) - 1))
    """Time between a caller's calls, of those that called again or were forgotten."""
    nobody_again: list[float] = field(default_factory=lambda: [0.0] * (len(AGAIN_EDGES) - 1))
    """Of it, what came after calls that were nobody's."""

    def of(self, caller: str | None) -> _Acquaintance | None:
        """What is known of the caller."""
        return self.callers.get(caller) if caller else None

    def withheld(self, caller: str | None, number_id: str) -> tuple[_Acquaintance, ...]:
        """Who withheld its number too and may not have called again yet, of a caller who does."""
        return () if caller else tuple(self.nameless.get(number_id, ()))

    def keep(self, ring: Ring, shares: Sequence[Share], sessions: tuple[Watched, ...], nobody: float) -> None:
        """Remember who made the call."""
        caller = ring.caller
        if caller is None:
            self._keep_nameless(_Acquaintance(Known(ring.at, ring.number_id, tuple(shares), nobody), sessions))
            return
        earlier = self.callers.pop(caller, None)
        if earlier:
            self._waited(earlier, ring.at)
        self.callers[caller] = _Acquaintance(Known(ring.at, ring.number_id, tuple(shares), nobody), sessions)
        for share in shares:
            link = self.links.pop(share.visitor_id, None)
            if link is None or link.belief <= share.belief or link.caller == caller:
                belief = share.belief if link is None or link.caller != caller else max(share.belief, link.belief)
                link = Link(caller, belief)
            self.links[share.visitor_id] = link
        while len(self.callers) > MOST_CALLERS:
            _, forgotten = self.callers.popitem(last=False)
            self._waited(forgotten, ring.at)
        while len(self.links) > 2 * MOST_CALLERS:
            self.links.popitem(last=False)

    def last_call(self, caller: str) -> Millis | None:
        """When the caller called last."""
        known = self.callers.get(caller)
        return known.known.last_at if known else None

    def _waited(self, who: _Acquaintance, until: Millis) -> None:
        add_wait(self.again, until - who.known.last_at)
        add_wait(self.nobody_again, until - who.known.last_at, who.known.nobody)

    def waits(self, now: Millis) -> tuple[list[float], list[float]]:
        """The time after calls up to now, by its length; and of it, what came after nobody's."""
        again, nobody_again = list(self.again), list(self.nobody_again)
        last = [each.known for each in self.callers.values()]
        nameless = [each.known for of_number in self.nameless.values() for each in of_number]
        add_waits(again, ((now - known.last_at, 1.0) for known in last))
        add_waits(nobody_again, ((now - known.last_at, known.nobody) for known in last))
        add_waits(again, ((now - known.last_at, known.heard) for known in nameless))
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
            of_number.append(_Acquaintance(left, each.sessions))

    def _keep_nameless(self, new: _Acquaintance) -> None:
        of_number = self.nameless.setdefault(new.known.number_id, deque())
        of_number.append(new)
        if len(of_number) > MOST_NAMELESS:
            oldest = of_number.popleft().known
            add_wait(self.again, new.known.last_at - oldest.last_at, oldest.heard)


def add_wait(again: list[float], wait: Millis, weight: float = 1.0) -> None:
    """Count the time after a call, by how long ago it was."""
    add_waits(again, ((wait, weight),))


def add_waits(again: list[float], waits: Iterable[tuple[Millis, float]]) -> None:
    """The same of many: each adds to the cell it has come to, those before it are added together."""
    beyond = [0.0] * len(again)
    for wait, weight in waits:
        if wait > 0:
            cell = again_bin(wait)
            again[cell] += weight * (min(wait, AGAIN_EDGES[-1]) - AGAIN_EDGES[cell])
            beyond[cell] += weight
    whole = 0.0
    for cell in reversed(range(len(again))):
        again[cell] += whole * (AGAIN_EDGES[cell + 1] - AGAIN_EDGES[cell])
        whole += beyond[cell]


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
    lessons: deque[Lesson] = field(default_factory=deque)
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
    """When it learned last, and the two times before: a block of lessons lies between one and the next."""
    _fresh: list[float] = field(default_factory=lambda: [SLOW * 0.02, SLOW])
    _fresh_nobody: list[float] = field(default_factory=lambda: [SLOW * 0.02, SLOW])
    _same: list[float] = field(default_factory=lambda: [SLOW * 0.9, SLOW])

    def ring(self, at: Millis, number_id: str, caller: str | None) -> tuple[Ring, tuple[Watched, ...]]:
        """The call as the match needs it, and the sessions that made the caller's last call."""
        if self.seen < FIRST_LESSONS:
            # How often this company is called at all is told by the first calls already.
            self.curve = scaled_prior(self.seen, self.exposures(at))
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
                areas=_Ratios(self.areas, self._area(caller)) if caller else {},
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
        likely = sorted(
            (each for each in posterior.weighed if each.weight >= LEAST_BELIEF * posterior.total),
            key=lambda each: -each.weight,
        )[:MOST_SHARES]
        self.lessons.append(lesson(ring, posterior))
        self._learn_areas(ring, posterior)
        self._learn_shares(ring, posterior)
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
            self.areas.homes[area] = home_of(caller)  # type: ignore[index]
        return area

    def _learn_areas(self, ring: Ring, posterior: Posterior) -> None:
        if ring.caller is None or ring.known is not None:
            return
        area = area_of(ring.caller)
        self.areas.heard(area)
        for each in posterior.weighed:
            if each.holder.region and each.weight >= LEAST_BELIEF * posterior.total:
                self.areas.credit(area, each.holder.region, each.weight / posterior.total)

    def _learn_shares(self, ring: Ring, posterior: Posterior) -> None:
        """How often a first call comes from a number that called before, and a later visit from the same."""
        if ring.caller is None:
            return
        links, kept = self.memory.links, self.curve.same_number
        strangers = same = other = 0.0
        for each in posterior.weighed:
            first = each.weight - each.again
            link = links.get(each.holder.visitor_id)
            if link is None:
                strangers += first
            elif link.caller == ring.caller:
                linked = link.belief * kept
                same += first * linked / (linked + (1.0 - link.belief) * posterior.scales.unheard)
            else:
                linked = link.belief * (1.0 - kept)
                other += first * linked / (linked + 1.0 - link.belief)
        total = posterior.total
        known = 1.0 if ring.known else 0.0
        self._fresh[0] += known * strangers / total
        self._fresh[1] += strangers / total
        first_nobody = posterior.nobody - posterior.scales.nobody_again / total
        self._fresh_nobody[0] += known * first_nobody
        self._fresh_nobody[1] += first_nobody
        self._same[0] += same / total
        self._same[1] += (same + other) / total

    def _learn(self, now: Millis) -> None:
        reading = self.exposures(now)
        lately = reading.less(self._read[0].time)
        exposures = self._old_time.plus(lately)
        crowd = self.watch.crowd()
        look_back(self.lessons, self.memory.last_call, now)
        curve = self._smooth if self.learned else scaled_prior(len(self.lessons), exposures)
        curve = replace(curve, crowd=crowd)
        earlier, lessons = self._old if any(self._old.calls) else None, Lessons(self.lessons)
        if self.seen < BLOCK:
            rounds = EARLY_ROUNDS if self.learned else FIRST_ROUNDS
            curve = self._guesses.learn(curve, lessons, exposures, *rounds)
        else:
            curve, _ = learn(curve, lessons, exposures, earlier, ROUNDS)
        self.learned, self._smooth = True, curve
        curve, self._kinds = with_peak(curve, lessons, exposures, earlier, self._kinds)
        if keeps_hours(curve):
            # Of calls that were shared out before nobody knows the moment any more.
            kinds = with_peak(curve, lessons, lately, None, self._kinds)[1] if earlier else self._kinds
            curve, self._clock = with_clock(curve, lessons, lately, kinds, self._clock)
        self.curve = replace(
            curve,
            known_share=min(0.9, self._fresh[0] / self._fresh[1]),
            nobody_known_share=min(0.9, self._fresh_nobody[0] / self._fresh_nobody[1]),
            same_number=min(0.99, self._same[0] / self._same[1]),
        )
        growth = EARLY_GROWTH if self.seen < BLOCK else GROWTH
        self.due = self.seen + min(BLOCK, max(FIRST_LESSONS, int(self.seen * growth)))
        if self.seen >= BLOCK:
            self._age(reading)

    def _age(self, reading: Exposures) -> None:
        """The lessons of the last two blocks are shared out anew each time; older ones keep what they had."""
        self._read.append(_Reading(self.seen, reading))
        if len(self._read) < 3:
            return
        first, second, _ = self._read
        leaving = second.time.less(first.time)
        oldest = [self.lessons.popleft() for _ in range(second.seen - first.seen)]
        self._old.fade(FADE)
        self._old.add(expect(self.curve, Lessons(oldest)))
        self._old_time = self._old_time.scaled(FADE).plus(leaving)
        self._read.pop(0)

    def exposures(self, now: Millis) -> Exposures:
        """All the time there was up to now."""
        return Exposures(
            self.watch.exposures(now),
            *self.memory.waits(now),
            time_by_hour(self.started_at, now, self.pool_size),
            self.watch.ended.up_to(now),
        )


class _Ratios(dict[str, float]):
    """The likelihood ratios of one area, by region, worked out when first asked for."""

    def __init__(self, areas: Areas, area: str) -> None:
        super().__init__()
        self._areas = areas
        self._area = area

    def get(self, region: str, default: float = 1.0) -> float:  # type: ignore[override]
        found = super().get(region)
        if found is None:
            found = self[region] = self._areas.likelihood(self._area, region)
        return found
