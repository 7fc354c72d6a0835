"""What became of each pool's last rehearsal, in the database: it took minutes, and outlives the server.

So is what runs, for all processes of the server to see: the one that plays tells that it is alive, and when nobody
has heard of it for a while another may begin anew.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, null, select, update

from swapboard.clock import MINUTE, Millis
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


@dataclass(frozen=True, slots=True)
class Running:
    """A rehearsal that is being played, with what is done of it."""

    asked_at: Millis
    sizes: Sequence[int]
    results: Sequence[Rehearsed] = ()


GONE_AFTER = 2 * MINUTE
"""When its process was not heard of for so long, it has ended without a word."""


def begin_running(connection: Connection, company_id: str, pool_id: str, running: Running, now: Millis) -> bool:
    """Whether it may be played: the pool is there, and no process plays one."""
    pool = (pools.c.company_id == company_id, pools.c.pool_id == pool_id)
    if connection.execute(select(pools.c.pool_id).where(*pool).with_for_update()).first() is None:
        return False
    if _running(connection, company_id, pool_id, now):
        return False
    told = {"running": asdict(running), "heard_at": now}
    if connection.execute(update(pool_rehearsals).where(*_row(company_id, pool_id)).values(told)).rowcount == 0:
        nothing_yet = {"company_id": company_id, "pool_id": pool_id, "asked_at": 0, "results": []}
        connection.execute(insert(pool_rehearsals).values({**nothing_yet, **told}))
    return True


def tell_running(connection: Connection, company_id: str, pool_id: str, running: Running, now: Millis) -> None:
    """It is alive, and that far."""
    told = {"running": asdict(running), "heard_at": now}
    connection.execute(update(pool_rehearsals).where(*_row(company_id, pool_id)).values(told))


def end_running(connection: Connection, company_id: str, pool_id: str) -> None:
    """It broke off; what was filed before stays."""
    row = _row(company_id, pool_id)
    connection.execute(delete(pool_rehearsals).where(*row, pool_rehearsals.c.asked_at == 0))
    connection.execute(update(pool_rehearsals).where(*row).values(running=null(), heard_at=None))


def file_rehearsal(connection: Connection, company_id: str, pool_id: str, filed: Filed) -> None:
    """Keep it in place of the last one, and of what ran; not when the pool is gone."""
    pool = (pools.c.company_id == company_id, pools.c.pool_id == pool_id)
    if connection.execute(select(pools.c.pool_id).where(*pool)).first() is None:
        return
    connection.execute(delete(pool_rehearsals).where(*_row(company_id, pool_id)))
    results = [asdict(each) for each in filed.results]
    values = {"company_id": company_id, "pool_id": pool_id, "asked_at": filed.asked_at, "results": results}
    connection.execute(insert(pool_rehearsals).values(values))


def rehearsals_of(
    connection: Connection, company_id: str, pool_id: str, now: Millis
) -> tuple[Running | None, Filed | None]:
    """The one that some process plays, and the last that was played to its end."""
    columns = (pool_rehearsals.c.asked_at, pool_rehearsals.c.results)
    found = connection.execute(select(*columns).where(*_row(company_id, pool_id))).first()
    filed = Filed(found.asked_at, _results(found.results)) if found and found.results else None
    return _running(connection, company_id, pool_id, now), filed


def _running(connection: Connection, company_id: str, pool_id: str, now: Millis) -> Running | None:
    columns = (pool_rehearsals.c.running, pool_rehearsals.c.heard_at)
    found = connection.execute(select(*columns).where(*_row(company_id, pool_id))).first()
    if found is None or not found.running or found.heard_at < now - GONE_AFTER:
        return None
    told = found.running
    return Running(told["asked_at"], told["sizes"], _results(told["results"]))


def _row(company_id: str, pool_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return pool_rehearsals.c.company_id == company_id, pool_rehearsals.c.pool_id == pool_id


def _results(kept: Sequence[dict[str, Any]]) -> list[Rehearsed]:
    return [Rehearsed(**each) for each in kept]
