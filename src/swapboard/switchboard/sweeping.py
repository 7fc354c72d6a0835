"""Lets leases cool whose sessions fell silent."""

from collections.abc import Sequence

from sqlalchemy import Connection

from swapboard.accounts.store import config_versions
from swapboard.clock import Millis
from swapboard.numbers.store import expired_leases
from swapboard.storage.commit import Job
from swapboard.switchboard.leasing import end_expired
from swapboard.switchboard.plans import hold_plan


def sweep(connection: Connection, moments: Sequence[Millis]) -> list[list[str]]:
    """End what expired by the latest of the moments, in every company; tells which companies changed."""
    now = max(moments)
    changed = [key for key in config_versions(connection) if _sweep_company(connection, key, now)]
    return [changed for _ in moments]


def _sweep_company(connection: Connection, company_id: str, now: Millis) -> int:
    """Look before locking, for there is mostly nothing to do; then again, for what another process changed."""
    if not expired_leases(connection, company_id, now):
        return 0
    hold_plan(connection, company_id)
    return end_expired(connection, company_id, now)


SWEEP: Job[Millis, list[str]] = Job("sweep", sweep, apart=True)
