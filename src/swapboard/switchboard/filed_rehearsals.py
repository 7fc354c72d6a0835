"""What became of each pool's last rehearsal, in the database: it took minutes, and outlives the server."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select

from swapboard.clock import Millis
from swapboard.storage.schema import pool_rehearsals, pools


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What became of the visits and calls with a pool of `numbers`; the shares are None without calls."""

    numbers: int
    visits: int
    overflow: int
    calls: int
    untracked: int
    right: float | None
    """The share of calls with a number of their own that would have been credited as they are."""
    confidence: float | None
    """How sure the match would have been, on average."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A rehearsal that was played to its end."""

    asked_at: Millis
    results: Sequence[Rehearsed]


def file_rehearsal(connection: Connection, company_id: str, pool_id: str, filed: Filed) -> None:
    """Keep it in place of the last one; not when the pool is gone."""
    pool = (pools.c.company_id == company_id, pools.c.pool_id == pool_id)
    if connection.execute(select(pools.c.pool_id).where(*pool)).first() is None:
        return
    row = (pool_rehearsals.c.company_id == company_id, pool_rehearsals.c.pool_id == pool_id)
    connection.execute(delete(pool_rehearsals).where(*row))
    results = [asdict(each) for each in filed.results]
    values = {"company_id": company_id, "pool_id": pool_id, "asked_at": filed.asked_at, "results": results}
    connection.execute(insert(pool_rehearsals).values(values))


def filed_rehearsal(connection: Connection, company_id: str, pool_id: str) -> Filed | None:
    """The pool's last one; None while there is none."""
    row = (pool_rehearsals.c.company_id == company_id, pool_rehearsals.c.pool_id == pool_id)
    found = connection.execute(select(pool_rehearsals.c.asked_at, pool_rehearsals.c.results).where(*row)).first()
    return Filed(found.asked_at, [Rehearsed(**each) for each in found.results]) if found else None
