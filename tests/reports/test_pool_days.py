"""Whatever is leased and counted in whatever order: each pool was shown to as many visits as one finds by hand."""

from collections import Counter, defaultdict
from random import Random

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from swapboard.clock import DAY, HOUR, Millis
from swapboard.reports.filter import read_filter
from swapboard.reports.pool_days import (
    POOLS,
    days_to_count,
    every_day,
    keep_counted,
    note_leases,
    shown_by_pool,
    wrong_days,
)
from swapboard.reports.pool_visits import shown_to
from swapboard.reports.unfiling import unfile
from swapboard.reports.visit_day_store import Stretch
from swapboard.storage.engine import reading, writing
from swapboard.storage.ids import made_at, new_id
from swapboard.storage.locks import hold_company
from swapboard.storage.schema import leases, pool_days, sessions, visit_columns, visit_days
from tests.building import NOW, Business, open_business
from tests.reports.random_business import Row, file_visits, known_of_visit, session_at

BEGAN_AT = NOW - 5 * DAY
FILTERS = ("device:phone", "-channel:paid", 'campaign="" -device:desktop', "adgroup:drains", "source:nobody")


class _Pools:
    """Visits that are shown numbers, and what a careful clerk knows of them."""

    def __init__(self, engine: Engine, business: Business, random: Random) -> None:
        self.engine, self.business, self.random = engine, business, random
        self.pools = [business.pools[0].pool_id, new_id(NOW)]
        self.shown: dict[str, set[str]] = defaultdict(set)
        self.rows: dict[str, Row] = {}
        self.now = BEGAN_AT

    def visit(self) -> None:
        row = session_at(self.business, self.random, self.random.randrange(BEGAN_AT, self.now + HOUR))
        with writing(self.engine) as connection:
            connection.execute(insert(sessions), row)
            unfile(connection, self.business.company_id, [row["session_id"]])
        self.shown[row["session_id"]] = set()
        self.rows[row["session_id"]] = row
        self.lease(row["session_id"])

    def wake(self) -> None:
        """A page of any day is shown another number."""
        if self.shown:
            self.lease(self.random.choice([*self.shown]))

    def lease(self, session_id: str) -> None:
        pool_id = self.random.choice(self.pools)
        row = {
            "company_id": self.business.company_id,
            "session_id": session_id,
            "target_id": self.business.targets[0].target_id,
            "from_at": self.random.getrandbits(40),
            "number_id": new_id(NOW),
            "pool_id": pool_id,
            "state": "ended",
            "until_at": NOW,
            "expires_at": NOW,
        }
        with writing(self.engine) as connection:
            held = hold_company(connection, self.business.company_id)
            connection.execute(insert(leases), row)
            note_leases(connection, self.business.company_id, [session_id], held.visits_filed_until_at)
        self.shown[session_id].add(pool_id)

    def wait(self) -> None:
        self.now = min(NOW, self.now + self.random.choice([HOUR, 7 * HOUR, DAY]))

    def count(self, *, is_calm: bool = False) -> None:
        """The chores; what they read may be no longer so when they write."""
        file_visits(self.engine, self.business.company_id, self.now)
        with reading(self.engine) as connection:
            made = days_to_count(connection, self.business.company_id, self.now)
        if not is_calm:
            self.random.choice([self.wake, self.visit, lambda: None, lambda: None])()
        with writing(self.engine) as connection:
            keep_counted(connection, self.business.company_id, made, self.now)

    def compare(self) -> None:
        moments = [BEGAN_AT // DAY * DAY, NOW // DAY * DAY + DAY, *(made_at(each) for each in self.shown)]
        from_at, until_at = sorted(self.random.choices(moments, k=2))
        terms = read_filter(self.random.choice(FILTERS))
        found: Counter[str] = Counter()
        fitting: Counter[str] = Counter()
        for session_id, pools in self.shown.items():
            if from_at <= made_at(session_id) < until_at:
                found.update(pools)
                known = known_of_visit(self.rows[session_id])
                fitting.update(pools if all(term.met_by(known(term.dimension)) for term in terms) else ())
        time = Stretch(self.business.company_id, from_at, until_at)
        with reading(self.engine) as connection:
            assert Counter(shown_by_pool(connection, *time)) == found
            assert Counter(shown_to(connection, time, terms)) == fitting, terms
            assert not wrong_days(connection, self.business.company_id, self.now)


def _kept_days(engine: Engine, company_id: str) -> set[Millis]:
    query = select(pool_days.c.day_at).where(pool_days.c.company_id == company_id)
    with reading(engine) as connection:
        return set(connection.execute(query).scalars())


@pytest.mark.parametrize("seed", range(2))
def test_every_pool_was_shown_to_as_many_as_a_recount_finds(engine: Engine, seed: int) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
    pools, others = (_Pools(engine, each, random) for each in (business, stranger))
    for _ in range(25):
        others.visit()
        random.choice([pools.visit, pools.visit, pools.wake, pools.wait, pools.count])()
        pools.compare()
    pools.now = NOW
    pools.count(is_calm=True)
    assert _kept_days(engine, business.company_id), "every day that is over, also one without a visit"
    assert min(_kept_days(engine, business.company_id)) == min(map(made_at, pools.shown)) // DAY * DAY
    pools.compare()


def test_a_wrong_day_is_found_and_counted_anew(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
    pools = _Pools(engine, business, Random(1))
    pools.visit()
    pools.now = NOW
    pools.count(is_calm=True)
    with writing(engine) as connection:
        connection.execute(update(pool_days).where(pool_days.c.shown > 0).values(shown=7))
    with reading(engine) as connection:
        assert wrong_days(connection, business.company_id, NOW) == [BEGAN_AT // DAY * DAY]
        made = every_day(connection, business.company_id)
    with writing(engine) as connection:
        keep_counted(connection, business.company_id, made, NOW)
    pools.compare()


def test_a_wrong_column_is_found_and_one_that_is_missing_is_made(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
    pools = _Pools(engine, business, Random(1))
    pools.visit()
    pools.now = NOW
    pools.count(is_calm=True)
    column, company_id = visit_columns.c, business.company_id
    is_it = column.company_id == company_id, column.name == POOLS
    with writing(engine) as connection:
        connection.execute(update(visit_columns).where(*is_it, column.words != "[]").values(words='["another"]'))
        # Nobody changes it by hand: reports see that by the day's changes.
        connection.execute(update(visit_days).values(changes=visit_days.c.changes + 1))
    with reading(engine) as connection:
        assert wrong_days(connection, company_id, NOW) == [BEGAN_AT // DAY * DAY]
    with writing(engine) as connection:
        # As in a database from before the column.
        connection.execute(delete(visit_columns).where(*is_it))
    pools.compare()
    pools.count(is_calm=True)
    with reading(engine) as connection:
        kept = set(connection.execute(select(column.day_at).where(*is_it)).scalars())
    assert kept == _kept_days(engine, company_id)
    pools.compare()
