"""What is compiled for one server is taken by the next of the same kind of database, and by no other."""

from pathlib import Path

from sqlalchemy import Engine, func, select

from swapboard.storage.engine import open_engine
from swapboard.storage.schema import companies
from tests.databases import Emptied
from tests.statements import Compiled

ASKED = select(func.count()).select_from(companies).where(companies.c.company_id == "x")


def compiled_for(engine: Engine) -> object:
    with engine.connect() as connection:
        compiled: object = connection.execute(ASKED).context.compiled
    engine.dispose()
    return compiled


def test_a_second_server_compiles_nothing_again(migrated_url: str) -> None:
    assert compiled_for(open_engine(migrated_url)) is compiled_for(open_engine(migrated_url))


def test_each_kind_of_database_has_its_own(shared_postgresql: Emptied, sqlite_url: str) -> None:
    assert compiled_for(open_engine(shared_postgresql.again())) is not compiled_for(open_engine(sqlite_url))


def test_it_does_not_grow_for_ever(tmp_path: Path) -> None:
    dialect, kept = open_engine(f"sqlite:///{tmp_path}/x.db").dialect, Compiled()
    for number in range(4000):
        kept[dialect, number] = number
        assert kept.get((dialect, number)) == number
    assert len(kept) < 4000
