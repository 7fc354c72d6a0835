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


NEVER: Millis = 0
"""When none was asked for that was played to its end."""
GONE_AFTER = 2 * MINUTE
"""When its process was not heard of for so long, it has ended without a word."""


def begin_running(connection: Connection, company_id: str, pool_id: str, running: Running, now: Millis) -> bool:
    """Whether it may be played: the pool is there, and no process plays one."""
    pool = (pools.c.company_id == company_id, pools.c.pool_id == pool_id)
    if connection.execute(select(pools.c.pool_id).where(*pool).with_for_update()).first() is None:
        return False
    if rehearsals_of(connection, company_id, pool_id, now)[0]:
        return False
    told = {"running": asdict(running), "heard_at": now}
    if connection.execute(update(pool_rehearsals).where(*_row(company_id, pool_id)).values(told)).rowcount == 0:
        nothing_yet = {"company_id": company_id, "pool_id": pool_id, "asked_at": NEVER, "results": []}
        connection.execute(insert(pool_rehearsals).values({**nothing_yet, **told}))
    return True


def tell_running(connection: Connection, company_id: str, pool_id: str, running: Running, now: Millis) -> None:
    """It is alive, and that far; unless it was given up meanwhile."""
    if _is_told(connection, company_id, pool_id, running.asked_at):
        told = {"running": asdict(running), "heard_at": now}
        connection.execute(update(pool_rehearsals).where(*_row(company_id, pool_id)).values(told))


def end_running(connection: Connection, company_id: str, pool_id: str, asked_at: Millis) -> None:
    """The one that was asked for then broke off; what was filed before stays."""
    if _is_told(connection, company_id, pool_id, asked_at):
        row = _row(company_id, pool_id)
        connection.execute(delete(pool_rehearsals).where(*row, pool_rehearsals.c.asked_at == NEVER))
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
    found = connection.execute(select(pool_rehearsals).where(*_row(company_id, pool_id))).first()
    if found is None:
        return None, None
    filed = None if found.asked_at == NEVER else Filed(found.asked_at, _results(found.results))
    # One of the future was told by a clock that was set back since: it would be waited for until then.
    if not found.running or abs(now - found.heard_at) > GONE_AFTER:
        return None, filed
    told = found.running
    return Running(told["asked_at"], told["sizes"], _results(told["results"])), filed


def _is_told(connection: Connection, company_id: str, pool_id: str, asked_at: Millis) -> bool:
    """Whether that one is the one that is told to run: another may have begun when nobody heard of it any more."""
    query = select(pool_rehearsals.c.running).where(*_row(company_id, pool_id)).with_for_update()
    told = connection.execute(query).scalar_one_or_none()
    return told is not None and told["asked_at"] == asked_at


def _row(company_id: str, pool_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return pool_rehearsals.c.company_id == company_id, pool_rehearsals.c.pool_id == pool_id


def _results(kept: Sequence[dict[str, Any]]) -> list[Rehearsed]:
    return [Rehearsed(**each) for each in kept]
