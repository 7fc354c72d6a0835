"""How many first calls come from a number that called before: learned by night as in a replay, by one rule."""

from collections import defaultdict
from random import Random

import pytest

from benchmarks.simulated_logs import log_of
from swapboard.attribution.curve import Curve
from swapboard.attribution.first_calls import FirstCalls
from swapboard.attribution.heard import Heard, heard_of
from swapboard.attribution.law import law_named
from swapboard.attribution.learned import evidence_of
from swapboard.attribution.nightly import learn_from
from swapboard.attribution.past import Past
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.traffic import read_traffic


@pytest.mark.parametrize(("strangers", "nobody"), [(0.01, 0.6), (0.3, 0.05)])
def test_shares_are_learned_of_strangers_and_of_nobody(strangers: float, nobody: float) -> None:
    chance, first_calls = Random(1), FirstCalls()
    for _ in range(4000):
        is_nobody = chance.random() < 0.3
        known = chance.random() < (nobody if is_nobody else strangers)
        is_visitor = 1.0 - is_nobody
        first_calls.hear(is_visitor, is_visitor, 1.0 * is_nobody, withheld=False, known=known)
    found = first_calls.added(Curve.prior())
    assert found.known_share == pytest.approx(strangers, abs=0.03)
    assert found.nobody_known_share == pytest.approx(nobody, abs=0.05)


def test_a_withheld_number_tells_nothing_of_known_ones() -> None:
    first_calls = FirstCalls()
    first_calls.hear(0.9, 0.9, 0.1, withheld=True, known=False)
    found, prior = first_calls.added(Curve.prior()), Curve.prior()
    assert (found.known_share, found.nobody_known_share) == (prior.known_share, prior.nobody_known_share)
    assert found.withheld_share > prior.withheld_share


def replayed(board: Switchboard, name: str) -> list[Heard]:
    """The calls of a replay, as the night would read them."""
    heard: list[Heard] = []
    called: defaultdict[str | None, set[str]] = defaultdict(set)
    lines = log_of(law_named(name), 6000, 41)
    for verdict in board.run(read_traffic(lines)):
        ring, posterior = verdict.ring, verdict.posterior
        acquainted = {
            each.holder.session_id
            for each in posterior.weighed
            if each.holder.visitor_id in called[ring.caller] and ring.caller
        }
        heard.append(heard_of(ring.caller, evidence_of(ring, posterior, defaultdict(str)), {}, acquainted))
        assert heard[-1].known == (ring.known is not None)
        called[ring.caller].update(
            each.holder.visitor_id for each in posterior.weighed if posterior.probability(each) >= 0.001
        )
    return heard


@pytest.mark.parametrize("name", ["clinic", "law-firm"])
def test_a_night_learns_of_the_same_past_what_a_replay_does(name: str) -> None:
    """Nobody has another's number in it: both learn that hardly any stranger's called before."""
    board = Switchboard(12, considered=1)
    heard = replayed(board, name)
    learned = learn_from(Past(0, heard[-1].at, tuple(heard), board.learner.exposures(heard[-1].at)))
    assert learned is not None
    night, replay = learned[0].curve, board.learner.curve
    assert night.known_share == pytest.approx(replay.known_share, abs=0.004)
    assert night.known_share < Curve.known_share / 4
    assert night.nobody_known_share == pytest.approx(replay.nobody_known_share, abs=0.002)
    assert night.nobody_known_share < Curve.nobody_known_share / 2
