"""No two pools of one name, whoever asks at once; another company's are its own."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from swapboard.numbers.inventory import add_pool, is_pool_name_taken
from swapboard.numbers.rules import Overflow, Pool
from swapboard.storage.engine import writing
from swapboard.storage.ids import new_id
from tests.building import NOW, ON_POSTGRESQL, open_business, run, until
from tests.storage.test_locks import someone_waits

NAME = "People of the north"


@ON_POSTGRESQL
def test_of_two_that_take_a_name_at_once_the_second_finds_the_first(engine: Engine) -> None:
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)

    def is_taken(company_id: str) -> bool:
        with writing(engine) as connection:
            return is_pool_name_taken(connection, company_id, NAME)

    with ThreadPoolExecutor(1) as thread:
        with writing(engine) as connection:
            assert not is_pool_name_taken(connection, business.company_id, NAME)
            second = thread.submit(is_taken, business.company_id)
            run(until(lambda: someone_waits(engine)))
            pool = Pool(new_id(NOW), business.targets[0].target_id, Overflow.ORIGINAL)
            add_pool(connection, business.company_id, pool, NAME, NOW)
        assert second.result(20)
    assert not is_taken(stranger.company_id)
