"""A matcher that is told the law: what the learned one is measured against, on the same leases.

It knows every rate, every share and every region's area codes as the simulation does. It does not know who
called, nor when a visitor who said nothing left. That much nobody can know.
"""

from collections.abc import Iterator, Sequence
from math import exp

from swapboard.attribution.curve import Curve
from swapboard.attribution.delay import defective_rate
from swapboard.attribution.evidence import Link, area_of, who_of
from swapboard.attribution.holder import Holder
from swapboard.attribution.law import REGIONS, Law
from swapboard.attribution.match import again_by_others
from swapboard.attribution.posterior import Posterior, Weighed
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.replay_pool import Number
from swapboard.attribution.ring import Ring, Scales
from swapboard.attribution.watch import Watched
from swapboard.clock import SECOND

BEAT_SECONDS = 20.0
BY_CHANCE = 1e-7
"""How likely a visitor has the number of a caller of before, without being that one."""
_PRIOR = Curve.prior()
_PHONE = who_of(on_phone=True, returning=False)
AREA_SHARES = {f"+1{area}": weight / len(areas) for _, weight, areas in REGIONS for area in areas}
_AREAS = {region: [f"+1{area}" for area in areas] for region, _, areas in REGIONS}


class Oracle:
    """Weighs calls by the law's own parameters."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self._by_region: dict[tuple[str, str], float] = {}
        """How likely the present call's area is, by law and region."""

    def __call__(self, board: Switchboard, ring: Ring, number: Number, also: Sequence[Watched]) -> Posterior:
        earlier = [each for each in also if each not in number.holders and each.number is number]  # type: ignore[attr-defined]
        links = board.learner.memory.links
        self._by_region.clear()
        weighed = [self._weigh(ring, each, links.get(each.visitor_id)) for each in [*number.holders, *earlier]]
        now = ring.at / SECOND
        nobody = self.law.rate(now) * self.law.strangers_a_visit(now) / len(board.pool.numbers)
        nobody *= self._caller(ring) if ring.known is None else 1e-9
        nobody_again = 1e-15
        if ring.known is not None:
            again_by_others(ring, weighed, self.law.again_rate(ring.known.last_at / SECOND, now), 0.0)
        total = nobody + nobody_again + sum(each.weight for each in weighed)
        scales = Scales(1.0, 1.0, nobody + nobody_again, 1.0, nobody_again)
        return Posterior(weighed, total, scales, 0.0, {}, _PRIOR, {})

    def _caller(self, ring: Ring) -> float:
        return AREA_SHARES.get(area_of(ring.caller), 1e-6) if ring.caller else self.law.withheld_share

    def _weigh(self, ring: Ring, holder: Holder, link: Link | None) -> Weighed:
        only = self.law.kinds(holder.came_at / SECOND)
        if len(only) == 1:
            law = only[0][1]
            first = _first_rate(law, ring, holder) * self._likelihood(law, ring, holder, link)
            again = self._again_rate(law, ring, holder) if ring.known or ring.withheld else 0.0
            return Weighed(holder, 0, 0.0, again, first * _undecided(ring, holder) + again, _untied(ring, holder))
        kinds = list(self._kinds(holder))
        every = sum(share for share, _ in kinds)
        first = again = 0.0
        for share, law in kinds:
            likely = share / every
            first += likely * _first_rate(law, ring, holder) * self._likelihood(law, ring, holder, link)
            again += likely * self._again_rate(law, ring, holder)
        return Weighed(holder, 0, 0.0, again, first * _undecided(ring, holder) + again, _untied(ring, holder))

    def _kinds(self, holder: Holder) -> Iterator[tuple[float, Law]]:
        """Of each population: how many there are in it that would have done as this visitor did so far."""
        kinds = self.law.kinds(holder.came_at / SECOND)
        for share, law in kinds:
            yield (share * _behaves(law, holder) if len(kinds) > 1 else 1.0), law

    def first_rate(self, ring: Ring, holder: Holder) -> float:
        """The rate of its first calls, whoever the caller is."""
        kinds = list(self._kinds(holder))
        return sum(share * _first_rate(law, ring, holder) for share, law in kinds) / sum(
            share for share, _ in kinds
        )

    def area_ratio(self, ring: Ring, holder: Holder) -> float:
        """How much more often its region's visitors call from the caller's area than callers at large do."""
        assert ring.caller is not None
        agreement, area, mine = self.law.agreement, area_of(ring.caller), _AREAS[holder.region]
        return agreement * (area in mine) / len(mine) / AREA_SHARES[area] + 1 - agreement

    def _likelihood(self, law: Law, ring: Ring, holder: Holder, link: Link | None) -> float:
        """P(this caller | this visitor makes a first call of a session)."""
        if ring.caller is None:
            known = link.belief * (1.0 - law.shared_share) if link else 0.0
            return law.withheld_share * (1.0 - known)
        if ring.known is None:
            by_region = self._from_region(law, ring.caller, holder.region)
            return by_region * (1.0 - link.belief * (1.0 - law.shared_share)) if link else by_region
        of_visitor = _of_visitor(ring, holder)
        of_another_visit = (of_visitor - _own(ring, holder)) * (1.0 - law.shared_share)
        return of_another_visit + (1.0 - of_visitor) * BY_CHANCE

    def _from_region(self, law: Law, caller: str, region: str) -> float:
        found = self._by_region.get((law.name, region))
        if found is None:
            area, mine = area_of(caller), _AREAS[region]
            found = law.agreement * (area in mine) / len(mine) + (1 - law.agreement) * AREA_SHARES.get(area, 0)
            self._by_region[law.name, region] = found
        return found

    def _again_rate(self, law: Law, ring: Ring, holder: Holder) -> float:
        return sum(
            share.belief * law.again_rate(known.last_at / SECOND, ring.at / SECOND)
            for known in ((ring.known,) if ring.known else ring.withheld)
            for share in known.shares
            if share.session_id == holder.session_id
        )


def _of_visitor(ring: Ring, holder: Holder) -> float:
    """The belief that its visitor made the caller's last call."""
    shares = ring.known.shares if ring.known else ()
    return sum(each.belief for each in shares if each.visitor_id == holder.visitor_id)


def _own(ring: Ring, holder: Holder) -> float:
    """The belief that it made the caller's last call: who did calls again, and makes no first call."""
    shares = ring.known.shares if ring.known else ()
    return sum(each.belief for each in shares if each.session_id == holder.session_id)


def _undecided(ring: Ring, holder: Holder) -> float:
    """The belief that it made no call before; if it may have made the caller's last one, then none but that."""
    own = _own(ring, holder)
    return (1.0 - holder.called) / (1.0 - own) if own < holder.called else 1.0


def _untied(ring: Ring, holder: Holder) -> float:
    """See Weighed."""
    of_visitor = _of_visitor(ring, holder)
    alone = (1.0 - of_visitor) * BY_CHANCE
    return alone / (alone + of_visitor) if of_visitor else 1.0


def _behaves(law: Law, holder: Holder) -> float:
    """P(phone or computer, stayed or left at that age, tapped or not, undecided so far | population)."""
    device = law.phone_share if _on_phone(holder) else 1.0 - law.phone_share
    age = ((holder.left_at or holder.heard_at) - holder.came_at) / SECOND
    stay = law.stay()
    if holder.left_at is not None:
        stayed = stay.density(max(age, 1.0)) * (1.0 - law.vanish_share)
    else:
        stayed = 1.0 - stay.done(age)
    if holder.tapped_at is not None and law.told_taps:
        begun = (holder.tapped_at - holder.came_at) / SECOND
        stayed *= (
            law.decision_rate(begun, _on_phone(holder), False) * law.tap_share + law.idle_taps_an_hour / 3600.0
        )
    return device * stayed * exp(-law.cumulated(age, _on_phone(holder))) + 1e-300


def _on_phone(holder: Holder) -> bool:
    return bool(holder.who & _PHONE)


def _first_rate(law: Law, ring: Ring, holder: Holder) -> float:
    tap_share = law.tap_share if _on_phone(holder) else 0.0
    rate = 0.0
    if holder.tapped_at is not None:
        since = (ring.at - holder.tapped_at) / SECOND
        age = (holder.tapped_at - holder.came_at) / SECOND
        taps = law.decision_rate(age, _on_phone(holder), hidden=False) * tap_share
        called = taps / (taps + law.idle_taps_an_hour / 3600.0)
        rate = defective_rate(max(since, 1e-3), called, law.tap_lead())
    return rate + _untapped(law, holder, ring.at, tap_share)


def _untapped(law: Law, holder: Holder, at: int, tap_share: float) -> float:
    if holder.left_at is not None:
        return law.late_rate(holder.left_at / SECOND, at / SECOND)
    silent = (at - holder.heard_at) / SECOND
    age = (at - holder.came_at) / SECOND
    live = law.decision_rate(age, _on_phone(holder), holder.hidden_at is not None)
    live *= (1.0 - tap_share) if law.told_taps else 1.0
    if silent <= BEAT_SECONDS:
        return live
    return law.late_rate(holder.heard_at / SECOND + BEAT_SECONDS / 2, at / SECOND)
