"""Statements are compiled once for all servers of a run, not once for each: that takes longer than running them.

SQLAlchemy keeps what it compiled with the engine, which a server has for life and a test for a second.
"""

from typing import Any

from sqlalchemy import Engine, create_engine

_ENOUGH = 3000
"""More than a worker's tests say in a while; each takes some twenty kilobytes."""


class Compiled(dict[Any, Any]):
    """What was compiled, by the kind of database instead of by the engine that it was compiled for first."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_any_engine(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        if len(self) >= _ENOUGH:
            self.clear()
        super().__setitem__(_of_any_engine(key), compiled)


def _of_any_engine(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    return (dialect.name, dialect.driver, dialect.server_version_info, *rest)


_COMPILED = Compiled()


def engine_that_shares(database_url: str, **options: Any) -> Engine:
    """As SQLAlchemy's `create_engine`, for engines with the same options."""
    engine = create_engine(database_url, **options)
    engine.update_execution_options(compiled_cache=_COMPILED)
    return engine
