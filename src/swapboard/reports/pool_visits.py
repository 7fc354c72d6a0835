"""How many of the visits that meet a filter saw a number of each pool: by columns, and else where they stand."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, and_, func, select

from swapboard.clock import DAY
from swapboard.reports import warm
from swapboard.reports.columns import OF_VISITS, conditions
from swapboard.reports.filter import Term
from swapboard.reports.pool_days import POOLS, by_pool, days_seen
from swapboard.reports.sums import Sums
from swapboard.reports.visit_count import Filed, filed_days, gaps_between, pieces_of
from swapboard.reports.visit_day_store import Stretch
from swapboard.reports.visit_tally import columns_asked, tally
from swapboard.storage.schema import leases, sessions


def shown_to(connection: Connection, asked: Stretch, terms: Sequence[Term]) -> Mapping[str, int]:
    """How many visits that began in this time and meet the terms saw a number of each pool."""
    days = _counted(connection, asked)
    names = columns_asked((POOLS,), terms)

    def counted() -> Sums:
        return tally(pieces_of(connection, asked, days, names), (POOLS,), terms)

    tallied = warm.sums(connection, ("shown", asked, tuple(terms)), tuple(days), counted)
    found = Counter(
        by_pool([word for (word,) in tallied.cells.all()], [visits for (visits,) in tallied.amounts.tolist()])
    )
    for gap in gaps_between(asked, days):
        found.update(_standing(connection, gap, terms))
    return found


def _counted(connection: Connection, asked: Stretch) -> Sequence[Filed]:
    """The days that are filed whole, and of whose visits the pools are known."""
    seen = days_seen(connection, asked.company_id, asked.from_at - DAY, asked.until_at)
    return [
        day for day in filed_days(connection, asked) if day.day_at in seen and day.until_at == day.day_at + DAY
    ]


def _standing(connection: Connection, gap: Stretch, terms: Sequence[Term]) -> Mapping[str, int]:
    same = and_(leases.c.company_id == sessions.c.company_id, leases.c.session_id == sessions.c.session_id)
    query = (
        select(leases.c.pool_id, func.count(leases.c.session_id.distinct()).label("visits"))
        .select_from(sessions.join(leases, same))
        .where(*gap.visits(), *conditions(terms, OF_VISITS))
        .group_by(leases.c.pool_id)
    )
    return {row.pool_id: row.visits for row in connection.execute(query)}
