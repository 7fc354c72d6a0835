"""The visits that a pool's weekly rhythm is made of, on both engines."""

import pytest
from sqlalchemy import Engine, insert, select

from swapboard.clock import DAY, HOUR, MINUTE
from swapboard.numbers.arrivals import REACH, rhythm_now
from swapboard.numbers.rhythm import WEEKS
from swapboard.storage.engine import reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import leases, numbers
from tests.building import NOW, open_business

THIS_HOUR = NOW - NOW % HOUR
A_WEEK = 7 * DAY


@pytest.mark.parametrize("minutes", [0, 30])
def test_the_oldest_hour_is_counted_whole(engine: Engine, minutes: int) -> None:
    """However late in the hour it is asked: half an hour would look like one with half the visits."""
    with writing(engine) as connection:
        business = open_business(connection)
        pool_id = business.pools[0].pool_id
        of_pool = select(numbers.c.number_id).where(numbers.c.pool_id == pool_id).limit(1)
        number_id = connection.execute(of_pool).scalar_one()
        moments = [
            THIS_HOUR - REACH + week * A_WEEK + minute * MINUTE
            for week in range(WEEKS)
            for minute in range(0, 60, 2)
        ]
        rows = [
            {
                "company_id": business.company_id,
                "session_id": new_id(at),
                "target_id": business.targets[0].target_id,
                "from_at": at,
                "number_id": number_id,
                "pool_id": pool_id,
                "state": "ended",
                "until_at": at + MINUTE,
                "expires_at": at + 2 * MINUTE,
            }
            for at in moments
        ]
        connection.execute(insert(leases), rows)
    with reading(engine) as connection:
        found = rhythm_now(connection, business.company_id, pool_id, THIS_HOUR + minutes * MINUTE)
    assert found is not None
    assert max(found.visits) == 30
