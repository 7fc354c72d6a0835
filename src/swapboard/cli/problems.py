"""What a command says when it cannot do its work."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from swapboard.setting_values import SettingsError

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_REFUSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class Problem(Exception):
    """One or two sentences: what is wrong, and what to do about it."""


@contextmanager
def reading_file(name: str | Path) -> Iterator[None]:
    """What is wrong with a file that somebody named, told as a Problem."""
    with _using(name, "read"):
        yield


@contextmanager
def writing_file(name: str | Path) -> Iterator[None]:
    """What is wrong with a file or folder that somebody named to write to, told as a Problem."""
    with _using(name, "written"):
        yield


@contextmanager
def _using(name: str | Path, used: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Problem(f"{name} cannot be {used}: {error.strerror}.{_advice(error)}") from error


def _advice(error: OSError) -> str:
    if error.errno in _NO_ROOM:
        return " Make room there, then try again."
    return " Let this user use it, or name another place, then try again." if error.errno in _REFUSED else ""


def in_words(error: Exception) -> str | None:
    """What went wrong, for whoever runs the command; None for what is a fault of ours."""
    if isinstance(error, (Problem, SettingsError)):
        return str(error)
    if isinstance(error, OSError) and (advice := _advice(error)):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}.{advice}"
    # Most commands come so far without a database, and loading what speaks to one takes long.
    databases = sys.modules.get("sqlalchemy.exc")
    if databases and isinstance(error, databases.DatabaseError):
        if isinstance(error, (databases.IntegrityError, databases.DataError)):
            return None
        from swapboard.cli.installation import trouble  # noqa: PLC0415

        return trouble(error)
    return None
