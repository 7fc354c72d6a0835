"""The doctor's look at this machine: folder, key, disk, speech model, database, schema, clock."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError, OperationalError

from swapboard.accounts.secrets import Vault
from swapboard.accounts.store import config_versions
from swapboard.clock import SECOND, Millis
from swapboard.recordings.whisper import trouble_with
from swapboard.setting_values import SettingsError
from swapboard.settings import Settings
from swapboard.storage.engine import open_engine, reading
from swapboard.storage.migrate import is_current, known_revisions, present_revision
from swapboard.storage.no_room import says_no_room
from swapboard.upkeep.database_address import engine_of, sqlite_file
from swapboard.upkeep.sqlite_files import check
from swapboard.upkeep.verdict import (
    OLDEST_POSTGRESQL,
    State,
    Verdict,
    of_clock,
    of_disk,
    ok,
    problem,
    warning,
)
from swapboard.visits.store import latest_visit_at


def look_at_house(settings: Settings, now: Millis) -> Iterator[Verdict]:
    """Everything of this machine; when something is missing, what needs it is not looked at."""
    if not settings.data_dir.is_dir():
        yield problem(
            "data folder",
            f"{settings.data_dir} is not there",
            "Set SWAPBOARD_DATA_DIR to your installation's folder, or start the server once to make it.",
        )
        return
    yield _folder(settings)
    yield _key(settings)
    yield of_disk(shutil.disk_usage(settings.data_dir).free, str(settings.data_dir))
    if settings.spool_file.exists() and settings.spool_file.stat().st_size:
        yield _spool(settings)
    if settings.transcribe_model:
        yield _speech(settings.transcribe_model)
    yield from _database(settings, now)


def _folder(settings: Settings) -> Verdict:
    if os.access(settings.data_dir, os.W_OK | os.X_OK):
        return ok("data folder", str(settings.data_dir))
    return problem(
        "data folder",
        f"{settings.data_dir} cannot be written by this user",
        "Give it to the user that runs the server: `chown -R`.",
    )


def _key(settings: Settings) -> Verdict:
    path = settings.secret_file
    if not path.exists():
        return problem(
            "secret key",
            f"{path} is not there: no carrier's credentials can be read",
            "Put it back from a backup. On a new installation, the server makes it when it starts.",
        )
    try:
        Vault.open(path)
    except SettingsError as error:
        return problem("secret key", f"{path} holds no key", str(error))
    except OSError as error:
        return problem(
            "secret key",
            f"{path} cannot be read: {error.strerror}",
            "Give it to the user that runs the server: `chown`.",
        )
    if path.stat().st_mode & 0o077:
        return warning("secret key", f"others may read {path}", f"Run `chmod 600 {path}`.")
    return ok("secret key", "readable by its owner only")


def _spool(settings: Settings) -> Verdict:
    return warning(
        "waiting events",
        f"{settings.spool_file} holds events of calls that the database has not taken yet",
        "They are taken when the database answers and the server runs; if they stay, read the server's log.",
    )


def _speech(model: Path) -> Verdict:
    if trouble := trouble_with(model):
        return problem(
            "speech model", trouble, "Look at SWAPBOARD_TRANSCRIBE_MODEL. Until then, no call is written down."
        )
    return ok("speech model", str(model))


def _database(settings: Settings, now: Millis) -> Iterator[Verdict]:
    if engine_of(settings.database_url) == "sqlite":
        database = sqlite_file(settings.database_url)
        if not database.exists():
            yield problem("database", f"{database} is not there", "Start the server once, or restore a backup.")
            return
        verdict = _sqlite(settings)
        yield verdict
        if verdict.state is State.PROBLEM:
            return
    engine = open_engine(settings.database_url)
    try:
        yield from _answers(engine, settings, now)
    except OperationalError as error:
        yield problem(
            "database",
            f"does not answer: {error.orig}",
            "Is it running, and is SWAPBOARD_DATABASE_URL right? Until it answers, calls go on and visits see "
            "the page's own number.",
        )
    except DatabaseError as error:
        yield problem("database", str(error.orig), "Restore a backup: `swapboard restore FILE --force`.")
    finally:
        engine.dispose()


def _sqlite(settings: Settings) -> Verdict:
    database = sqlite_file(settings.database_url)
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            check(connection)
    except sqlite3.OperationalError as error:
        # It may be as sound as ever: a backup would only lose what came since.
        what_to_do = "May this user read and write it, and beside it? Does another program hold it?"
        if says_no_room(error):
            what_to_do = "Make room on its disk. If there is room, the disk itself may be broken."
        return problem("database", f"{database} cannot be read: {error}", what_to_do)
    except sqlite3.Error as error:
        return problem("database", str(error), "Restore a backup: `swapboard restore FILE --force`.")
    if database.stat().st_mode & 0o007 and database.absolute().parent.stat().st_mode & 0o001:
        says = f"every account of this machine may read {database}, and callers' numbers in it"
        return warning("database", says, f"Run `chmod o-rwx {database}*`.")
    return ok("database", f"SQLite, {database.stat().st_size / 1e6:,.1f} MB, sound")


def _answers(engine: Engine, settings: Settings, now: Millis) -> Iterator[Verdict]:
    if engine.dialect.name == "postgresql":
        yield from _postgresql(engine, now)
    if present_revision(settings.database_url) not in {None, *known_revisions()}:
        yield problem("schema", "is a newer Swapboard's", "Install that version, or restore a backup.")
        return
    if not is_current(settings.database_url):
        yield problem("schema", "is another version's", "Run `swapboard migrate` (make a backup first).")
        return
    yield ok("schema", "is this version's")
    with reading(engine) as connection:
        visits = [latest_visit_at(connection, company_id) for company_id in config_versions(connection)]
    latest = max((each for each in visits if each), default=None)
    if latest and latest > now:
        yield of_clock(now, latest, "the latest visit")


def _postgresql(engine: Engine, now: Millis) -> Iterator[Verdict]:
    with engine.connect() as connection:
        version = connection.execute(text("SHOW server_version_num")).scalar_one()
        at = connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one()
    major = int(version) // 10_000
    if major < OLDEST_POSTGRESQL:
        what_to_do = f"Move to PostgreSQL {OLDEST_POSTGRESQL} or newer."
        yield problem("database", f"PostgreSQL {major} is too old", what_to_do)
    else:
        yield ok("database", f"PostgreSQL {major}")
    yield of_clock(now, round(float(at) * SECOND), "the database")
