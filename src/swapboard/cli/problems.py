"""What a command says when it cannot do its work."""

import errno
import sys

from swapboard.settings import SettingsError

_NOT_WRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM})


class Problem(Exception):
    """One or two sentences: what is wrong, and what to do about it."""


def in_words(error: Exception) -> str | None:
    """What went wrong, for whoever runs the command; None for what is a fault of ours."""
    if isinstance(error, (Problem, SettingsError)):
        return str(error)
    if isinstance(error, OSError) and error.errno in _NOT_WRITABLE:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}. Make room there, or use a folder that can be written to; then try again."
    # Most commands come so far without a database, and loading what speaks to one takes long.
    databases = sys.modules.get("sqlalchemy.exc")
    if databases and isinstance(error, databases.DatabaseError):
        from swapboard.cli.installation import trouble  # noqa: PLC0415

        return trouble(error)
    return None
