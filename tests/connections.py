"""Who leaves a connection to PostgreSQL open is told so, and not the test during which Python throws it away."""

import time
from typing import Any
from weakref import WeakSet

from psycopg import Connection

KEPT = "kept-for-several-tests"
"""The application's name of a connection that outlives a test on purpose."""
_CLOSES_WITHIN_SECONDS = 5.0
_MADE: "WeakSet[Connection[Any]]" = WeakSet()


def watch() -> None:
    """From now on each connection is noted."""
    made = Connection.__init__

    def noted(self: "Connection[Any]", *arguments: Any, **options: Any) -> None:
        made(self, *arguments, **options)
        _MADE.add(self)

    Connection.__init__ = noted  # type: ignore[method-assign]


def left_open() -> list[str]:
    """The databases of those that are open still, and not kept. They are closed: no later test is blamed."""
    until = time.monotonic() + _CLOSES_WITHIN_SECONDS
    # A thread that still closes its own has left none.
    while (left := _open()) and time.monotonic() < until:
        time.sleep(0.01)
    names = [each.info.dbname for each in left]
    for each in left:
        each.close()
    return names


def _open() -> "list[Connection[Any]]":
    return [each for each in list(_MADE) if not each.closed and not _is_kept(each)]


def _is_kept(connection: "Connection[Any]") -> bool:
    return connection.info.parameter_status("application_name") == KEPT
