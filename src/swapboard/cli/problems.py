"""What a command says when it cannot do its work."""

import errno
import sys

from swapboard.setting_values import SettingsError

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_REFUSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class Problem(Exception):
    """One or two sentences: what is wrong, and what to do about it."""


def in_words(error: Exception) -> str | None:
    """What went wrong, for whoever runs the command; None for what is a fault of ours."""
    if isinstance(error, (Problem, SettingsError)):
        return str(error)
    if isinstance(error, OSError) and error.errno in _NO_ROOM | _REFUSED:
        where = f"{error.filename}: " if error.filename else ""
        advice = "Make room there" if error.errno in _NO_ROOM else "Let this user use it, or name another place"
        return f"{where}{error.strerror}. {advice}, then try again."
    # Most commands come so far without a database, and loading what speaks to one takes long.
    databases = sys.modules.get("sqlalchemy.exc")
    if databases and isinstance(error, databases.DatabaseError):
        if isinstance(error, (databases.IntegrityError, databases.DataError)):
            return None
        from swapboard.cli.installation import trouble  # noqa: PLC0415

        return trouble(error)
    return None
