"""What a transaction writes once, right before it is committed, however many of its steps ask for it.

A row that many transactions write is locked from then until the commit: it should be the last that each of them
writes, and written once.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

Write: TypeAlias = Callable[[Connection, set[Any]], None]
_GATHERED: WeakKeyDictionary[Connection, dict[Write, set[Any]]] = WeakKeyDictionary()


def gather(connection: Connection, write: Write, things: Iterable[Any]) -> None:
    """Have all such things of the transaction written together; at once where nobody says when it ends."""
    gathered = _GATHERED.get(connection)
    if gathered is None:
        write(connection, set(things))
    else:
        gathered.setdefault(write, set()).update(things)


def begin_gathering(connection: Connection) -> None:
    """Gather until `write_gathered`."""
    _GATHERED[connection] = {}


def write_gathered(connection: Connection) -> None:
    """Write what was gathered, for the commit comes next."""
    for write, things in _GATHERED.pop(connection).items():
        write(connection, things)
