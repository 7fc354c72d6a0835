"""The match rule: the candidates for a call are the sessions that ever held its number, and *nobody*.

A candidate's weight is the rate at which a call like this one comes from it, now:

    first calls    hazard(phase, age) * profile * P(caller | visitor)
    calls again    belief that it made the caller's last call * rate of calling again

*Nobody* (a saved number, a misdial) has a rate of its own. A weight divided by the sum of all is the confidence.
All rates are learned (`learning.py`); the rule itself reads no clock and draws no chance.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.evidence import PROFILES, Known, Link, profile_of
from swapboard.attribution.hazard import (
    CELLS,
    EDGES,
    FIRST_CELL,
    HIDDEN,
    LIVE,
    LONGEST_AGE,
    PHASE_OF,
    SILENT_AFTER,
    TAP_LASTS,
    TAPPED,
    Phase,
    prior_rates,
)
from swapboard.attribution.hours import HOURS, hour_of
from swapboard.attribution.opening import Moment, Waits
from swapboard.clock import DAY, HOUR, MINUTE, SECOND, Millis

ON_PAGE = FIRST_CELL[Phase.LEFT]
"""The cells before this one are of sessions that have not left yet."""
CROWD = PROFILES * CELLS
"""Where the places of those begin whose profile is not known any more."""
AGAIN_EDGES: tuple[Millis, ...] = tuple(
    [0, 10 * SECOND, 30 * SECOND]
    + [MINUTE * step for step in (1, 2, 4, 8, 15, 30, 60, 120, 240, 480, 960, 1440, 2880, 5760, 11520, 23040)]
    + [60 * DAY]
)
_AGAIN_INNER = AGAIN_EDGES[1:-1]
LEAST_WEIGHT = 1e-300
MOST_MOMENTS = 64
"""The rates at so many are kept at once, 47 kB each: where there are opening hours a week has hundreds."""
CALLED = 0.5
"""A session of which more than this is believed has called."""


def again_bin(since: Millis) -> int:
    """The cell of the time since a caller's last call."""
    return bisect_right(_AGAIN_INNER, since)


def _again_prior() -> tuple[float, ...]:
    """One caller in ten calls again, half of them within hours."""
    return tuple(0.05 / HOUR / (1 + begin / HOUR) for begin in AGAIN_EDGES[:-1])


@dataclass(frozen=True)
class Curve:
    """All that was learned of a company's calls; rates are calls per millisecond."""

    rates: tuple[float, ...]
    """By cell (`hazard.py`)."""
    profiles: tuple[tuple[float, ...], ...]
    """By phase: how much more often each profile calls than the average."""
    nobody: float
    """Calls of nobody from the site, for each number, on average over the day."""
    again: tuple[float, ...]
    """By time since the caller's last call: how often one who called calls again from the same visit."""
    known_share: float = 0.02
    """Of the first calls of visitors we never heard, the share whose number called before."""
    nobody_known_share: float = 0.02
    nobody_again: float = 0.5
    """How often nobody calls again, compared with a visitor who called."""
    same_number: float = 0.9
    """How often a visitor who calls again from a later visit has the same number."""
    after_call: float = 0.03
    """How often a session that called calls with another number, compared with one that did not."""
    crowd: tuple[float, ...] = (1.0 / PROFILES,) * PROFILES
    """The share that each profile has of all who went away: whoever left long ago is of any of them."""
    rhythm: tuple[float, ...] = (1.0,) * HOURS
    """How much more often nobody calls at each hour of the day (UTC) than on average."""
    late_rhythm: tuple[float, ...] = (1.0,) * HOURS
    """The same of those who call after they left (`hours.py`)."""
    waits: Waits | None = None
    """Where they wait until the business opens, as far as that is believed (`late_clock.py`)."""

    @classmethod
    def prior(cls) -> "Curve":
        """What is believed before anything was learned."""
        flat = tuple((1.0,) * PROFILES for _ in Phase)
        return cls(tuple(prior_rates()), flat, nobody=0.04 / DAY, again=_again_prior())

    @cached_property
    def grid(self) -> NDArray[np.float64]:
        """The rate by profile and cell, and in the last row that of one from the crowd."""
        profiles = np.array(self.profiles)[PHASE_OF, :].T
        own = profiles * np.array(self.rates)
        return np.vstack([own, (np.array(self.crowd)[:, None] * own).sum(axis=0)])

    @cached_property
    def _by_moment(self) -> dict[tuple[int, tuple[Moment, ...]], list[float]]:
        return {}

    def flat_at(self, at: Millis) -> Sequence[float]:
        """The rates at a moment, one profile after the other and from CROWD on the crowd's."""
        key = hour_of(at), self.waits.moment(at) if self.waits else ()
        found = self._by_moment.get(key)
        if found is None:
            if len(self._by_moment) >= MOST_MOMENTS:
                self._by_moment.clear()
            found = self._by_moment[key] = self._grid_at(*key).ravel().tolist()
        return found

    def _grid_at(self, hour: int, moment: tuple[Moment, ...]) -> NDArray[np.float64]:
        grid = self.grid.copy()
        grid[:, ON_PAGE:] *= self.late_rhythm[hour]
        if self.waits:
            grid[:, ON_PAGE:] *= 1.0 - self.waits.share
            waiting = replace(self, rates=(*self.rates[:ON_PAGE], *self.waits.at(moment)))
            grid[:, ON_PAGE:] += self.waits.share * waiting.grid[:, ON_PAGE:]
        return grid


class Holder(msgspec.Struct, eq=False):
    """A session that held a number, as it was known when the call arrived."""

    session_id: str
    visitor_id: str
    came_at: Millis
    heard_at: Millis
    left_at: Millis | None = None
    hidden_at: Millis | None = None
    tapped_at: Millis | None = None
    on_phone: bool = False
    returning: bool = False
    region: str = ""
    called: float = 0.0
    """Our belief that it made a call already."""
    called_at: Millis = -1
    """When it probably made its last call; the taps before led to that one, and to no other."""

    unnamed: float = 0.0
    """Our belief that it made one from a number that was withheld."""
    first_place: int = 0
    """Of one who left: where its profile's cells begin in the table of rates."""
    placed_for: Millis = -1
    """The moment it had left when that was worked out."""

    def believe(self, belief: float, at: Millis, *, withheld: bool) -> None:
        """It made a call at the moment, so much is believed."""
        self.called = 1.0 - (1.0 - self.called) * (1.0 - belief)
        if withheld:
            self.unnamed = 1.0 - (1.0 - self.unnamed) * (1.0 - belief)
        if belief > CALLED:
            self.called_at = max(self.called_at, at)


class Ring(NamedTuple):
    """A call as the match sees it; `areas` are the likelihood ratios of its caller's area, by region."""

    at: Millis
    number_id: str
    caller: str | None = None
    areas: Mapping[str, float] = {}
    known: Known | None = None
    known_callers: int = 0
    """How many callers were heard of before."""
    pool_size: int = 1
    withheld: tuple[Known, ...] = ()
    """Of a caller who withholds its number: the earlier calls to this one whose caller did so too."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A session that may have made the call; the probabilities of all and of *nobody* sum to one."""

    session_id: str
    probability: float
    because: str = ""


class Weighed(msgspec.Struct):
    """One candidate's weight, in the parts that learning needs."""

    holder: Holder
    place: int
    factor: float
    """Its first calls' rate is the curve's at `place` times this."""
    again: float
    weight: float


@dataclass(slots=True)
class Posterior:
    """How probable each candidate is, and *nobody*; together with the rest, they sum to one."""

    weighed: list[Weighed]
    total: float
    scales: "Scales"
    rest_weight: float
    """Of holders too long ago, or too improbable, to be named one by one."""
    rest: Mapping[int, float]
    """Their factors, by place."""
    curve: Curve
    areas: Mapping[str, float]
    rest_again: float = 0.0
    """What of the rest's weight is the known caller's calling again."""

    def of_rest(self, holder: Holder, at: Millis) -> float:
        """The weight that one of the rest has, about."""
        [place] = places_of((holder,), at)
        if place < 0 or not self.rest:
            return 0.0
        first = self.curve.flat_at(at)[place] * self.scales.unheard * self.areas.get(holder.region, 1.0)
        again_too = first * self.rest_weight / max(self.rest_weight - self.rest_again, LEAST_WEIGHT)
        return min(again_too, self.rest_weight)

    @property
    def nobody_weight(self) -> float:
        """Nobody's rate."""
        return self.scales.nobody

    @property
    def nobody(self) -> float:
        """The probability that no session made the call."""
        return self.nobody_weight / self.total

    def best(self) -> Weighed | None:
        """The most probable session, None when *nobody* is more probable."""
        best = max(self.weighed, key=_by_weight, default=None)
        return best if best and best.weight >= self.nobody_weight else None

    def probability(self, weighed: Weighed | None) -> float:
        """The probability of one candidate, or of *nobody*; of the best, the confidence."""
        return (weighed.weight if weighed else self.nobody_weight) / self.total


def match(
    ring: Ring,
    holders: Sequence[Holder],
    curve: Curve,
    links: Mapping[str, Link],
    earlier: Mapping[int, float] = {},
    least: float = 0.0,
) -> Posterior:
    """Weigh every session that held the number when the call arrived, and *nobody*.

    `links` tells of visitors who called before, by visitor. `earlier` stands for holders of long ago: how many
    there are at each place of the curve's table. Who has less than the share `least` is counted with them.
    """
    scales = _scales(ring, curve)
    beliefs = _beliefs(ring, curve, scales)
    callers, sessions = beliefs.by_visitor, beliefs.by_session
    at, flat, unheard = ring.at, curve.flat_at(ring.at), scales.unheard
    rest = {place: count * unheard for place, count in earlier.items()}
    rest_weight = sum([flat[place] * factor for place, factor in rest.items()])
    total = scales.nobody + rest_weight
    weighed: list[Weighed] = []
    by_region: dict[str, float] = {}
    is_known = bool(callers or sessions)
    for holder, stands_at in zip(holders, places_of(holders, at), strict=True):
        if stands_at < 0 and holder.session_id not in sessions:
            continue
        place = stands_at if stands_at >= 0 else _LAST_PLACE
        region, visitor_id, again = holder.region, holder.visitor_id, 0.0
        factor = by_region.get(region)
        if factor is None:
            factor = by_region[region] = unheard * ring.areas.get(region, 1.0)
        if (
            holder.called
            or visitor_id in links
            or (is_known and (visitor_id in callers or holder.session_id in sessions))
        ):
            factor, again = _known_better(ring, holder, curve, links.get(visitor_id), beliefs, factor)
            again *= scales.again
        weight = flat[place] * factor + again
        total += weight
        if weight < least * total:
            rest[place] = rest.get(place, 0.0) + factor
            rest_weight += weight
        else:
            weighed.append(Weighed(holder, place, factor, again, weight))
    again, rest_again = again_by_others(ring, weighed, scales.again, rest_weight)
    return Posterior(weighed, total + again, scales, rest_weight + rest_again, rest, curve, ring.areas, rest_again)


def candidates(posterior: Posterior, at: Millis, most: int) -> tuple[Candidate, ...]:
    """The most probable sessions, best first, with a reason in words."""
    found = [
        Candidate(each.holder.session_id, each.weight / posterior.total, because(each.holder, at))
        for each in posterior.weighed
    ]
    return tuple(sorted(found, key=lambda each: (-each.probability, each.session_id))[:most])


def again_by_others(
    ring: Ring, weighed: Sequence[Weighed], again_rate: float, rest_weight: float
) -> tuple[float, float]:
    """What the known caller's calling again adds to sessions too improbable to be remembered one by one.

    Many such may have made the last call together: each gets a part as it is likely otherwise. All that was added,
    and what of it the rest got.
    """
    known = ring.known
    if known is None or known.number_id != ring.number_id:
        return 0.0, 0.0
    named = {share.session_id for share in known.shares}
    others = [
        each for each in weighed if each.holder.session_id not in named and each.holder.came_at < known.last_at
    ]
    base = rest_weight + sum(each.weight for each in others)
    if not base:
        return 0.0, 0.0
    added = max(0.0, 1.0 - known.heard - known.nobody) * again_rate
    for each in others:
        part = added * each.weight / base
        each.again += part
        each.weight += part
    return added, added * rest_weight / base


class _Belief(NamedTuple):
    by_session: Mapping[str, float]
    by_visitor: Mapping[str, float]


_NO_BELIEF = _Belief({}, {})


def again_bin_of(ring: Ring, curve: Curve) -> int:
    """The cell of the time since the caller's last call; of a withheld number, since its likeliest."""
    if ring.known is not None:
        return again_bin(ring.at - ring.known.last_at)
    likeliest = max(
        ((curve.again[again_bin(ring.at - each.last_at)] * each.heard, each.last_at) for each in ring.withheld),
        default=(0.0, ring.at),
    )
    return again_bin(ring.at - likeliest[1])


def _beliefs(ring: Ring, curve: Curve, scales: "Scales") -> _Belief:
    """What is believed of a known caller: which session made the last call, which visitor it is."""
    if ring.withheld:
        return _Belief(_withheld_beliefs(ring, curve, scales), {})
    if ring.known is None:
        return _NO_BELIEF
    by_visitor: dict[str, float] = {}
    for share in ring.known.shares:
        by_visitor[share.visitor_id] = by_visitor.get(share.visitor_id, 0.0) + share.belief
    return _Belief({share.session_id: share.belief for share in ring.known.shares}, by_visitor)


def _withheld_beliefs(ring: Ring, curve: Curve, scales: "Scales") -> dict[str, float]:
    """Any of the earlier callers may be this one: each believed as much as its time to call again allows."""
    by_session: dict[str, float] = {}
    for earlier in ring.withheld:
        rate = curve.again[again_bin(ring.at - earlier.last_at)] / scales.again
        for share in earlier.shares:
            by_session[share.session_id] = by_session.get(share.session_id, 0.0) + share.belief * rate
    return by_session


class Scales(NamedTuple):
    """What depends on the caller only."""

    unheard: float
    """P(this caller | a first call of a visitor we never heard)."""
    again: float
    """The rate at which this caller calls again."""
    nobody: float
    """The rate at which nobody from the site calls, all told."""
    nobody_factor: float
    nobody_again: float
    """Of nobody's rate, what is nobody's calling again."""


def _scales(ring: Ring, curve: Curve) -> Scales:
    nobody = curve.nobody * curve.rhythm[hour_of(ring.at)]
    if ring.caller is None:
        again = curve.again[again_bin_of(ring, curve)] if ring.withheld else 0.0
        return Scales(1.0, again, nobody, 1.0, 0.0)
    if ring.known is None:
        factor = 1.0 - curve.nobody_known_share
        return Scales(1.0 - curve.known_share, 0.0, nobody * factor, factor, 0.0)
    each = 1.0 / max(1, ring.known_callers)
    again = curve.again[again_bin(ring.at - ring.known.last_at)]
    factor = curve.nobody_known_share * each
    here = 0.5 * (ring.known.number_id == ring.number_id) + 0.5 / ring.pool_size
    nobody_again = ring.known.nobody * again * here * curve.nobody_again
    return Scales(curve.known_share * each, again, nobody * factor + nobody_again, factor, nobody_again)


def _known_better(
    ring: Ring, holder: Holder, curve: Curve, link: Link | None, beliefs: _Belief, factor: float
) -> tuple[float, float]:
    """The factor of first calls, and the belief that it made the last call, of whom more is known."""
    if link is not None and ring.caller is not None and link.caller != ring.caller:
        factor *= 1.0 - link.belief * curve.same_number
    belief = beliefs.by_visitor.get(holder.visitor_id, 0.0)
    if belief:
        factor = factor * (1.0 - belief) + belief * curve.same_number
    again = beliefs.by_session.get(holder.session_id, 0.0)
    tapped_at = holder.tapped_at
    spent = tapped_at is not None and tapped_at <= holder.called_at and ring.at - tapped_at < TAP_LASTS
    return factor * (1.0 - holder.called * (1.0 - (0.0 if spent else curve.after_call))), again


def places_of(holders: Iterable[Holder], at: Millis) -> list[int]:
    """Each session's place in a table of profiles and cells; -1 when it is too long ago to count."""
    places, inner = [], _INNER_LEFT
    for holder in holders:
        left_at, tapped_at = holder.left_at, holder.tapped_at
        if left_at is None or (tapped_at is not None and at - tapped_at < TAP_LASTS):
            places.append(_place_of(holder, at))
            continue
        if holder.placed_for != left_at:
            profile = profile_of(holder.on_phone, holder.returning, left_at - holder.came_at)
            holder.first_place, holder.placed_for = profile * CELLS + _FIRST_LEFT, left_at
        age = at - left_at
        places.append(holder.first_place + bisect_right(inner, age) if age < LONGEST_AGE else -1)
    return places


def _place_of(holder: Holder, at: Millis) -> int:
    """Of one who is there, or fell silent, or tapped lately."""
    tapped_at, heard_at = holder.tapped_at, holder.heard_at
    if tapped_at is not None and at - tapped_at < TAP_LASTS:
        return _place_on_page(holder, TAPPED, at - tapped_at)
    age = at - heard_at
    if age <= SILENT_AFTER:
        if holder.hidden_at is not None:
            return _place_on_page(holder, HIDDEN, at - holder.hidden_at)
        return _place_on_page(holder, LIVE, at - holder.came_at)
    if age >= LONGEST_AGE:
        return -1
    profile = profile_of(holder.on_phone, holder.returning, heard_at - holder.came_at)
    return profile * CELLS + _FIRST_SILENT + bisect_right(_INNER_SILENT, age)


def _place_on_page(holder: Holder, phase: Phase, age: Millis) -> int:
    if age >= LONGEST_AGE:
        return -1
    profile = profile_of(holder.on_phone, holder.returning, None)
    return profile * CELLS + FIRST_CELL[phase] + bisect_right(EDGES[phase], age, 1, len(EDGES[phase]) - 1) - 1


def because(holder: Holder, at: Millis) -> str:
    """Why a session is a candidate, in words for a person."""
    if holder.tapped_at is not None and at - holder.tapped_at < TAP_LASTS:
        return f"tapped or copied the number {_ago(at - holder.tapped_at)} before"
    if holder.left_at is not None:
        return f"had this number until {_ago(at - holder.left_at)} before"
    if at - holder.heard_at > SILENT_AFTER:
        return f"was last heard of {_ago(at - holder.heard_at)} before"
    return "on the page with this number when it rang"


def _ago(span: Millis) -> str:
    minutes = round(span / MINUTE)
    if minutes < 1:
        return "less than a minute"
    if minutes < 120:
        return f"{minutes} minute{'s' if minutes > 1 else ''}"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"


def _by_weight(weighed: Weighed) -> float:
    return weighed.weight


_INNER_LEFT, _INNER_SILENT = EDGES[Phase.LEFT][1:-1], EDGES[Phase.SILENT][1:-1]
_LAST_PLACE = FIRST_CELL[Phase.SILENT] - 1
"""Of whoever left before all cells, and is believed to have called."""
_FIRST_LEFT, _FIRST_SILENT = FIRST_CELL[Phase.LEFT], FIRST_CELL[Phase.SILENT]
