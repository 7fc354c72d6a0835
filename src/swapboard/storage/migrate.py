"""Brings a database to the present schema (Alembic)."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from swapboard.storage.engine import open_engine, writing


def migrate(database_url: str, revision: str = "head") -> None:
    """Run what migrations are missing, in one transaction. Raises OperationalError when there is no database."""
    engine = open_engine(database_url)
    try:
        with as_file(files("swapboard.storage") / "migrations") as folder, writing(engine) as connection:
            config = Config()
            config.set_main_option("script_location", str(folder))
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    finally:
        engine.dispose()


def is_current(database_url: str) -> bool:
    """True when the database has the schema that this version of Swapboard needs."""
    engine = open_engine(database_url)
    try:
        with as_file(files("swapboard.storage") / "migrations") as folder, engine.connect() as connection:
            config = Config()
            config.set_main_option("script_location", str(folder))
            wanted = ScriptDirectory.from_config(config).get_current_head()
            return MigrationContext.configure(connection).get_current_revision() == wanted
    finally:
        engine.dispose()
