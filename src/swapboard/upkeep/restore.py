"""`swapboard restore`: an installation is again what it was when the backup was made."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import OperationalError

from swapboard import __version__
from swapboard.settings import Settings
from swapboard.storage.migrate import known_revisions, migrate, present_revision, tables_in
from swapboard.upkeep import postgresql_programs, sqlite_files
from swapboard.upkeep.archive import FORMAT, SOUNDS, BadArchive, Manifest, unpack
from swapboard.upkeep.database_address import engine_of, sqlite_file
from swapboard.upkeep.work_folder import work_folder

_PREFIX = ".swapboard-restore-"


class CannotRestore(Exception):
    """The backup does not fit, or would replace something; the message says what to do."""


def restore(settings: Settings, archive: Path, force: bool) -> Manifest:
    """Put everything back, then bring the database to this version. Raises CannotRestore and OSError."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    # In the data folder, so that files only change their names in the end.
    with work_folder(settings.data_dir, _PREFIX) as folder:
        try:
            manifest = unpack(archive, folder)
        except BadArchive as error:
            raise CannotRestore(f"{error}. Nothing was changed.") from error
        _check_fit(settings, manifest)
        _check_replaceable(settings)
        if not force:
            _check_empty(settings)
        # A backup from before sounds were in it leaves those that are here.
        if manifest.has_sounds:
            with _arrived(folder / SOUNDS, settings.recordings_dir) as sounds:
                _put_back(settings, manifest, folder)
                _replace_within(settings.recordings_dir, sounds)
        else:
            _put_back(settings, manifest, folder)
    migrate(settings.database_url)
    return manifest


def _check_fit(settings: Settings, manifest: Manifest) -> None:
    if manifest.format != FORMAT or manifest.revision not in known_revisions():
        raise CannotRestore(
            f"The backup was made by Swapboard {manifest.swapboard}, whose database this one "
            f"({__version__}) does not know. Install that version or a newer one, then restore."
        )
    engine = engine_of(settings.database_url)
    if manifest.engine != engine:
        raise CannotRestore(
            f"The backup is of {_NAMES[manifest.engine]}, but SWAPBOARD_DATABASE_URL names {_NAMES[engine]}. "
            "Set it to a database like the one that was backed up."
        )


_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def _check_empty(settings: Settings) -> None:
    if any(path.exists() for path in settings.kept_files) or _holds_data(settings):
        raise CannotRestore(
            f"{settings.data_dir} or its database holds a Swapboard already. Give --force to replace all of it by "
            "the backup; what is there now is lost then."
        )


def _check_replaceable(settings: Settings) -> None:
    """PostgreSQL's tables are dropped by name: a newer version's would stay, in the way of its migrations."""
    if engine_of(settings.database_url) == "postgresql":
        revision = _revision(settings)
        if revision is not None and revision not in known_revisions():
            raise CannotRestore(
                f"The database was made by a newer Swapboard than this one ({__version__}), which does not know "
                "all of its tables. Let SWAPBOARD_DATABASE_URL name an empty database, or empty this one first."
            )


def _holds_data(settings: Settings) -> bool:
    if engine_of(settings.database_url) == "sqlite" and not sqlite_file(settings.database_url).exists():
        return False
    return _revision(settings) is not None


def _revision(settings: Settings) -> str | None:
    try:
        return present_revision(settings.database_url)
    except OperationalError as error:
        raise CannotRestore(
            f"The database does not answer ({error.orig}). Is SWAPBOARD_DATABASE_URL right?"
        ) from error


def _put_back(settings: Settings, manifest: Manifest, folder: Path) -> None:
    try:
        if manifest.engine == "sqlite":
            database = sqlite_file(settings.database_url)
            database.parent.mkdir(parents=True, exist_ok=True)
            sqlite_files.put_in_place(folder / sqlite_files.DATABASE, database)
        else:
            replaced = tables_in(settings.database_url)
            postgresql_programs.load(settings.database_url, replaced, folder / postgresql_programs.DATABASE)
    except sqlite_files.InUse as error:
        raise CannotRestore("The database is in use: stop the server first. Nothing was changed.") from error
    except (sqlite3.Error, postgresql_programs.ProgramFailed) as error:
        raise CannotRestore(f"The database cannot be put back: {error}. Nothing was changed.") from error
    except OSError as error:
        raise CannotRestore(f"The database cannot be put back: {error.strerror}. Nothing was changed.") from error
    for path in settings.kept_files:
        if path.name in manifest.members:
            (folder / path.name).chmod(0o600)
            (folder / path.name).replace(path)
        else:
            # What waits there belongs to the database that was replaced.
            path.unlink(missing_ok=True)


@contextmanager
def _arrived(sounds: Path, recordings: Path) -> Iterator[Path]:
    """The sounds on the disk of the recordings, before anything is replaced: there may be no room for them."""
    recordings.mkdir(parents=True, exist_ok=True)
    with work_folder(recordings, _PREFIX) as arrived:
        try:
            for each in list(sounds.glob("*/*")):
                place = arrived / each.relative_to(sounds)
                place.parent.mkdir(exist_ok=True)
                shutil.move(each, place)
        except OSError as error:
            raise CannotRestore(
                f"The recordings cannot be put into {recordings}: {error.strerror}. Nothing was changed."
            ) from error
        yield arrived


def _replace_within(folder: Path, by: Path) -> None:
    """What is in the folder, and not it: it may be a disk of its own, or a link to one. Raises OSError."""
    for each in list(folder.iterdir()):
        if each == by:
            continue
        if each.is_dir() and not each.is_symlink():
            # What a disk keeps at its top for itself stays.
            shutil.rmtree(each, ignore_errors=True)
        else:
            each.unlink()
    for each in list(by.iterdir()):
        shutil.copytree(each, folder / each.name, copy_function=shutil.move, dirs_exist_ok=True)
