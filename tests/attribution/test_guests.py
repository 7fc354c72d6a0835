"""Which sessions and visitors of a replayed log are remembered: so many of the latest, and no more."""

from collections import OrderedDict
from random import Random
from time import process_time

import pytest

from swapboard.attribution import guests
from swapboard.attribution.guests import Guests
from swapboard.attribution.law import law_named
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.replay_pool import Number, Pool
from swapboard.attribution.simulation import Simulation
from swapboard.attribution.traffic import VisitLine, read_traffic


def test_no_more_visitors_are_known_than_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guests, "VISITORS_KEPT", 5)
    known: OrderedDict[str, Number | None] = OrderedDict.fromkeys(f"v{at}" for at in range(9))
    Guests().begin(VisitLine(t=0.0, visitor="new", session="s"), 0, False, known)
    assert list(known) == ["v5", "v6", "v7", "v8", "new"]


def test_a_pool_that_is_put_in_anothers_place_forgets_visitors_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of placements puts in one that gives numbers at random: it kept all visitors that ever came."""
    monkeypatch.setattr(guests, "VISITORS_KEPT", 50)
    board = Switchboard(4)
    board.pool = Pool(4, board.learner.watch)
    for _ in board.run(read_traffic(list(Simulation(law_named("corner-shop"), Random(3)).lines(400)))):
        pass
    assert 0 < len(board.pool.last_numbers) < 60


def test_a_visitors_sessions_are_found_as_long_as_they_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guests, "SESSIONS_KEPT", 3)
    found: Guests = Guests()
    for at, visitor in enumerate("abaab"):
        found.begin(VisitLine(t=at, visitor=visitor, session=f"s{at}"), at, False, OrderedDict())
        of_all = {each.session_id for each in found.of_visitors("ab")}
        assert of_all == found.by_session.keys()
    assert [each.session_id for each in found.of_visitors("a")] == ["s2", "s3"]
    assert list(found.of_visitors("c")) == []


def test_a_log_in_which_all_visits_are_one_visitors_takes_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """With each visit all others of the visitor were put in a new row: 3 ms, where it is a few microseconds."""
    monkeypatch.setattr(guests, "SESSIONS_KEPT", 5_000)

    def taken(visitors: int) -> float:
        found: Guests = Guests()
        lines = [VisitLine(t=at, visitor=f"v{at % visitors}", session=f"s{at}") for at in range(8_000)]
        begun = process_time()
        for at, line in enumerate(lines):
            found.begin(line, at, False, OrderedDict())
        return process_time() - begun

    # The least of three: a collection of garbage may fall into one.
    one, each_another = (min(taken(visitors) for _ in range(3)) for visitors in (1, 8_000))
    assert one < 5 * each_another
