"""Which tracking numbers a page may have shown: a stored page still has them, and the script must know them."""

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from swapboard.storage.schema import numbers, pools, swap_targets

MOST_SHOWN = 1000


def shown_numbers(connection: Connection, company_id: str) -> Mapping[str, str]:
    """Each pool number, and each static number that stands for a channel, with the target it is shown for (E.164).

    Numbers that were given up count as well: a page that was stored before shows them, and they may be another's
    now. A static number with a placement only (a billboard) is shown by no page. The newest 1,000 are told.
    """
    of_pool = select(pools.c.pool_id, pools.c.target_id).where(pools.c.company_id == company_id).subquery()
    target_id = func.coalesce(of_pool.c.target_id, numbers.c.target_id)
    query = (
        select(numbers.c.number, swap_targets.c.number.label("target"))
        .select_from(numbers)
        .outerjoin(of_pool, of_pool.c.pool_id == numbers.c.pool_id)
        .join(swap_targets, (swap_targets.c.target_id == target_id) & (swap_targets.c.company_id == company_id))
        .where(numbers.c.company_id == company_id, numbers.c.pool_id.is_not(None) | numbers.c.channel.is_not(None))
        .order_by(numbers.c.created_at.desc(), numbers.c.number)
        .limit(MOST_SHOWN)
    )
    return {row.number: row.target for row in connection.execute(query)}
