"""What a batch of work goes by is asked once, and never remembered beyond it."""

from sqlalchemy import Connection, Engine, text

from swapboard.storage.asked_once import asked_once, asking_once
from swapboard.storage.engine import writing

ASKED: list[str] = []


@asked_once
def name_of(connection: Connection, company_id: str) -> str:
    ASKED.append(company_id)
    return str(connection.execute(text("SELECT 'n'")).scalar_one())


def test_of_each_company_once_in_a_batch_and_anew_after_it(engine: Engine) -> None:
    ASKED.clear()
    with writing(engine) as connection:
        name_of(connection, "one")
        with asking_once():
            assert {name_of(connection, each) for each in ("one", "one", "two")} == {"n"}
        with asking_once():
            name_of(connection, "one")
        name_of(connection, "one")
    assert ASKED == ["one", "one", "two", "one", "one"]


def test_a_transaction_does_not_get_another_ones_answer(engine: Engine) -> None:
    ASKED.clear()
    with asking_once():
        for _ in range(2):
            with writing(engine) as connection:
                name_of(connection, "one")
    assert ASKED == ["one", "one"]
