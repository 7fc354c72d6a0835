"""What a database's address says: which engine it is for, and where an SQLite database lies."""

from pathlib import Path

from sqlalchemy import make_url

from swapboard.upkeep.archive import EngineName


def engine_of(database_url: str) -> EngineName:
    """Which of the two engines the address names."""
    return "sqlite" if database_url.startswith("sqlite") else "postgresql"


def sqlite_file(database_url: str) -> Path:
    """Where an SQLite database lies."""
    return Path(make_url(database_url).database or "")
