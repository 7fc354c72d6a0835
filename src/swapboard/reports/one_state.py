"""What a transaction that only reads asks once: it sees one state of the database, so answers stay the same."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, text

from swapboard.storage.engine import only_reads

Answer = TypeVar("Answer")
_ANSWERS: WeakKeyDictionary[Connection, dict[Hashable, Any]] = WeakKeyDictionary()
_DATABASE = text(
    "SELECT pg_postmaster_start_time(), pg_relation_filenode('calls'), pg_relation_filenode('leads'),"
    " pg_relation_filenode('visit_days'), pg_relation_filenode('cost_changes'), pg_relation_filenode('told_days')"
).execution_options(across_companies="it asks of no row")


def once(connection: Connection, question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """What `ask` finds, or what it found under this question before in the same transaction."""
    if not only_reads(connection):
        return ask()
    answers = _ANSWERS.setdefault(connection, {})
    if question not in answers:
        answers[question] = ask()
    answer: Answer = answers[question]
    return answer


def database(connection: Connection) -> Hashable:
    """Which database it is: another one once PostgreSQL was started with other files, or its tables are new.

    After a database was restored, what rows say of their changes may be the same again, and the rows others.
    SQLite's file is replaced while no server runs.
    """
    if connection.dialect.name != "postgresql":
        return None
    return once(connection, "database", lambda: tuple(connection.execute(_DATABASE).one()))
