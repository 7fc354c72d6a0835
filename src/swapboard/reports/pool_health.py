"""Whether pools were large enough: who got a number of their own, who did not, and how sure the matches are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, and_, func, select

from swapboard.reports.columns import OF_CALLS, OF_VISITS, conditions
from swapboard.reports.dimension import Dimension
from swapboard.reports.pool_days import shown_by_pool
from swapboard.reports.pool_visits import shown_to
from swapboard.reports.question import Question
from swapboard.reports.visit_day_store import Stretch
from swapboard.storage.schema import calls, exhaustions, numbers, pools, sessions


@dataclass(frozen=True, slots=True)
class PoolHealth:
    """A pool over some days."""

    pool_id: str
    name: str
    numbers: int
    """That it has now, and shows."""
    shown: int
    """Visits that saw a number of it."""
    without: int
    """Times that a visit needed one when every number was taken."""
    calls: int
    confidence: float | None
    """Of its calls that are credited to a visit, on average."""

    @property
    def without_share(self) -> float | None:
        everybody = self.shown + self.without
        return self.without / everybody if everybody else None


def pool_health(connection: Connection, asked: Question) -> Sequence[PoolHealth]:
    """The pools that the question's terms fit, by name, with their visits and calls that the others fit.

    Visits are those that began in the question's time.
    """
    query = select(pools.c.pool_id, pools.c.name).where(pools.c.company_id == asked.company_id)
    of_pools = [term for term in asked.terms if term.dimension is Dimension.POOL]
    asked = replace(asked, terms=tuple(term for term in asked.terms if term not in of_pools))
    shown, without = _shown(connection, asked), _without(connection, asked)
    sizes, rung = _sizes(connection, asked.company_id), _rung(connection, asked)
    return [
        PoolHealth(
            row.pool_id,
            row.name,
            sizes.get(row.pool_id, 0),
            shown.get(row.pool_id, 0),
            without.get(row.pool_id, 0),
            *rung.get(row.pool_id, (0, None)),
        )
        for row in connection.execute(query.order_by(pools.c.name, pools.c.pool_id))
        if all(term.met_by(row.name) for term in of_pools)
    ]


def _shown(connection: Connection, asked: Question) -> Mapping[str, int]:
    time = Stretch(asked.company_id, asked.from_at, asked.until_at)
    return shown_to(connection, time, asked.terms) if asked.terms else shown_by_pool(connection, *time)


def _sizes(connection: Connection, company_id: str) -> Mapping[str, int]:
    query = (
        select(numbers.c.pool_id, func.count().label("numbers"))
        .where(numbers.c.company_id == company_id, numbers.c.pool_id.is_not(None), numbers.c.status == "active")
        .group_by(numbers.c.pool_id)
    )
    return {row.pool_id: row.numbers for row in connection.execute(query)}


def _without(connection: Connection, asked: Question) -> Mapping[str, int]:
    visit = and_(
        sessions.c.company_id == exhaustions.c.company_id, sessions.c.session_id == exhaustions.c.session_id
    )
    query = (
        select(exhaustions.c.pool_id, func.count().label("without"))
        .select_from(exhaustions.join(sessions, visit) if asked.terms else exhaustions)
        .where(
            exhaustions.c.company_id == asked.company_id,
            exhaustions.c.happened_at >= asked.from_at,
            exhaustions.c.happened_at < asked.until_at,
            *conditions(asked.terms, OF_VISITS),
        )
        .group_by(exhaustions.c.pool_id)
    )
    return {row.pool_id: row.without for row in connection.execute(query)}


def _rung(connection: Connection, asked: Question) -> Mapping[str, tuple[int, float | None]]:
    same = and_(numbers.c.company_id == calls.c.company_id, numbers.c.number_id == calls.c.number_id)
    query = (
        select(numbers.c.pool_id, func.count().label("calls"), func.avg(calls.c.confidence).label("confidence"))
        .join_from(calls, numbers, same)
        .where(
            calls.c.company_id == asked.company_id,
            calls.c.started_at >= asked.from_at,
            calls.c.started_at < asked.until_at,
            calls.c.is_spam.is_(False),
            numbers.c.pool_id.is_not(None),
            *conditions(asked.terms, OF_CALLS),
        )
        .group_by(numbers.c.pool_id)
    )
    return {row.pool_id: (row.calls, row.confidence) for row in connection.execute(query)}
