"""Which sessions and visitors of a replayed log are remembered: so many of the latest, and no more."""

import tracemalloc
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from random import Random

import pytest

from swapboard.attribution import guests
from swapboard.attribution.evidence import Link
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


def test_who_may_have_called_before_is_looked_for_among_callers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guests, "SESSIONS_KEPT", 3)
    found = Guests({"called": Link("+12025550100", 0.5, "s0")})
    sessions = [
        found.begin(VisitLine(t=at, visitor=visitor, session=f"s{at}"), at, False, OrderedDict())
        for at, visitor in enumerate(["called", "again", "once", "again", "lone"])
    ]
    # The first two were forgotten, while numbers may still know them.
    assert [each.may_be_linked for each in sessions] == [True, True, False, True, False]
    sessions[2].believe(0.1, 5, withheld=False)
    assert sessions[2].may_be_linked


def test_a_visit_copies_none_of_its_visitors_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """With each visit all others of the visitor were put in a new row: in a log of one visitor's, 3 ms each."""
    monkeypatch.setattr(guests, "SESSIONS_KEPT", 5_000)
    found: Guests = Guests()
    lines = [VisitLine(t=at, visitor="v", session=f"s{at}") for at in range(6_000)]
    for at, line in enumerate(lines[:-100]):
        found.begin(line, at, False, OrderedDict())
    needed = [_bytes_needed(partial(found.begin, line, 6_000, False, OrderedDict())) for line in lines[-100:]]
    assert sum(each > 20_000 for each in needed) < 5


def _bytes_needed(action: Callable[[], object]) -> int:
    """How much memory more was taken at once; a list that grows takes a new row now and then."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
