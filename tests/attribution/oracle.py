"""A matcher that is told the law: what the learned one is measured against, on the same leases.

It knows every rate, every share and every region's area codes as the simulation does. It does not know who
called, nor when a visitor who said nothing left. That much nobody can know.
"""

from collections.abc import Sequence
from math import exp

from swapboard.attribution.evidence import Link, area_of
from swapboard.attribution.law import REGIONS, Law
from swapboard.attribution.match import Curve, Holder, Posterior, Ring, Scales, Weighed
from swapboard.attribution.replay import Number, Switchboard
from swapboard.attribution.watch import Watched
from swapboard.clock import SECOND

BEAT_SECONDS = 20.0
_PRIOR = Curve.prior()
_SHARES = {f"+1{area}": weight / len(areas) for _, weight, areas in REGIONS for area in areas}
_AREAS = {region: [f"+1{area}" for area in areas] for region, _, areas in REGIONS}


class Oracle:
    """Weighs calls by the law's own parameters."""

    def __init__(self, law: Law) -> None:
        self.law = law

    def __call__(self, board: Switchboard, ring: Ring, number: Number, also: Sequence[Watched]) -> Posterior:
        earlier = [each for each in also if each not in number.holders and each.number is number]  # type: ignore[attr-defined]
        links = board.learner.memory.links
        weighed = [self._weigh(ring, each, links.get(each.visitor_id)) for each in [*number.holders, *earlier]]
        law = self.law
        strangers = law.calls_a_visit * law.stranger_share / (1 - law.stranger_share)
        nobody = law.rate(ring.at / SECOND) * strangers / len(board.numbers)
        nobody *= self._caller(ring) if ring.known is None else 1e-9
        nobody_again = 1e-15
        total = nobody + nobody_again + sum(each.weight for each in weighed)
        scales = Scales(1.0, 1.0, nobody + nobody_again, 1.0, nobody_again)
        return Posterior(weighed, total, scales, 0.0, [], _PRIOR, {})

    def _caller(self, ring: Ring) -> float:
        return _SHARES.get(area_of(ring.caller), 1e-6) if ring.caller else 1.0

    def _weigh(self, ring: Ring, holder: Holder, link: Link | None) -> Weighed:
        first = self._first_rate(ring, holder) * (1.0 - holder.called)
        again = 0.0
        if ring.caller is not None:
            first *= self._likelihood(ring, holder, link)
        if ring.known is not None:
            for share in ring.known.shares:
                if share.session_id == holder.session_id:
                    again = share.belief * self.law.again_rate((ring.at - ring.known.last_at) / SECOND)
        return Weighed(holder, 0, 0.0, again, first + again)

    def _likelihood(self, ring: Ring, holder: Holder, link: Link | None) -> float:
        """P(this caller | this visitor makes a first call of a session)."""
        assert ring.caller is not None
        area = area_of(ring.caller)
        mine = _AREAS[holder.region]
        by_region = self.law.agreement * (area in mine) / len(mine) + (1 - self.law.agreement) * _SHARES.get(
            area, 0
        )
        if ring.known is None:
            return by_region * (1.0 - (link.belief if link else 0.0))
        belief = sum(each.belief for each in ring.known.shares if each.visitor_id == holder.visitor_id)
        return belief + (1 - belief) * 1e-7

    def _first_rate(self, ring: Ring, holder: Holder) -> float:
        law = self.law
        at = ring.at
        tap_share = law.tap_share if holder.on_phone else 0.0
        rate = 0.0
        if holder.tapped_at is not None:
            since = (at - holder.tapped_at) / SECOND
            age = (holder.tapped_at - holder.came_at) / SECOND
            taps = law.decision_rate(age, holder.on_phone, hidden=False) * tap_share
            called = taps / (taps + law.idle_taps_an_hour / 3600.0)
            lead = law.tap_lead_seconds
            rate = called * exp(-since / lead) / lead / (1 - called * (1 - exp(-since / lead)))
        return rate + self._untapped(holder, at, tap_share)

    def _untapped(self, holder: Holder, at: int, tap_share: float) -> float:
        law = self.law
        if holder.left_at is not None:
            return law.late_rate((at - holder.left_at) / SECOND)
        silent = (at - holder.heard_at) / SECOND
        age = (at - holder.came_at) / SECOND
        live = law.decision_rate(age, holder.on_phone, holder.hidden_at is not None)
        live *= (1.0 - tap_share) if law.told_taps else 1.0
        if silent <= BEAT_SECONDS:
            return live
        return law.late_rate(silent - BEAT_SECONDS / 2)
