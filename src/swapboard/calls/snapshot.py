"""The routing snapshot: the routes on disk, so that calls get through when the database does not answer."""

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from swapboard.calls.routes import NO_ROUTES, Routes
from swapboard.storage.whole_file import replace_file

_ROUTES = TypeAdapter(Routes)


def write_snapshot(path: Path, routes: Routes) -> None:
    """Replace the snapshot in one step: a reader, or a crash half-way, sees the old one or the new one."""
    replace_file(path, _ROUTES.dump_json(routes, indent=1))


def read_snapshot(path: Path) -> Routes:
    """The routes of the last snapshot; none when there is no snapshot or it cannot be read."""
    try:
        return _ROUTES.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return NO_ROUTES
