"""A young company's curve is learned on its first days already, once for all processes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import nan

import pytest
from sqlalchemy import Connection, Engine, select, update

from swapboard.accounts.store import config_versions
from swapboard.attribution import store
from swapboard.attribution.curve import Curve
from swapboard.attribution.first_days import learn_if_due, past_while_young
from swapboard.attribution.learned import Learned
from swapboard.attribution.night_store import has_new_calls, last_learned
from swapboard.attribution.nightly import keep_learned, learn_from
from swapboard.attribution.online import BLOCK, FIRST_LESSONS
from swapboard.attribution.past import past_of
from swapboard.attribution.traffic import Line
from swapboard.clock import HOUR, SECOND, Millis
from swapboard.storage.engine import writing
from swapboard.storage.schema import calls, curves
from swapboard.switchboard.chores import CALLS_CURVE, YOUNG_CURVE
from swapboard.switchboard.claiming import Claim, claim
from tests.attribution.real_path import BEGINS, RealPath
from tests.attribution.test_real_path import lines_of
from tests.building import NOW, open_business

VISITS = 320


@dataclass(frozen=True, slots=True)
class FirstDay:
    """A company that nothing was learned for, while its log is played."""

    path: RealPath
    lines: Iterator[Line]

    @property
    def company_id(self) -> str:
        return self.path.business.company_id

    def go_on(self, many: int) -> Millis:
        """So many calls more; when the last of them rang and ended."""
        for line in self.lines:
            many -= len(list(self.path.play([line])))
            if not many:
                return BEGINS + round(line.t * SECOND) + 2
        raise AssertionError("the log has too few calls")

    def to_its_end(self) -> Millis:
        *_, last = lines = list(self.lines)
        assert list(self.path.play(lines))
        return BEGINS + round(last.t * SECOND) + 2


@pytest.fixture
def first_day(engine: Engine) -> FirstDay:
    return FirstDay(RealPath(engine, 8, learns=False), iter(lines_of("law-firm", VISITS, 3)))


def learn(connection: Connection, company_id: str, now: Millis) -> Learned | None:
    """What the chore writes, if it does."""
    chore, before = YOUNG_CURVE, store.learned(connection, company_id)
    chore.keep(connection, company_id, chore.work(chore.look(connection, company_id, now)), now)
    after = store.learned(connection, company_id)
    return after if after.version != before.version else None


def credited(connection: Connection, company_id: str) -> list[tuple[object, ...]]:
    rows = connection.execute(select(calls).where(calls.c.company_id == company_id).order_by(calls.c.call_id))
    return [(row.call_id, row.attribution_kind, row.session_id, row.confidence) for row in rows]


def test_the_first_calls_tell_how_often_a_company_is_called_and_more_of_them_when_it_is(
    engine: Engine, first_day: FirstDay
) -> None:
    company_id, learned_from, has_prior_shape = first_day.company_id, [], []
    for _ in range(FIRST_LESSONS + 4):
        now = first_day.go_on(1)
        with writing(engine) as connection:
            before = credited(connection, company_id)
            found = learn(connection, company_id, now)
            assert credited(connection, company_id) == before
        if found:
            learned_from.append(found.calls)
            has_prior_shape.append(found.curve.profiles == Curve.prior().profiles)
            assert found.curve.nobody != Curve.prior().nobody
    assert has_prior_shape == [each < FIRST_LESSONS for each in learned_from]
    assert learned_from[:5] == [1, 2, 3, 4, 5]
    for earlier, later in pairwise(learned_from):
        assert later >= earlier * 1.25
    assert learned_from[-1] >= FIRST_LESSONS


def test_a_few_more_calls_are_left_to_the_night(engine: Engine, first_day: FirstDay) -> None:
    now = first_day.go_on(12)
    with writing(engine) as connection:
        found = learn(connection, first_day.company_id, now)
        assert found
        assert found.calls == 12
        assert learn(connection, first_day.company_id, now) is None
    later = first_day.go_on(2)
    with writing(engine) as connection:
        assert past_while_young(connection, first_day.company_id, later) is None
        assert learn_if_due(None) is None
    later = first_day.go_on(1)
    with writing(engine) as connection:
        again = learn(connection, first_day.company_id, later)
        assert again
        assert (again.version, again.calls) == (2, 15)


def test_a_curve_of_many_calls_waits_for_the_night(engine: Engine, first_day: FirstDay) -> None:
    company_id, now = first_day.company_id, first_day.to_its_end()
    with writing(engine) as connection:
        for version, count in enumerate((0, BLOCK - 1, BLOCK), 1):
            assert keep_learned(connection, company_id, (Learned(version), count), BEGINS)
            wanted = max(1, -(-count // 4))
            is_enough = has_new_calls(connection, company_id, BEGINS, wanted) and count < BLOCK
            assert (past_while_young(connection, company_id, now) is not None) == is_enough


def test_a_past_that_was_brought_in_waits_for_the_night(
    engine: Engine, first_day: FirstDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a company's first start would learn from all of it twice, at the same time."""
    now = first_day.go_on(9)
    with writing(engine) as connection:
        for block, is_young in ((9, False), (10, True)):
            monkeypatch.setattr("swapboard.attribution.first_days.BLOCK", block)
            assert (past_while_young(connection, first_day.company_id, now) is not None) == is_young


def test_what_is_spam_is_no_reason_to_learn(engine: Engine, first_day: FirstDay) -> None:
    company_id, now = first_day.company_id, first_day.go_on(5)
    with writing(engine) as connection:
        mine = calls.c.company_id == company_id
        one = connection.execute(select(calls.c.call_id).where(mine).limit(1)).scalar_one()
        connection.execute(update(calls).where(mine, calls.c.call_id != one).values(is_spam=True))
        assert has_new_calls(connection, company_id, 0, 1)
        assert not has_new_calls(connection, company_id, 0, 2)
        found = learn(connection, company_id, now)
        assert found
        assert found.calls == 1


def test_of_two_processes_that_learn_at_once_the_quicker_is_kept(engine: Engine, first_day: FirstDay) -> None:
    """A night and a first day's may meet as well: neither fails, and no version is written twice."""
    company_id, now = first_day.company_id, first_day.to_its_end()
    night, young = CALLS_CURVE, YOUNG_CURVE
    with writing(engine) as connection:
        looked = [chore.look(connection, company_id, now) for chore in (young, night)]
        one, other = (chore.work(past) for chore, past in zip((young, night), looked, strict=True))
        young.keep(connection, company_id, one, now)
        config = config_versions(connection)
    with writing(engine) as connection:
        night.keep(connection, company_id, other, now + 1)
        assert config_versions(connection) == config
        kept = connection.execute(select(curves.c.learned_at).where(curves.c.company_id == company_id)).scalars()
        assert list(kept) == [now]
        night.keep(connection, company_id, night.work(night.look(connection, company_id, now + 2)), now + 2)
        assert store.learned(connection, company_id).version == 2


def test_who_is_killed_while_it_learns_leaves_the_calls_to_the_next(engine: Engine, first_day: FirstDay) -> None:
    company_id, now = first_day.company_id, first_day.to_its_end()
    with writing(engine) as connection:
        YOUNG_CURVE.look(connection, company_id, now)
    with writing(engine) as connection:
        assert last_learned(connection, company_id) == (0, 0)
        found = learn(connection, company_id, now)
        assert found
        assert found == learn_at_once(connection, company_id, now, found.version)


def learn_at_once(connection: Connection, company_id: str, now: Millis, version: int) -> Learned:
    found = learn_from(replace(past_of(connection, company_id, now), version=version - 1))
    assert found
    return found[0]


def test_after_a_curve_that_is_not_finite_the_next_is_not_tried_at_once(engine: Engine) -> None:
    young = [(YOUNG_CURVE.name, YOUNG_CURVE.every)]
    with writing(engine) as connection:
        company_id = open_business(connection).company_id

        def is_due(after: Millis) -> bool:
            [due] = claim(connection, [Claim(NOW + after, young)])
            return bool(due)

        assert is_due(0)
        wrong = Learned(1, replace(Curve.prior(), nobody=nan)), 3
        YOUNG_CURVE.keep(connection, company_id, wrong, NOW)
        assert [is_due(after) for after in (YOUNG_CURVE.every, HOUR - 1, HOUR)] == [False, False, True]
        good = Learned(1), 3
        YOUNG_CURVE.keep(connection, company_id, good, NOW + HOUR)
        assert is_due(HOUR + YOUNG_CURVE.every)
