"""The match rule: the candidates for a call are the sessions that ever held its number, and *nobody*.

A candidate's weight is the rate at which a call like this one comes from it, now:

    first calls    hazard(phase, age) * profile * P(caller | visitor)
    calls again    belief that it made the caller's last call * rate of calling again

*Nobody* (a saved number, a misdial) has a rate of its own. A weight divided by the sum of all is the confidence.
All rates are learned (`learning.py`); the rule itself reads no clock and draws no chance.
"""

from collections.abc import Container, Iterable, Mapping, Sequence

from swapboard.attribution.curve import Curve
from swapboard.attribution.evidence import Link
from swapboard.attribution.hazard import TAP_LASTS
from swapboard.attribution.holder import LAST_PLACE, TOO_LONG_AGO, Holder, places_of
from swapboard.attribution.posterior import Posterior, Weighed
from swapboard.attribution.ring import Belief, Ring, beliefs_of, scales_of
from swapboard.attribution.slopes import WHOLE_OF
from swapboard.clock import Millis


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
    scales = scales_of(ring, curve)
    beliefs = beliefs_of(ring, curve, scales)
    callers, sessions = beliefs.by_visitor, beliefs.by_session
    at, flat, unheard = ring.at, curve.flat_at(ring.at), scales.unheard
    rest: dict[int, float] = {}
    rest_weight = 0.0
    for stood_at, count in earlier.items():
        rest[stood_at] = crowd = count * unheard
        rest_weight += flat[stood_at] * crowd
    total = scales.nobody + rest_weight
    weighed: list[Weighed] = []
    by_region: dict[str, float] = {}
    is_known = bool(callers or sessions)
    for holder, place in _placed(holders, at, sessions):
        region = holder.region
        again, untied, link = 0.0, 1.0, None
        factor = by_region.get(region)
        if factor is None:
            factor = by_region[region] = unheard * ring.areas.get(region, 1.0)
        if (holder.may_be_linked or is_known) and (
            (link := links.get(holder.visitor_id)) is not None
            or holder.called
            or holder.visitor_id in callers
            or holder.session_id in sessions
        ):
            factor, again, untied = _known_better(ring, holder, curve, link, beliefs, factor)
            again *= scales.again
        rate, whole = flat[place], WHOLE_OF[place]
        weight = rate * factor + again
        total += weight
        # What is kept of a call names whole cells: how a part differs is in the factor.
        factor *= rate / flat[whole]
        if weight < least * total:
            rest[whole] = rest.get(whole, 0.0) + factor
            rest_weight += weight
        else:
            weighed.append(Weighed(holder, whole, factor, again, weight, untied, link))
    again, rest_again = again_by_others(ring, weighed, scales.again, rest_weight)
    return Posterior(weighed, total + again, scales, rest_weight + rest_again, rest, curve, ring.areas, rest_again)


def _placed(holders: Sequence[Holder], at: Millis, sessions: Container[str]) -> Iterable[tuple[Holder, int]]:
    """Who held the number, with their places; too long ago, only those believed to have made the last call."""
    places = places_of(holders, at)
    placed = zip(holders, places, strict=True)
    if TOO_LONG_AGO not in places:
        return placed
    return [
        (holder, LAST_PLACE if place == TOO_LONG_AGO else place)
        for holder, place in placed
        if place != TOO_LONG_AGO or holder.session_id in sessions
    ]


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
    base = rest_weight + sum(each.weight * each.untied for each in others)
    if not base:
        return 0.0, 0.0
    added = max(0.0, 1.0 - known.heard - known.nobody) * again_rate
    for each in others:
        part = added * each.weight * each.untied / base
        each.again += part
        each.weight += part
    return added, added * rest_weight / base


def _known_better(
    ring: Ring, holder: Holder, curve: Curve, link: Link | None, beliefs: Belief, factor: float
) -> tuple[float, float, float]:
    """The factor of first calls, the belief that it made the last call, and `Weighed.untied`."""
    if link is not None and link.caller != ring.caller:
        factor *= 1.0 - link.belief * curve.same_number
    again = beliefs.by_session.get(holder.session_id, 0.0)
    of_visitor = beliefs.by_visitor.get(holder.visitor_id, 0.0)
    called, alone = holder.called, factor
    if of_visitor:
        # Who made the last call calls again: a first call is the visitor's other visit's, or somebody else's.
        alone = factor * max(0.0, 1.0 - of_visitor)
        factor = alone + max(0.0, of_visitor - again) * curve.same_number
        called = _called_before(called, again)
    tapped_at = holder.tapped_at
    spent = tapped_at is not None and tapped_at <= holder.called_at and ring.at - tapped_at < TAP_LASTS
    left = 1.0 - called * (1.0 - (0.0 if spent else curve.after_call))
    return factor * left, again, alone / factor if factor else 1.0


def _called_before(called: float, last: float) -> float:
    """The belief that it made a call, if it did not make the last one; so much is believed that it did."""
    return 1.0 - (1.0 - called) / (1.0 - last) if last < called else 0.0
