"""Learning while calls come in."""

import pytest

from swapboard.attribution import online
from swapboard.attribution.online import Learner
from swapboard.attribution.watch import Watched
from swapboard.clock import MINUTE


def test_lessons_at_hand_stand_against_the_time_in_which_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else calls would seem more frequent than they are, and late callers likelier than who is on the page."""
    monkeypatch.setattr(online, "BLOCK", 64)
    learner, visit = Learner(pool_size=1), Watched("s1", "v1", came_at=0, heard_at=0, left_at=0)
    aged = set()
    for call in range(1, 700):
        ring, _ = learner.ring(call * MINUTE, "n1", None)
        learner.hear(ring, learner.weigh(ring, [visit]))
        since = learner._read[0]
        assert learner.exposures(ring.at).less(since.time).numbers == len(learner.lessons) * MINUTE
        aged.add(since.seen)
    assert len(aged) > 3
    assert (online.KEPT - 1) * 64 <= len(learner.lessons) <= online.KEPT * 64
