"""What is gathered is written once, by whoever commits, and by nobody else."""

import pytest
from sqlalchemy import Connection, Engine

from swapboard.storage.before_commit import gather
from swapboard.storage.engine import reading, writing


class _Book:
    def __init__(self) -> None:
        self.written: list[set[int]] = []

    def write(self, _connection: Connection, things: set[int]) -> None:
        self.written.append(things)


def test_all_is_written_together_and_last(engine: Engine) -> None:
    book = _Book()
    with writing(engine) as connection:
        gather(connection, book.write, [1, 2])
        gather(connection, book.write, [2, 3])
        assert book.written == []
    assert book.written == [{1, 2, 3}]


def test_what_fails_writes_nothing_nor_does_who_writes_next(engine: Engine) -> None:
    book = _Book()
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        _fail(connection, book)
    with writing(engine) as connection:
        gather(connection, book.write, [2])
    assert book.written == [{2}]


def test_where_nobody_says_when_it_ends_all_is_written_at_once(engine: Engine) -> None:
    book = _Book()
    with reading(engine) as connection:
        gather(connection, book.write, [1])
        assert book.written == [{1}]


def _fail(connection: Connection, book: _Book) -> None:
    gather(connection, book.write, [1])
    raise ZeroDivisionError
