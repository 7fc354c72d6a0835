"""Whatever changes of what destinations were told, its day was noted, in the same transaction."""

from collections import defaultdict
from random import Random

import pytest
from sqlalchemy import Connection, Engine, func, select

from swapboard.clock import DAY, Millis
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import conversions, deliveries, told_days
from tests.conversions.random_outbox import RandomOutbox
from tests.conversions.test_taken import an_outbox


@pytest.mark.parametrize("seed", range(3))
def test_a_day_noted_as_often_as_before_is_what_it_was(engine: Engine, seed: int) -> None:
    with writing(engine) as connection:
        outbox = an_outbox(connection, Random(seed), "a", "b")
        noted, days = _noted(connection, outbox), _days(connection, outbox)
    changed = 0
    for _step in range(150):
        with writing(engine) as connection:
            outbox.step(connection)
        with reading(engine) as connection:
            noted_now, days_now = _noted(connection, outbox), _days(connection, outbox)
        others = {day for day in days.keys() | days_now.keys() if days.get(day) != days_now.get(day)}
        assert all(noted_now.get(day, 0) > noted.get(day, 0) for day in others)
        changed += len(others)
        noted, days = noted_now, days_now
    assert changed > 100
    assert outbox.happened >= {"_say", "_deliver", "_answer", "_again", "_replay", "_forget", "_announce"}


def test_a_transaction_notes_a_day_once(engine: Engine) -> None:
    with writing(engine) as connection:
        outbox = an_outbox(connection, Random(1), "a")
    with writing(engine) as connection:
        for _step in range(20):
            outbox.step(connection)
    with reading(engine) as connection:
        assert set(_noted(connection, outbox).values()) == {1}


def _noted(connection: Connection, outbox: RandomOutbox) -> dict[Millis, int]:
    of_day = select(told_days.c.day_at, func.sum(told_days.c.changes)).group_by(told_days.c.day_at)
    rows = connection.execute(of_day.where(told_days.c.company_id == outbox.company_id))
    return {day_at: int(changes) for day_at, changes in rows}


def _days(connection: Connection, outbox: RandomOutbox) -> dict[Millis, set[tuple[object, ...]]]:
    """All that a report asks of what was said on each day."""
    found = defaultdict[Millis, set[tuple[object, ...]]](set)
    about = "destination_id", "kind", "contact_id", "said_at"
    for table, more in (
        (deliveries, ("delivery_id", "state")),
        (conversions, ("counts", "taken", "value_cents")),
    ):
        query = select(*(table.c[name] for name in (*about, *more)))
        for row in connection.execute(query.where(table.c.company_id == outbox.company_id)):
            found[row.said_at // DAY * DAY].add((table.name, *row))
    return dict(found)
