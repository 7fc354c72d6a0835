"""Lets leases cool whose sessions fell silent."""

from collections.abc import Sequence

from sqlalchemy import Connection

from swapboard.accounts.store import config_versions
from swapboard.clock import Millis
from swapboard.storage.commit import Job
from swapboard.switchboard.leasing import end_expired


def sweep(connection: Connection, moments: Sequence[Millis]) -> list[list[str]]:
    """End what expired by the latest of the moments, in every company; tells which companies changed."""
    now = max(moments)
    changed = [key for key in config_versions(connection) if end_expired(connection, key, now)]
    return [changed for _ in moments]


SWEEP: Job[Millis, list[str]] = Job("sweep", sweep)
