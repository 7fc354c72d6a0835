"""An insert that may meet a row that is there already, in the words of the database that is asked."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """To go on with `on_conflict_do_nothing` or `on_conflict_do_update`, which SQL's own INSERT does not have."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
