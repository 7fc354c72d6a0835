"""When visits came and left a pool, in the database: what a pool of another size is tried on."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from swapboard.clock import MINUTE, Millis
from swapboard.numbers.advice import Wishes
from swapboard.numbers.replay import Stay, mean_minutes
from swapboard.storage.schema import exhaustions, leases, numbers


def stays_of(
    connection: Connection, company_id: str, pool_id: str, from_at: Millis, now: Millis, most: int
) -> list[Stay]:
    """The pool's latest `most` stays since the moment, oldest first.

    A visit that found no number is taken to have stayed as long as the others did on average.
    """
    # By number, for which there is an index.
    of_pool = select(numbers.c.number_id).where(numbers.c.company_id == company_id, numbers.c.pool_id == pool_id)
    query = (
        select(leases.c.from_at, leases.c.until_at, leases.c.expires_at)
        .where(leases.c.company_id == company_id, leases.c.number_id.in_(of_pool))
        .where(leases.c.pool_id == pool_id, leases.c.from_at >= from_at)
        .order_by(leases.c.from_at.desc())
        .limit(most)
    )
    held = [Stay(row.from_at, row.until_at or min(now, row.expires_at)) for row in connection.execute(query)]
    begins_at = held[-1].from_at if len(held) == most else from_at
    average = round(mean_minutes(held) * MINUTE)
    missed = [Stay(at, at + average) for at in exhausted_at(connection, company_id, pool_id, begins_at)]
    return sorted([*held, *missed], key=lambda stay: stay.from_at)


def exhausted_at(connection: Connection, company_id: str, pool_id: str, from_at: Millis) -> Sequence[Millis]:
    """When visits found no number of the pool, since the moment."""
    query = select(exhaustions.c.happened_at).where(
        exhaustions.c.company_id == company_id,
        exhaustions.c.pool_id == pool_id,
        exhaustions.c.happened_at >= from_at,
    )
    return connection.execute(query.order_by(exhaustions.c.happened_at)).scalars().all()


def wishes_of(connection: Connection, company_id: str, pool_id: str) -> Wishes:
    """What is known of the pool's wishes: its numbers' average price, where it was written down."""
    query = select(func.avg(numbers.c.monthly_cents)).where(
        numbers.c.company_id == company_id, numbers.c.pool_id == pool_id, numbers.c.released_at.is_(None)
    )
    average = connection.execute(query).scalar()
    return Wishes(number_cents=round(average)) if average is not None else Wishes()
