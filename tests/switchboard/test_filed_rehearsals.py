"""What trying sizes found is kept for each pool, once, and goes with it."""

from dataclasses import replace

from sqlalchemy import Engine

from swapboard.numbers.inventory import add_pool, remove_pool
from swapboard.numbers.rules import Overflow, Pool
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.filed_rehearsals import Filed, Rehearsed, file_rehearsal, filed_rehearsal
from tests.building import NOW, open_business, rows_of

FOUND = Filed(NOW, [Rehearsed(3, 120, 7, 20, 1, 0.95, 0.9), Rehearsed(6, 120, 0, 20, 0, None, None)])


def test_the_last_one_of_a_pool_is_kept_until_the_pool_goes(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        company, target = business.company_id, business.targets[0].target_id
        add_pool(connection, company, Pool("emptied", target, Overflow.ORIGINAL, None), "Emptied", NOW)
        file_rehearsal(connection, company, "emptied", replace(FOUND, asked_at=NOW - 1, results=[]))
        file_rehearsal(connection, company, "emptied", FOUND)
    with reading(engine) as connection:
        assert filed_rehearsal(connection, company, "emptied") == FOUND
        assert filed_rehearsal(connection, "another", "emptied") is None

    with writing(engine) as connection:
        remove_pool(connection, company, "emptied")
        file_rehearsal(connection, company, "emptied", FOUND)
    assert rows_of(engine, "pool_rehearsals") == []
