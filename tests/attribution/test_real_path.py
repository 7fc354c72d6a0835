"""A company's server does what a replay does: the same numbers, the same answers, the same lessons."""

from dataclasses import replace
from math import log
from statistics import fmean

import pytest
from msgspec import structs
from sqlalchemy import Engine

from benchmarks.simulated_logs import log_of
from swapboard.attribution.backtest import probability_of
from swapboard.attribution.curve import Curve
from swapboard.attribution.hazard import Phase, cells_of
from swapboard.attribution.law import law_named
from swapboard.attribution.learned import Learned
from swapboard.attribution.nightly import learn_from
from swapboard.attribution.outcome import Verdict
from swapboard.attribution.past import past_of
from swapboard.attribution.pending import Pending
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.replay_pool import Guest
from swapboard.attribution.ring import Ring
from swapboard.attribution.traffic import BeatLine, CallLine, Line, VisitLine, read_traffic
from swapboard.attribution.watch import Watched
from swapboard.clock import SECOND, Millis
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.chores import CALLS_CURVE
from tests.attribution.real_path import BEGINS, Answer, RealPath

LEAST = 1e-6
CALLERS = 50


def lines_of(law: str, visits: int, seed: int) -> list[Line]:
    """Without regions, which a server tells by time zones; it does not ask how long a page lies hidden."""
    lines = log_of(law_named(law), visits, seed)
    return [_as_told(each) for each in read_traffic(lines)]


def _as_told(line: Line) -> Line:
    if isinstance(line, VisitLine):
        return structs.replace(line, region=None)
    if isinstance(line, BeatLine) and line.state == "hidden":
        return structs.replace(line, state="visible")
    return line


def by_call(verdicts: list[Verdict]) -> dict[str, float]:
    return {each.line.id: probability_of(each) for each in verdicts}


def loss(probabilities: list[float]) -> float:
    return fmean(-log(max(LEAST, each)) for each in probabilities)


class ByOneCurve(Switchboard):
    """A replay that goes by one curve, and notices at once who fell silent, as a server does."""

    def __init__(self, pool: int, curve: Curve) -> None:
        super().__init__(pool)
        self.learner.curve, self.learner.seen, self.learner.due = curve, 10**6, 10**9
        self.pool.pending = Pending(curve)
        ring = self.learner.ring

        def without_areas(at: Millis, number_id: str, caller: str | None) -> tuple[Ring, tuple[Watched, ...]]:
            asked, before = ring(at, number_id, caller)
            return asked._replace(areas={}, known_callers=max(1, asked.known_callers)), before

        self._ring = without_areas

    def _leave(self, guest: Guest, now: Millis) -> None:
        self.pool.end_silent(now)
        super()._leave(guest, now)

    def _call(self, line: CallLine, now: Millis) -> Verdict | None:
        self.pool.end_silent(now)
        return super()._call(line, now)


def shown_in(board: Switchboard) -> dict[str, int]:
    """By session: the place of its number in the pool."""
    guests = board.guests.by_session.items()
    return {session: int(guest.number.number_id[1:]) for session, guest in guests if guest.number}


@pytest.mark.parametrize("law", ["law-firm", "vanishing"])
def test_by_one_curve_a_server_gives_the_numbers_and_answers_of_a_replay(engine: Engine, law: str) -> None:
    lines, numbers = lines_of(law, 350, 3), 8
    teacher = Switchboard(numbers)
    list(teacher.run(lines))
    curve = replace(teacher.learner.curve, crowd=Curve.crowd)
    path = RealPath(engine, numbers, learns=False)
    with writing(engine) as connection:
        CALLS_CURVE.keep(connection, path.business.company_id, (Learned(1, curve), 20), BEGINS)
    answers: dict[str, Answer] = {each.line.id: each for each in path.play(lines)}
    board = ByOneCurve(numbers, curve)
    replayed = by_call(list(board.run(lines)))
    assert {session: path.pool.index(number) for session, number in path.shown.items()} == shown_in(board)
    assert answers.keys() == replayed.keys()
    assert len(answers) > 10
    for call_id, answer in answers.items():
        assert answer.truth == pytest.approx(replayed[call_id], abs=0.02)


@pytest.mark.slow  # four days of visits, beats and calls, one after the other in a database
def test_nights_learn_what_a_replay_learns(engine: Engine) -> None:
    """Who turned a page was counted as away ever since; known numbers' first calls were two in a hundred."""
    lines, numbers = lines_of("law-firm", 900, 3), 8
    path = RealPath(engine, numbers)
    answers = {each.line.id: each.truth for each in path.play(lines)}
    board = Switchboard(numbers)
    replayed = by_call(list(board.run(lines)))
    now = round(lines[-1].t * SECOND) + 1
    with reading(engine) as connection:
        past = past_of(connection, path.business.company_id, BEGINS + now)
    time, theirs = past.exposures, board.learner.exposures(now)
    for phase in Phase:
        cells = cells_of(phase)
        assert time.by_profile[:, cells].sum() == pytest.approx(
            theirs.by_profile[:, cells].sum(), rel=0.03, abs=1.0
        )
    assert time.came == theirs.came
    assert sum(time.away) == pytest.approx(sum(theirs.away), rel=0.01)
    learned = learn_from(past)
    assert learned is not None
    night, replay = learned[0].curve, board.learner.curve
    assert night.known_share == pytest.approx(replay.known_share, abs=0.003)
    assert night.withheld_share == pytest.approx(replay.withheld_share, abs=0.02)
    assert night.same_number == pytest.approx(replay.same_number, abs=0.01)
    assert night.same_number != Curve.same_number
    assert night.nobody_again == pytest.approx(replay.nobody_again, abs=0.2)
    assert learned[0].known_callers == len(board.learner.memory.callers)
    assert answers.keys() == replayed.keys()
    assert loss(list(answers.values())) < 1.15 * loss(list(replayed.values()))
