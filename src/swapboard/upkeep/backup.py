"""`swapboard backup`: everything that an installation is, in one file, while it runs."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from swapboard import __version__
from swapboard.clock import SECOND, Millis
from swapboard.settings import Settings
from swapboard.storage.migrate import known_revisions, present_revision, tables_in
from swapboard.storage.no_room import says_no_room
from swapboard.upkeep import postgresql_programs, sqlite_files
from swapboard.upkeep.archive import FORMAT, EngineName, Manifest, describe, pack
from swapboard.upkeep.database_address import engine_of, sqlite_file
from swapboard.upkeep.postgresql_programs import address_without_password
from swapboard.upkeep.work_folder import work_folder


class CannotBackUp(Exception):
    """There is nothing to back up, or it cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is on disk."""

    file: Path
    manifest: Manifest
    sounds: int
    """How many files of recordings are in it."""


def back_up(settings: Settings, target: Path, environment: Mapping[str, str], now: Millis) -> Made:
    """Write the archive. Raises CannotBackUp and OSError."""
    engine, revision = _state(settings)
    with work_folder(target.absolute().parent, ".swapboard-backup-") as folder:
        # The spool before the database: what moves over in between is in both, and told twice is told once.
        files = [_copied(path, folder) for path in settings.kept_files if path.exists()]
        files.append(_database(settings, engine, folder))
        manifest = Manifest(
            format=FORMAT,
            swapboard=__version__,
            made_at=datetime.fromtimestamp(now / SECOND, UTC).isoformat(timespec="seconds"),
            engine=engine,
            revision=revision,
            settings=_settings(environment),
            members={path.name: describe(path) for path in files},
            has_sounds=True,
        )
        # After the database: one that is deleted in between is deleted, and one that comes is fetched again.
        packed = folder / "backup.tar.gz"
        sounds = pack(packed, manifest, files, _sounds(settings.recordings_dir))
        packed.replace(target)
    return Made(target, manifest, sounds)


def _state(settings: Settings) -> tuple[EngineName, str]:
    engine = engine_of(settings.database_url)
    if engine == "sqlite" and not sqlite_file(settings.database_url).exists():
        raise CannotBackUp(
            f"There is no database in {settings.data_dir}. Set SWAPBOARD_DATA_DIR to your installation's folder."
        )
    try:
        revision = present_revision(settings.database_url)
    except OperationalError as error:
        if says_no_room(error.orig):
            raise CannotBackUp(
                f"The database cannot be read ({error.orig}). Make room on its disk, then try again."
            ) from error
        raise CannotBackUp(
            f"The database does not answer ({error.orig}). Is SWAPBOARD_DATABASE_URL right?"
        ) from error
    except DatabaseError as error:
        raise CannotBackUp(f"The database cannot be read: {error.orig}. An older backup may help.") from error
    if revision is None:
        raise CannotBackUp("The database is empty: there is nothing to back up yet.")
    if engine == "postgresql" and revision not in known_revisions():
        # Only our own tables are copied there, and those of a newer version are unknown here.
        raise CannotBackUp(
            f"The database was made by a newer Swapboard than this one ({__version__}), which does not know "
            "all of its tables. Let that version make the backup."
        )
    return engine, revision


def _sounds(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every finished file, by its place in the folder."""
    for path in sorted(folder.glob("*/*.sbc")):
        yield path.relative_to(folder).as_posix(), path


def _copied(path: Path, folder: Path) -> Path:
    return Path(shutil.copyfile(path, folder / path.name))


def _database(settings: Settings, engine: EngineName, folder: Path) -> Path:
    try:
        if engine == "sqlite":
            copy = folder / sqlite_files.DATABASE
            sqlite_files.copy_out(sqlite_file(settings.database_url), copy)
        else:
            copy = folder / postgresql_programs.DATABASE
            postgresql_programs.dump(settings.database_url, tables_in(settings.database_url), copy)
    except (sqlite3.Error, postgresql_programs.ProgramFailed) as error:
        raise CannotBackUp(f"The database cannot be copied: {error}.") from error
    return copy


def _settings(environment: Mapping[str, str]) -> Mapping[str, str]:
    told = {name: value for name, value in sorted(environment.items()) if name.startswith("SWAPBOARD_")}
    if url := told.get("SWAPBOARD_DATABASE_URL"):
        told["SWAPBOARD_DATABASE_URL"] = _without_password(url)
    return told


def _without_password(url: str) -> str:
    try:
        return address_without_password(make_url(url))
    except ArgumentError:
        return ""


def free_name(folder: Path, now: Millis) -> Path:
    """A name for a backup of this moment."""
    at = datetime.fromtimestamp(now / SECOND, UTC)
    return folder / f"swapboard-{at:%Y%m%dT%H%M%SZ}.tar.gz"
