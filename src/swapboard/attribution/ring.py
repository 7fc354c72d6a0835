"""A call as the match sees it, and what is known of its caller: from which earlier sessions, at what rate."""

from collections.abc import Mapping
from typing import NamedTuple

from swapboard.attribution.curve import Curve, again_bin
from swapboard.attribution.evidence import Known
from swapboard.attribution.hours import hour_of
from swapboard.clock import Millis


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


class Scales(NamedTuple):
    """What depends on the caller only."""

    unheard: float
    """P(this caller | a first call of a visitor we never heard); of a withheld number, P(it is withheld)."""
    again: float
    """The rate at which this caller calls again."""
    nobody: float
    """The rate at which nobody from the site calls, all told."""
    nobody_factor: float
    nobody_again: float
    """Of nobody's rate, what is nobody's calling again."""


def scales_of(ring: Ring, curve: Curve) -> Scales:
    nobody = curve.nobody * curve.rhythm[hour_of(ring.at)]
    if ring.caller is None:
        again = curve.again[again_bin_of(ring, curve)] if ring.withheld else 0.0
        factor = curve.nobody_withheld_share
        return Scales(curve.withheld_share, again, nobody * factor, factor, 0.0)
    named, nobody_named = 1.0 - curve.withheld_share, 1.0 - curve.nobody_withheld_share
    if ring.known is None:
        factor = nobody_named * (1.0 - curve.nobody_known_share)
        return Scales(named * (1.0 - curve.known_share), 0.0, nobody * factor, factor, 0.0)
    each = 1.0 / max(1, ring.known_callers)
    again = curve.again[again_bin(ring.at - ring.known.last_at)]
    factor = nobody_named * curve.nobody_known_share * each
    here = 0.5 * (ring.known.number_id == ring.number_id) + 0.5 / ring.pool_size
    nobody_again = ring.known.nobody * again * here * curve.nobody_again
    return Scales(named * curve.known_share * each, again, nobody * factor + nobody_again, factor, nobody_again)


class Belief(NamedTuple):
    by_session: Mapping[str, float]
    by_visitor: Mapping[str, float]


_NO_BELIEF = Belief({}, {})


def beliefs_of(ring: Ring, curve: Curve, scales: Scales) -> Belief:
    """What is believed of a known caller: which session made the last call, which visitor it is."""
    if ring.withheld:
        return Belief(_withheld_beliefs(ring, curve, scales), {})
    if ring.known is None:
        return _NO_BELIEF
    by_visitor: dict[str, float] = {}
    for share in ring.known.shares:
        by_visitor[share.visitor_id] = by_visitor.get(share.visitor_id, 0.0) + share.belief
    return Belief({share.session_id: share.belief for share in ring.known.shares}, by_visitor)


def _withheld_beliefs(ring: Ring, curve: Curve, scales: Scales) -> dict[str, float]:
    """Any of the earlier callers may be this one: each believed as much as its time to call again allows."""
    by_session: dict[str, float] = {}
    for earlier in ring.withheld:
        rate = curve.again[again_bin(ring.at - earlier.last_at)] / scales.again
        for share in earlier.shares:
            by_session[share.session_id] = by_session.get(share.session_id, 0.0) + share.belief * rate
    return by_session


def again_bin_of(ring: Ring, curve: Curve) -> int:
    """The cell of the time since the caller's last call; of a withheld number, since its likeliest."""
    if ring.known is not None:
        return again_bin(ring.at - ring.known.last_at)
    likeliest = max(
        ((curve.again[again_bin(ring.at - each.last_at)] * each.heard, each.last_at) for each in ring.withheld),
        default=(0.0, ring.at),
    )
    return again_bin(ring.at - likeliest[1])
