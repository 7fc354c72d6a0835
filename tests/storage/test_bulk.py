"""Bulk writes: every row once, whatever their number, and a count that can be relied on."""

import pytest
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, literal_column
from sqlalchemy.exc import IntegrityError

from swapboard.storage.bulk import BulkInsert, BulkInsertAndUpdate, BulkUpdate, Known, json_text
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import Json

THINGS = Table(
    "things",
    MetaData(),
    Column("company_id", String(10), primary_key=True),
    Column("thing_id", Integer, primary_key=True),
    Column("word", String(100)),
    Column("facts", Json),
)
COUNTED = Table(
    "counted_things",
    MetaData(),
    Column("company_id", String(10), primary_key=True),
    Column("thing_id", Integer, primary_key=True),
    Column("word", String(100)),
    Column("changes", Integer, server_default="0", onupdate=literal_column("counted_things.changes + 1")),
)
ADD = BulkInsert(THINGS)
SIZES = [0, 1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 100, 149, 200]


@pytest.fixture
def things(engine: Engine) -> Engine:
    THINGS.metadata.create_all(engine)
    return engine


def everything(engine: Engine) -> list[tuple[object, ...]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(THINGS.select().order_by(THINGS.c.thing_id))]


def add(connection: Connection, count: int) -> None:
    ADD.run(connection, [("c", index, None, json_text({"n": index})) for index in range(count)])


def test_any_number_of_rows_is_inserted(things: Engine) -> None:
    for size in SIZES:
        with writing(things) as connection:
            add(connection, size)
        assert everything(things) == [("c", index, None, {"n": index}) for index in range(size)]
        with writing(things) as connection:
            connection.execute(THINGS.delete())


def test_any_number_of_rows_is_updated_and_only_those_changed_are_counted(things: Engine) -> None:
    set_word = BulkUpdate(THINGS, ["word"], ["company_id", "thing_id"], "things.word IS NULL")
    for size in SIZES:
        with writing(things) as connection:
            add(connection, size)
            asked = [(f"w{index}", "c", index) for index in range(size)]
            assert set_word.run(connection, asked[::2]) == len(asked[::2])
            assert set_word.run(connection, [*asked, ("no", "c", 999), ("no", "d", 1)]) == len(asked[1::2])
        assert [row[2] for row in everything(things)] == [f"w{index}" for index in range(size)]
        with writing(things) as connection:
            connection.execute(THINGS.delete())


def test_a_column_of_each_row_that_was_changed_is_told(things: Engine) -> None:
    set_word = BulkUpdate(THINGS, ["word"], ["company_id", "thing_id"])
    for size in SIZES:
        with writing(things) as connection:
            add(connection, size)
            asked = [(f"w{index}", "c", index) for index in range(size)]
            told = set_word.run_returning(connection, "thing_id", [*asked, ("no", "c", 999)])
            assert sorted(told) == list(range(size))
        assert [row[2] for row in everything(things)] == [f"w{index}" for index in range(size)]
        with writing(things) as connection:
            connection.execute(THINGS.delete())


@pytest.mark.parametrize(("known", "word"), [(Known.LEFT, "old"), (Known.REPLACED, "new")])
def test_a_known_row_is_left_or_replaced(things: Engine, known: Known, word: str) -> None:
    with writing(things) as connection:
        ADD.run(connection, [("c", 1, "old", json_text({"n": 1}))])
        rows = [("c", 1, "new", json_text({"n": 2})), ("c", 2, "new", json_text({"n": 2}))]
        BulkInsert(THINGS, known).run(connection, rows)
    assert [row[2] for row in everything(things)] == [word, "new"]


def test_a_known_row_is_refused_unless_something_else_was_said(things: Engine) -> None:
    with writing(things) as connection:
        add(connection, 1)
    with pytest.raises(IntegrityError), writing(things) as connection:
        add(connection, 1)


def test_null_takes_the_place_of_a_value(things: Engine) -> None:
    with writing(things) as connection:
        ADD.run(connection, [("c", 1, "word", "{}"), ("c", 2, "word", "{}")])
        changed = BulkUpdate(THINGS, ["word", "facts"], ["company_id", "thing_id"]).run(
            connection, [(None, "null", "c", 1), ("other", json_text([1, None, "ü"]), "c", 2)]
        )
    assert changed == 2
    assert everything(things) == [("c", 1, None, None), ("c", 2, "other", [1, None, "ü"])]


def test_what_people_write_stays_what_it_is(things: Engine) -> None:
    word = "Robert'); DROP TABLE things;-- %s ? :x <b>ü</b>"
    with writing(things) as connection:
        ADD.run(connection, [("c", 1, word, json_text({word: word}))])
    assert everything(things) == [("c", 1, word, {word: word})]


def test_a_row_that_is_there_already_is_an_error(things: Engine) -> None:
    with pytest.raises(IntegrityError), writing(things) as connection:
        ADD.run(connection, [("c", 1, None, "null"), ("c", 2, None, "null"), ("c", 1, None, "null")])
    assert everything(things) == []


def test_a_column_that_is_not_there_is_found_out_at_once() -> None:
    with pytest.raises(KeyError):
        BulkUpdate(THINGS, ["wrod"], ["company_id"])


def test_an_insert_and_its_update_are_both_done_and_the_update_is_counted(things: Engine) -> None:
    both = BulkInsertAndUpdate(
        ADD, BulkUpdate(THINGS, ["word"], ["company_id", "thing_id"], "things.word IS NULL")
    )
    with writing(things) as connection:
        add(connection, 3)
        assert both.run(connection, [("c", 3, "new", "{}")], [("a", "c", 0), ("b", "c", 1), ("x", "c", 99)]) == 2
        assert both.run(connection, [("c", 4, "new", "{}")], [("late", "c", 0)]) == 0
        assert both.run(connection, [("c", 5, "new", "{}")], []) == 0
        assert both.run(connection, [], [("c", "c", 2)]) == 1
    assert [row[2] for row in everything(things)] == ["a", "b", "c", "new", "new", "new"]
    with pytest.raises(IntegrityError), writing(things) as connection:
        both.run(connection, [("c", 5, "again", "{}")], [("again", "c", 0)])
    assert everything(things)[0][2] == "a"


def test_what_grows_with_each_update_does_so_here_too(engine: Engine) -> None:
    COUNTED.metadata.create_all(engine)
    set_word = BulkUpdate(COUNTED, ["word"], ["company_id", "thing_id"])
    with writing(engine) as connection:
        connection.execute(COUNTED.insert(), [{"company_id": "c", "thing_id": index} for index in range(3)])
        set_word.run(connection, [("one", "c", 0), ("one", "c", 1)])
        connection.execute(COUNTED.update().where(COUNTED.c.thing_id == 1).values(word="two"))
        changes = COUNTED.select().order_by(COUNTED.c.thing_id)
        assert [row.changes for row in connection.execute(changes)] == [1, 2, 0]
