"""What a process keeps of reports is right, whatever happens in the meantime, and never more than it may."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC
from functools import partial
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, event, insert, select, text, update

from swapboard.clock import DAY
from swapboard.reports import warm
from swapboard.reports.call_hours import calls_by_hour
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import Figures
from swapboard.reports.filing import days_behind, grow, keep_filed
from swapboard.reports.question import Question
from swapboard.reports.store import count
from swapboard.reports.sums import Sums, read_sums
from swapboard.reports.unanswered import missed
from swapboard.reports.unfiling import unfile
from swapboard.reports.visit_count import count_visitors
from swapboard.reports.visit_day_store import Stretch
from swapboard.reports.warm import Warm
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import calls, numbers, pools, sessions, visit_columns, visit_days
from tests.building import NOW, Business, open_business
from tests.reports.random_business import VISITORS, History, a_call_at, file_visits, happen, session_at

FROM_AT, UNTIL_AT = NOW - 20 * DAY, NOW
Found = tuple[object, ...]


def found(connection: Connection, company_id: str) -> Found:
    """All that is kept."""
    counted: list[Mapping[tuple[str, ...], Figures]] = []
    for by in (
        (),
        (Dimension.CHANNEL,),
        (Dimension.KEYWORD, Dimension.DEVICE),
        (Dimension.POOL, Dimension.PLACEMENT),
    ):
        counted += [
            count(connection, Question(company_id, FROM_AT, UNTIL_AT, by, (), counted_by))
            for counted_by in CountedBy
        ]
    asked = Question(company_id, FROM_AT, UNTIL_AT)
    return (
        *(counted, calls_by_hour(connection, asked, UTC), missed(connection, asked)),
        count_visitors(connection, Stretch(company_id, FROM_AT, UNTIL_AT)),
    )


class _Weeks:
    """A random past that goes on changing."""

    def __init__(self, engine: Engine, business: Business, history: History, random: Random) -> None:
        self.engine, self.business, self.random = engine, business, random
        self.company_id = business.company_id
        self.call_ids = [row["call_id"] for row in history.calls]

    def change(self) -> None:
        deeds = (
            self.value,
            self.miss,
            self.move,
            self.ring,
            self.visit,
            self.file,
            self.file_anew,
            self.wake,
            self.rename,
        )
        self.random.choice(deeds)()

    def value(self) -> None:
        self._of_call(value_cents=self.random.randrange(10_000), status="answered")

    def miss(self) -> None:
        """Somebody who may call again, and is answered then."""
        for status in ("missed", "answered"):
            self._of_call(caller_number="+442079460123", status=status, is_spam=False)

    def move(self) -> None:
        """A carrier tells last when it began."""
        self._of_call(started_at=self.random.randrange(FROM_AT, UNTIL_AT))

    def _of_call(self, **values: object) -> None:
        this = calls.c.company_id == self.company_id, calls.c.call_id == self.random.choice(self.call_ids)
        with writing(self.engine) as connection:
            connection.execute(update(calls).where(*this).values(**values))

    def ring(self) -> None:
        with writing(self.engine) as connection:
            row = a_call_at(self.business, self.random, self.random.randrange(FROM_AT, UNTIL_AT))
            connection.execute(insert(calls), row)

    def visit(self) -> None:
        """On a day that may be filed, so what is filed of it goes."""
        row = session_at(self.business, self.random, self.random.randrange(FROM_AT, UNTIL_AT))
        with writing(self.engine) as connection:
            connection.execute(insert(sessions), row)
            unfile(connection, self.company_id, [row["session_id"]])

    def wake(self) -> None:
        """Somebody turns out to be somebody else."""
        with writing(self.engine) as connection:
            mine = select(sessions.c.session_id).where(sessions.c.company_id == self.company_id)
            session_id = self.random.choice(sorted(connection.execute(mine).scalars()))
            this = sessions.c.company_id == self.company_id, sessions.c.session_id == session_id
            changed = update(sessions).where(*this)
            connection.execute(changed.values(visitor_id=self.random.choice(VISITORS), term="learned"))
            unfile(connection, self.company_id, [session_id])

    def rename(self) -> None:
        with writing(self.engine) as connection:
            for table, name in ((pools, "name"), (numbers, "placement")):
                mine = update(table).where(table.c.company_id == self.company_id)
                connection.execute(mine.values({name: f"name {self.random.random()}"}))

    def file(self) -> None:
        file_visits(self.engine, self.company_id, NOW)

    def file_anew(self) -> None:
        with reading(self.engine) as connection:
            behind = list(days_behind(connection, self.company_id, NOW, anew=True))
            made = [grow(connection, self.company_id, each) for each in behind]
        with writing(self.engine) as connection:
            assert keep_filed(connection, self.company_id, made, NOW) == len(made)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_kept_is_what_is_counted(engine: Engine, seed: int) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        business = open_business(connection)
        history = happen(connection, business, random, (FROM_AT, UNTIL_AT))
        while not history.calls or not history.sessions:
            history = happen(connection, business, random, (FROM_AT, UNTIL_AT))
    weeks = _Weeks(engine, business, history, random)

    def asked(way: Callable[[Engine], AbstractContextManager[Connection]]) -> Found:
        with way(engine) as connection:
            return found(connection, business.company_id)

    for _ in range(10):
        # Nothing is kept of what a transaction that writes sees.
        assert asked(reading) == asked(writing)
        for _ in range(random.randrange(3)):
            weeks.change()


def test_a_day_that_was_wrong_is_counted_anew(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        rows = [session_at(business, Random(1), NOW - day * DAY) | {"channel": "Direct"} for day in (3, 2)]
        connection.execute(insert(sessions), rows)
    weeks = _Weeks(engine, business, History(), Random(1))
    weeks.file()

    def channels() -> set[tuple[str, ...]]:
        with reading(engine) as connection:
            asked = Question(business.company_id, FROM_AT, UNTIL_AT, (Dimension.CHANNEL,))
            return {cell for cell, figures in count(connection, asked).items() if figures.visits}

    assert channels() == {("Direct",)}
    with writing(engine) as connection:
        mine = visit_columns.c.company_id == business.company_id, visit_columns.c.name == "channel"
        connection.execute(update(visit_columns).where(*mine).values(words='["Email"]'))
        connection.execute(update(visit_days).values(changes=visit_days.c.changes + 1))
    assert channels() == {("Email",)}
    weeks.file_anew()
    assert channels() == {("Direct",)}


def test_a_call_costs_the_counting_of_its_own_day(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        days = [a_call_at(business, Random(day), NOW - day * DAY) for day in range(20)]
        connection.execute(insert(calls), days)
    asked, counted = Question(business.company_id, FROM_AT, UNTIL_AT + 1, (Dimension.CHANNEL,)), 0

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal counted
        counted += "GROUP BY value_0" in " ".join(statement.split()) and "FROM calls" in statement

    event.listen(engine, "before_cursor_execute", note)
    # At first all days but the latest at once, and the latest.
    for costs in (2, 0, 1):
        counted = 0
        with reading(engine) as connection:
            count(connection, asked)
        assert counted == costs
        if costs == 0:
            with writing(engine) as connection:
                connection.execute(insert(calls), a_call_at(business, Random(99), NOW))


@pytest.mark.parametrize("seed", range(3))
def test_weeks_and_days_that_are_read_at_once_have_what_is_theirs(engine: Engine, seed: int) -> None:
    """Whichever of them have calls, and wherever the time begins and ends."""
    random = Random(seed)
    with writing(engine) as connection:
        business = open_business(connection)
        days = random.sample(range(60), 14)
        at = [NOW - day * DAY - random.randrange(DAY) for day in days for _ in range(random.randrange(1, 4))]
        connection.execute(insert(calls), [a_call_at(business, random, each) for each in at])
    for _ in range(20):
        from_at = NOW - random.randrange(60 * DAY)
        until_at = from_at + random.choice([random.randrange(1, 2 * DAY), random.randrange(1, 40 * DAY)])
        counted_by = random.choice(list(CountedBy))
        asked = Question(business.company_id, from_at, until_at, (Dimension.CHANNEL,), (), counted_by)
        with writing(engine) as connection:
            in_one = count(connection, asked)
        for _again in range(2):
            with reading(engine) as connection:
                assert count(connection, asked) == in_one


def test_a_database_that_was_restored_is_counted_anew(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite's file is replaced while no server runs")
    with writing(engine) as connection:
        business = open_business(connection)
        row = a_call_at(business, Random(1), NOW - DAY) | {"is_spam": False, "value_cents": 1}
        connection.execute(insert(calls), row)
    asked = Question(business.company_id, FROM_AT, UNTIL_AT)
    for cents in (1, 2):
        with writing(engine) as connection:
            # As pg_restore does it: the same call, as often changed, with something else in it.
            connection.execute(text("TRUNCATE calls CASCADE").execution_options(across_companies="a restore"))
            connection.execute(insert(calls), row | {"value_cents": cents})
        with reading(engine) as connection:
            assert count(connection, asked)[()].value_cents == cents


def test_a_change_that_is_taken_back_was_never_counted(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        row = a_call_at(business, Random(1), NOW - DAY) | {"is_spam": False, "value_cents": 1}
        connection.execute(insert(calls), row)
    asked = Question(business.company_id, FROM_AT, UNTIL_AT)

    def worth(connection: Connection) -> object:
        return count(connection, asked)[()].value_cents

    for cents, is_kept in ((2, False), (3, True)):
        with engine.connect().execution_options(writes=True) as connection, connection.begin() as transaction:
            mine = calls.c.company_id == business.company_id
            connection.execute(update(calls).where(mine).values(value_cents=cents))
            assert worth(connection) == cents
            if not is_kept:
                transaction.rollback()
    with reading(engine) as connection:
        assert worth(connection) == 3


def test_what_nobody_asked_for_longest_goes_first() -> None:
    warm = Warm(most_bytes=10)
    for key in ("a", "b"):
        warm.put(key, 1, key.upper(), 5)
    assert warm.get("a", 1) == "A"
    warm.put("c", 1, "C", 5)
    assert [warm.get(key, 1) for key in ("a", "b", "c")] == ["A", None, "C"]
    warm.put("d", 1, "D", 11)
    assert [warm.get(key, 1) for key in ("a", "d")] == ["A", None], "no room is made for what has none"


def test_what_is_out_of_date_makes_room_for_what_takes_its_place() -> None:
    warm = Warm(most_bytes=10)
    warm.put("a", 1, "A", 5)
    warm.put("b", 1, "B", 5)
    warm.put("b", 2, "B again", 5)
    assert [warm.get("a", 1), warm.get("b", 1), warm.get("b", 2)] == ["A", None, "B again"]


@pytest.mark.parametrize("days", [0, 90])
def test_what_finds_nothing_takes_room_as_well(engine: Engine, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setitem(warm._WARM, engine, Warm(most_bytes=500_000))
    found: list[int] = []
    filed = tuple((NOW + day, NOW + day, day, day) for day in range(days))

    def find(number: int) -> NDArray[np.uint64]:
        found.append(number)
        return np.empty(0, np.uint64)

    with reading(engine) as connection:
        for number in [*range(500), 499, 0]:
            warm.numbers(connection, ("nothing", number), filed, partial(find, number))
    assert found == [*range(500), 0], "the last one was there still, the first one not"


def test_long_words_take_the_room_that_they_take(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(warm._WARM, engine, Warm(most_bytes=500_000))
    found: list[int] = []

    def count(number: int) -> Sums:
        found.append(number)
        return read_sums([(f"{number}" * 5_000, 1)], 1, 1)

    with reading(engine) as connection:
        for number in [*range(10, 110), 109, 10]:
            warm.sums(connection, ("long", number), 1, partial(count, number))
    assert found == [*range(10, 110), 10], "the last one was there still, the first one not"
