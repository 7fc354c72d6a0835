"""Who withholds its number: how many first calls do, so that calls again by the same are told from them."""

from dataclasses import replace
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.simulated_logs import log_of
from swapboard.attribution.curve import Curve
from swapboard.attribution.evidence import Known, Link, Share
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.heard import heard_of
from swapboard.attribution.holder import Holder
from swapboard.attribution.law import law_named
from swapboard.attribution.learned import Evidence
from swapboard.attribution.match import match
from swapboard.attribution.nightly import learn_from
from swapboard.attribution.past import Past
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.ring import Ring
from swapboard.attribution.traffic import read_traffic
from swapboard.attribution.withholding import Withholding
from swapboard.clock import DAY, HOUR, MINUTE

AT = 10 * DAY
SHARES = st.floats(0.001, 0.9)
EARLIER = (Known(AT - 30 * MINUTE, "n1", (Share("before", "u", 0.9),), 0.1),)


def holders() -> list[Holder]:
    before = Holder("before", "u", AT - HOUR, AT - HOUR, left_at=AT - HOUR)
    before.believe(0.9, AT - 30 * MINUTE, withheld=True)
    return [before, Holder("other", "v", AT - 2 * HOUR, AT - HOUR, left_at=AT - HOUR)]


def weighed(curve: Curve, ring: Ring) -> Posterior:
    return match(ring, holders(), curve, {})


def shares(visitors: float, nobody: float) -> Curve:
    return replace(Curve.prior(), withheld_share=visitors, nobody_withheld_share=nobody)


@given(SHARES, SHARES)
def test_a_first_call_is_withheld_or_named(visitors: float, nobody: float) -> None:
    """Each weighs so much that both together are all first calls, of visitors and of nobody."""
    curve = shares(visitors, nobody)
    withheld, named = weighed(curve, Ring(AT, "n1")), weighed(curve, Ring(AT, "n1", "+12125550111"))
    known = (1.0 - curve.known_share, 1.0 - curve.nobody_known_share)
    first = [sum(each.weight for each in found.weighed) for found in (withheld, named)]
    assert first[0] / visitors == pytest.approx(first[1] / (1.0 - visitors) / known[0])
    nobodies = [found.nobody_weight for found in (withheld, named)]
    assert nobodies[0] / nobody == pytest.approx(nobodies[1] / (1.0 - nobody) / known[1])


@given(SHARES, SHARES)
def test_the_fewer_withhold_the_likelier_it_is_who_did_before(one: float, other: float) -> None:
    again = [
        sum(each.again for each in found.weighed) / found.total
        for share in sorted((one, other))
        for found in (weighed(shares(share, share), Ring(AT, "n1", withheld=EARLIER)),)
    ]
    assert again[0] >= again[1] > 0.0


@given(SHARES)
def test_where_nobody_withheld_before_the_share_changes_nothing(share: float) -> None:
    """Of a call that all candidates would make so it says nothing."""
    found, usual = (weighed(shares(each, each), Ring(AT, "n1")) for each in (share, 0.05))
    assert found.nobody == pytest.approx(usual.nobody)


def test_who_called_with_a_number_seldom_withholds_it() -> None:
    links = {"v": Link("+12125550111", 0.9, "s0")}
    known, unknown = (match(Ring(AT, "n1"), holders(), Curve.prior(), each) for each in (links, {}))
    weights = [{each.holder.session_id: each.weight for each in found.weighed} for found in (known, unknown)]
    assert weights[0]["other"] == pytest.approx(weights[1]["other"] * (1.0 - 0.9 * Curve.same_number))
    assert weights[0]["before"] == weights[1]["before"]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans())))
def test_learned_shares_are_shares_whatever_is_heard(calls: list[tuple[float, bool]]) -> None:
    withholding = Withholding()
    for nobody, withheld in calls:
        withholding.hear(1.0 - nobody, nobody, withheld=withheld)
    found = withholding.added(Curve.prior())
    assert 0.0 < found.withheld_share < 1.0
    assert 0.0 < found.nobody_withheld_share < 1.0


@pytest.mark.parametrize(("visitors", "nobody"), [(0.02, 0.6), (0.3, 0.05)])
def test_shares_are_learned_of_visitors_and_of_nobody(visitors: float, nobody: float) -> None:
    chance, withholding = Random(1), Withholding()
    for _ in range(4000):
        is_nobody = chance.random() < 0.3
        withheld = chance.random() < (nobody if is_nobody else visitors)
        withholding.hear(1.0 - is_nobody, 1.0 * is_nobody, withheld=withheld)
    found = withholding.added(Curve.prior())
    assert found.withheld_share == pytest.approx(visitors, abs=0.03)
    assert found.nobody_withheld_share == pytest.approx(nobody, abs=0.05)


def test_first_calls_and_calls_again_are_all_calls() -> None:
    """What the night counts by is the match's own, for a call that it kept."""
    heard = heard_of(None, Evidence((("s", 3, 0.5, 0.4, ""),), ((9, 2.0),), 0.1, 0.0, 4, AT), {})
    curve = Curve.prior()
    visitors, strangers, nobody = heard.first(curve)
    again = curve.again[4] * 0.4
    flat = curve.flat_at(AT)
    total = flat[3] * 0.5 + flat[9] * 2.0 + curve.nobody * 0.1 + again
    assert visitors == strangers
    assert nobody == pytest.approx(heard.nobody(curve))
    assert visitors + nobody == pytest.approx(1.0 - again / total)


@pytest.mark.parametrize("withheld", [0, 30])
def test_a_night_learns_how_many_withhold(withheld: int) -> None:
    heard = tuple(
        heard_of(
            None if at < withheld else f"+1212555{at:04}",
            Evidence(((f"s{at}", 3, 1.0, 0.0, ""),), (), 0.0, 0.0, 0, AT + at * MINUTE),
            {},
        )
        for at in range(60)
    )
    exposures = Exposures([float(DAY)] * len(Exposures().places), ready=[float(DAY)] * 24)
    learned = learn_from(Past(0, AT + DAY, heard, exposures))
    assert learned is not None
    assert learned[0].curve.withheld_share == pytest.approx(withheld / 60, abs=0.07)


def test_who_withholds_and_calls_again_is_mostly_told() -> None:
    """Seven of 47 were, when each first call counted as if all first calls were withheld."""
    again, right, learned = 0, 0, []
    for seed in (41, 42):
        called: set[str | None] = set()
        board = Switchboard(16, considered=1)
        lines = log_of(law_named("law-firm"), 10_000, seed)
        for verdict in board.run(read_traffic(lines)):
            best, session_id = verdict.posterior.best(), verdict.line.dialled_by
            if verdict.ring.caller is None and session_id is not None and session_id in called:
                again += 1
                right += best is not None and best.holder.session_id == session_id
            called.add(session_id)
        learned.append(board.learner.curve.withheld_share)
    assert right > 0.6 * again
    assert fmean(learned) == pytest.approx(0.08, abs=0.02)
