"""Brings a database to the present schema (Alembic)."""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, make_url

from swapboard.storage.commit import carry_out
from swapboard.storage.engine import open_engine
from swapboard.storage.schema import metadata

log = logging.getLogger(__name__)


def migrate(database_url: str, revision: str = "head") -> None:
    """Run what migrations are missing, in one transaction. Raises OperationalError when there is no database."""
    _keep_to_owner(database_url)
    engine = open_engine(database_url)
    try:
        with _config() as config:
            # Servers of the version before may be at work meanwhile, and lock tables in another order.
            carry_out(engine, _upgrade, config, revision)
    finally:
        engine.dispose()


def _keep_to_owner(database_url: str) -> None:
    """SQLite would make a file that everybody on the machine may read, and what it writes beside it likewise."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        # Where it cannot be made, SQLite says why.
        with suppress(OSError):
            os.close(os.open(url.database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _upgrade(connection: Connection, config: Config, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        # What a door must answer in is no measure for years of calls.
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    config.attributes["connection"] = connection
    before, began = _revision_of(connection), time.monotonic()
    # The first is the one that it has.
    steps = len(list(ScriptDirectory.from_config(config).walk_revisions(before, revision))) - 1 if before else 0
    if steps:
        log.info("bringing the database from schema %s up to date, in steps: %d", before, steps)
    command.upgrade(config, revision)
    now = _revision_of(connection)
    if not before:
        log.info("made the tables of an empty database, schema %s", now)
    elif steps:
        log.info("the database has schema %s now, after %d seconds", now, time.monotonic() - began)


def _revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def is_current(database_url: str) -> bool:
    """True when the database has the schema that this version of Swapboard needs."""
    with _config() as config:
        return present_revision(database_url) == ScriptDirectory.from_config(config).get_current_head()


def present_revision(database_url: str) -> str | None:
    """The last migration that the database had; None while it had none."""
    engine = open_engine(database_url)
    try:
        with engine.connect() as connection:
            return _revision_of(connection)
    finally:
        engine.dispose()


def known_revisions() -> frozenset[str]:
    """Every migration of this version of Swapboard."""
    with _config() as config:
        return frozenset(each.revision for each in ScriptDirectory.from_config(config).walk_revisions())


def tables_in(database_url: str) -> frozenset[str]:
    """The tables that are there and ours; others may share a PostgreSQL database with us."""
    engine = open_engine(database_url)
    try:
        return frozenset(inspect(engine).get_table_names()) & {*metadata.tables, "alembic_version"}
    finally:
        engine.dispose()


@contextmanager
def _config() -> Iterator[Config]:
    with as_file(files("swapboard.storage") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        yield config
