"""How visitors call is counted from the company's own calls, and is as usual while there are few."""

from random import Random

import pytest
from sqlalchemy import Connection, Engine, insert

from swapboard.clock import DAY, MINUTE, Millis
from swapboard.numbers.callers import callers_of
from swapboard.numbers.sizing import Callers
from swapboard.storage.engine import writing
from swapboard.storage.schema import calls, leases
from tests.building import NOW, Business, open_business
from tests.reports.random_business import a_call_at

LEFT_AT = NOW - 2 * DAY


def visit(connection: Connection, business: Business, session_id: str, left_at: Millis = LEFT_AT) -> None:
    """It had a number for ten minutes."""
    pool = business.pools[0]
    whose = {"company_id": business.company_id, "session_id": session_id, "number_id": "n1"}
    what = {"target_id": pool.target_id, "pool_id": pool.pool_id, "state": "ended"}
    when = {"from_at": left_at - 10 * MINUTE, "until_at": left_at, "expires_at": left_at + MINUTE}
    connection.execute(insert(leases).values(**whose, **what, **when))


def call(
    connection: Connection, business: Business, session_id: str, at: Millis, *, is_spam: bool = False
) -> None:
    """Credited to the visit."""
    row = a_call_at(business, Random(session_id), NOW)
    credited = {"number_id": "n1", "session_id": session_id, "attribution_kind": "session"}
    connection.execute(insert(calls).values({**row, **credited, "started_at": at, "is_spam": is_spam}))


def test_it_is_as_usual_until_there_are_calls(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        assert callers_of(connection, business.company_id, NOW) == Callers()


def test_own_calls_tell(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        for place in range(380):
            visit(connection, business, f"early {place}")
            call(connection, business, f"early {place}", LEFT_AT - MINUTE)
        for place in range(95):
            visit(connection, business, f"late {place}")
            call(connection, business, f"late {place}", LEFT_AT + 100 * MINUTE)
        found = callers_of(connection, business.company_id, NOW)
    assert found.late_share == pytest.approx((95 + 4) / (475 + 20))
    assert found.late_minutes == pytest.approx((9_500 + 150) / 100)


def test_what_is_not_counted(engine: Engine) -> None:
    with writing(engine) as connection:
        business, other = open_business(connection), open_business(connection)
        visit(connection, other, "theirs")
        call(connection, other, "theirs", LEFT_AT + DAY)
        visit(connection, business, "spam")
        call(connection, business, "spam", LEFT_AT + DAY, is_spam=True)
        visit(connection, business, "old", NOW - 100 * DAY)
        call(connection, business, "old", NOW - 99 * DAY)
        assert callers_of(connection, business.company_id, NOW) == Callers()


def test_who_came_back_left_when_the_last_stay_ended(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        for left_at in (LEFT_AT - DAY, LEFT_AT, LEFT_AT + DAY):
            visit(connection, business, "s", left_at)
        call(connection, business, "s", LEFT_AT + 30 * MINUTE)
        assert callers_of(connection, business.company_id, NOW).late_minutes == pytest.approx(30)
