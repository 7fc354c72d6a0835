"""An SQLite database as one file: copied while it is in use, and put back when it is not."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

DATABASE = "database.sqlite"
_BESIDE = ("-wal", "-shm", "-journal")
_PATIENCE_SECONDS = 10


class InUse(Exception):
    """Another program has the database open."""


def copy_out(database: Path, copy: Path) -> None:
    """One state of the database, by SQLite's own backup; nobody has to wait. Raises sqlite3.Error."""
    with closing(_connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        # All pages at once: piece by piece, the copy would begin anew at each write of a busy server.
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        check(target)


def check(connection: sqlite3.Connection) -> None:
    """Raises sqlite3.DatabaseError when the file is damaged."""
    [found] = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(f"the database is damaged: {found}")


def put_in_place(copy: Path, database: Path) -> None:
    """Let the copy be the database, in place of what is there. Raises InUse, OSError and sqlite3.Error."""
    with closing(sqlite3.connect(copy)) as connection:
        check(connection)
    # From another disk a change of its name alone does not bring it here, and there may be no room for it.
    arrived = database.with_name(f"{database.name}.restored")
    try:
        shutil.move(copy, arrived)
        arrived.chmod(0o600)
        if database.exists():
            _close(database)
        for ending in _BESIDE:
            database.with_name(database.name + ending).unlink(missing_ok=True)
        arrived.replace(database)
    finally:
        arrived.unlink(missing_ok=True)


def _close(database: Path) -> None:
    """Make the old file whole, which SQLite does only for the last who has it open."""
    with closing(_connect(database)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            raise InUse(str(error)) from error
        except sqlite3.DatabaseError:
            # It is damaged, which may be why it is replaced.
            return


def _connect(database: Path) -> sqlite3.Connection:
    # Not created when it is missing.
    return sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE_SECONDS)
