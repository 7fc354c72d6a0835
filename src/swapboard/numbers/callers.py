"""How a company's own visitors call, in the database: how many have left the site by then, and how long ago."""

from sqlalchemy import Connection, and_, case, func, select

from swapboard.clock import DAY, MINUTE, Millis
from swapboard.numbers.sizing import LATE_MINUTES, LATE_SHARE, Callers
from swapboard.storage.schema import calls, leases

COUNTED_DAYS = 90
BELIEVED_CALLS, BELIEVED_LATE = 20, 5
"""What is usual counts for so many calls, of which so many late ones: few calls of one's own change little."""


def callers_of(connection: Connection, company_id: str, now: Millis) -> Callers:
    """By the calls that were credited to visits in the last 90 days, drawn towards what is usual."""
    left_at = func.coalesce(leases.c.until_at, leases.c.expires_at)
    gap = case((calls.c.started_at > left_at, calls.c.started_at - left_at), else_=0)
    same_visit = and_(
        leases.c.company_id == calls.c.company_id,
        leases.c.session_id == calls.c.session_id,
        leases.c.number_id == calls.c.number_id,
        leases.c.from_at <= calls.c.started_at,
    )
    # A visit that came back to its number is late by its last stay.
    of_calls = (
        select(func.min(gap).label("gap"))
        .select_from(calls.join(leases, same_visit))
        .where(calls.c.company_id == company_id, calls.c.started_at >= now - COUNTED_DAYS * DAY)
        .where(calls.c.is_spam.is_(False))
        .group_by(calls.c.call_id)
        .subquery()
    )
    counts = func.count(), func.count().filter(of_calls.c.gap > 0), func.coalesce(func.sum(of_calls.c.gap), 0)
    found, late, waited = connection.execute(select(*counts).select_from(of_calls)).one()
    return Callers(
        late_share=(late + LATE_SHARE * BELIEVED_CALLS) / (found + BELIEVED_CALLS),
        late_minutes=(float(waited) / MINUTE + LATE_MINUTES * BELIEVED_LATE) / (late + BELIEVED_LATE),
    )
