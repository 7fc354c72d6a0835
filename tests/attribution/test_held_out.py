"""The hold-out laws do what they say, and their oracle knows them."""

from itertools import pairwise
from math import exp
from random import Random

import msgspec
import pytest

from swapboard.attribution.backtest import replayed
from swapboard.attribution.law import HOUR_SECONDS, LAWS, Law
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.simulation import Simulation
from swapboard.attribution.traffic import read_traffic
from tests.attribution.held_out import DAY_SECONDS, HELD_OUT, Changeover, Redial, Robots, RushHours
from tests.attribution.oracle import Oracle
from tests.attribution.tuned_on import TUNED_ON
from tests.attribution.unseen import UNSEEN

LUCK = 1.05
"""Of some hundred calls a lucky guess or two are worth a few per cent; who knows a law wrongly loses far more."""

of_each = pytest.mark.parametrize("law", [*HELD_OUT, *TUNED_ON, *UNSEEN], ids=lambda law: law.name)


def lines(law: Law, visits: int) -> list[bytes]:
    return list(Simulation(law, Random(7)).lines(visits))


def records(law: Law, visits: int) -> list[dict[str, object]]:
    return [msgspec.json.decode(line) for line in lines(law, visits)]


def held_out(kind: type[Law]) -> Law:
    return next(law for law in HELD_OUT if isinstance(law, kind))


def test_no_name_is_used_twice() -> None:
    names = [law.name for law in (*LAWS, *HELD_OUT, *TUNED_ON, *UNSEEN)]
    assert len(set(names)) == len(names)


@of_each
def test_the_log_is_one_that_the_replay_reads(law: Law) -> None:
    read = list(read_traffic(lines(law, 300)))
    assert all(one.t <= other.t for one, other in pairwise(read))
    assert {type(line).__name__ for line in read} >= {"VisitLine", "BeatLine", "CallLine"}


@of_each
def test_no_moment_is_busier_than_the_busiest(law: Law) -> None:
    moments = [minute * 60.0 for minute in range(0, 14 * 1440, 7)]
    assert max(law.rate(at) * (1.0 + law.strangers_a_visit(at)) for at in moments) <= law.busiest * (1 + 1e-9)
    assert min(law.rate(at) for at in moments) > 0.0


@of_each
def test_who_knows_the_law_is_not_surpassed_by_who_does_not(law: Law) -> None:
    log = lines(law, 2500)
    ours = replayed(Switchboard(8, considered=1), read_traffic(log))
    board = Switchboard(8, Oracle(law), considered=1, holders=2000)
    board.learner.due = 10**9
    told = replayed(board, read_traffic(log))
    assert told.log_loss < ours.log_loss * LUCK
    assert told.accuracy > ours.accuracy - 0.02


def test_by_night_nobody_calls_back_and_after_the_opening_they_do() -> None:
    law = held_out(RushHours)
    assert isinstance(law, RushHours)
    evening = 20.5 * HOUR_SECONDS
    for hour in (21.0, 24.0, 31.9):
        assert law.late_rate(evening, hour * HOUR_SECONDS) == 0.0
    assert law.late_rate(evening, 32.1 * HOUR_SECONDS) > law.late_rate(evening, 36.0 * HOUR_SECONDS) > 0.0


@pytest.mark.parametrize("left_hour", [9.0, 16.0, 21.0])
def test_the_rate_after_the_rush_is_that_of_the_calls_drawn(left_hour: float) -> None:
    law = held_out(RushHours)
    left = left_hour * HOUR_SECONDS
    chance = Random(2)
    came = [law.rings_at(left + law.late().draw(chance), chance) for _ in range(6000)]
    undecided, step = 1.0, 60.0
    for minute in range(3 * 1440):
        at = left + (minute + 0.5) * step
        undecided *= exp(-law.late_rate(left, at) * step)
        if minute % 240 == 239:
            drawn = law.late_probability * sum(each <= at for each in came) / len(came)
            assert abs((1.0 - undecided) - drawn) < 0.02 * law.late_probability


def test_while_the_server_stands_still_only_calls_are_heard() -> None:
    law = held_out(Changeover)
    down = [each for each in records(law, 6000) if law.is_down(float(str(each["t"])))]
    assert down
    assert {each["type"] for each in down} == {"call"}


def test_robots_call_in_bursts_and_no_more_than_one_call_in_ten() -> None:
    calls = [each for each in records(held_out(Robots), 12_000) if each["type"] == "call"]
    robots = [float(str(each["t"])) for each in calls if each["dialled_by"] is None]
    assert 0.06 < len(robots) / len(calls) < 0.14
    at_burst = sum(at / DAY_SECONDS % 7 // 1 in {0, 2, 4} and 10 <= at / HOUR_SECONDS % 24 < 12 for at in robots)
    assert at_burst / len(robots) > 0.2, "a twenty-eighth of the time"


def test_every_second_call_is_followed_by_another() -> None:
    calls = [each for each in records(held_out(Redial), 6000) if each["type"] == "call" and each["dialled_by"]]
    people = {each["dialled_by"] for each in calls}
    assert len(calls) / len(people) == pytest.approx(2.0, abs=0.25)


def test_others_at_a_shared_desk_call_from_numbers_of_their_own() -> None:
    law = next(law for law in UNSEEN if law.shared_share)
    visitors = {each["session"]: each["visitor"] for each in records(law, 4000) if each["type"] == "visit"}
    callers: dict[object, set[object]] = {}
    for each in records(law, 4000):
        if each["type"] == "call" and each["dialled_by"] and each["caller"]:
            callers.setdefault(visitors[each["dialled_by"]], set()).add(each["caller"])
    several = sum(len(numbers) > 1 for numbers in callers.values())
    assert several > 5
