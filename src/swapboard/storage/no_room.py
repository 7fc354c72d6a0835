"""How a database says that its disk is full."""

_SIGNS = ("disk is full", "No space left", "disk I/O error")
"""SQLite's and PostgreSQL's own words. On a full disk SQLite has trouble already when it opens a database."""


def says_no_room(words: object) -> bool:
    """Whether a database's error is that of a full disk, as far as it can be told from a broken one."""
    return any(sign in str(words) for sign in _SIGNS)
