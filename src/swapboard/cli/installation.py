"""What most commands need before they can work: the data folder, and a database with this version's schema."""

import os

from alembic.util import CommandError
from sqlalchemy.exc import DatabaseError, OperationalError

from swapboard.cli.problems import Problem
from swapboard.settings import Settings
from swapboard.storage import migrate as migration
from swapboard.storage.no_room import says_no_room


def make_folder(settings: Settings) -> None:
    """Make the data folder if it is not there. Raises Problem when it cannot be used."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        reason = None if os.access(folder, os.W_OK | os.X_OK) else "this user may not write in it"
    except OSError as error:
        reason = error.strerror
    if reason:
        raise Problem(
            f"The data folder {folder} cannot be used: {reason}. Set SWAPBOARD_DATA_DIR to one that can."
        )


def bring_up_to_date(settings: Settings) -> None:
    """Make the data folder, and bring the database to this version's schema. Raises Problem."""
    make_folder(settings)
    try:
        upgrade(settings)
    except DatabaseError as error:
        raise Problem(trouble(error)) from error


def upgrade(settings: Settings) -> None:
    """Bring the database to this version's schema. Raises DatabaseError, and Problem for a newer one's."""
    try:
        migration.migrate(settings.database_url)
    except CommandError as error:
        raise Problem(
            f"The database was made by a newer Swapboard ({error}). Install that version, or restore a backup."
        ) from error


def trouble(error: DatabaseError) -> str:
    """What is wrong with the database, and what to do, in one line."""
    said = str(error.orig).partition("\n")[0].rstrip(".")
    if says_no_room(said):
        return f"The database cannot be written ({said}). Make room on its disk, then try again."
    if isinstance(error, OperationalError):
        return f"The database does not answer ({said}). Is it running, and is SWAPBOARD_DATABASE_URL right?"
    return (
        f"The database cannot be used ({said}). Is SWAPBOARD_DATABASE_URL right? "
        "If it is damaged, restore a backup: `swapboard restore FILE --force`."
    )
