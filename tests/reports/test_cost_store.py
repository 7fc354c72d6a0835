"""Costs that two tell of at once are counted once."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy import Engine

from swapboard.reports.cost_store import Put, costs_between, put_costs
from swapboard.reports.costs import CostLine
from swapboard.storage.engine import reading, writing
from tests.building import ON_POSTGRESQL, open_business
from tests.databases import is_waited_for
from tests.patience import HANGS_AFTER_SECONDS

FIRST, LAST = date(2026, 11, 22), date(2026, 11, 23)
NOW = 1_795_000_000_000
FEED = "google_ads"


def test_a_line_of_a_day_that_was_not_told_takes_no_place_there(engine: Engine) -> None:
    asked, other = date(2026, 11, 23), date(2026, 11, 24)
    with writing(engine) as connection:
        company_id = open_business(connection).company_id
        put_costs(connection, company_id, FEED, [CostLine(other, 1_000_000, "USD")], NOW)
        lines = [CostLine(other, 2_000_000, "USD"), CostLine(asked, 3_000_000, "USD")]
        for _twice in range(2):
            assert put_costs(connection, company_id, FEED, lines, NOW, (asked, asked)).lines == 1
        kept = costs_between(connection, company_id, asked, other)
    assert [(each.line.day, each.line.micros) for each in kept] == [(asked, 3_000_000), (other, 1_000_000)]


@ON_POSTGRESQL
def test_who_tells_of_a_day_that_another_tells_of_at_this_moment_has_the_last_word(engine: Engine) -> None:
    with writing(engine) as connection:
        company_id = open_business(connection).company_id

    def put(*days: date) -> Put:
        with writing(engine) as connection:
            return put_costs(connection, company_id, FEED, [CostLine(day, 1_000_000, "USD") for day in days], NOW)

    put(FIRST)
    with ThreadPoolExecutor(1) as threads:
        with writing(engine) as connection:
            both = [CostLine(day, 2_000_000, "USD") for day in (FIRST, LAST)]
            put_costs(connection, company_id, FEED, both, NOW)
            other = threads.submit(put, LAST)
            while not (other.done() or is_waited_for(engine)):
                time.sleep(0.01)
        assert other.result(timeout=HANGS_AFTER_SECONDS).replaced == 1
    with reading(engine) as connection:
        kept = costs_between(connection, company_id, FIRST, LAST)
    assert [(each.line.day, each.line.micros) for each in kept] == [(FIRST, 2_000_000), (LAST, 1_000_000)]
