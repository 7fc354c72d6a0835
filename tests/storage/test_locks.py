"""One process at a time hands out a company's numbers."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, create_engine, text

from swapboard.accounts.store import touch_config
from swapboard.storage.engine import writing
from swapboard.storage.locks import hold_company
from tests.building import ON_POSTGRESQL, open_business, run, until


def test_it_tells_the_configuration_version(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        first = hold_company(connection, business.company_id).config_version
        touch_config(connection, business.company_id)
        assert hold_company(connection, business.company_id).config_version == first + 1


def test_a_company_that_is_not_there_is_an_error(engine: Engine) -> None:
    with writing(engine) as connection, pytest.raises(LookupError):
        hold_company(connection, "nobody")


@ON_POSTGRESQL
def test_the_second_waits_and_then_sees_what_the_first_did(engine: Engine) -> None:
    with writing(engine) as connection:
        business, other = open_business(connection), open_business(connection)
        first = hold_company(connection, business.company_id).config_version

    def hold(company_id: str) -> int:
        with writing(engine) as connection:
            return hold_company(connection, company_id).config_version

    with ThreadPoolExecutor(1) as thread:
        with writing(engine) as connection:
            hold_company(connection, business.company_id)
            assert thread.submit(hold, other.company_id).result(20) == first
            second = thread.submit(hold, business.company_id)
            run(until(lambda: someone_waits(engine)))
            assert not second.done()
            touch_config(connection, business.company_id)
        assert second.result(20) == first + 1


def someone_waits(engine: Engine) -> bool:
    onlooker = create_engine(engine.url)
    with onlooker.connect() as connection:
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        count: int = connection.execute(waiting).scalar_one()
    onlooker.dispose()
    return count > 0
