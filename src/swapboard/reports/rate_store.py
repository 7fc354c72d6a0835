"""What currencies were worth, in the database."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, delete, exists, insert, select

from swapboard.reports.rates import Rate, Rates
from swapboard.storage.paging import Key, Page, read_cursor, write_cursor
from swapboard.storage.schema import costs, exchange_rates

_AT_ONCE = 500


def put_rates(connection: Connection, company_id: str, rates: Sequence[Rate]) -> int:
    """Write rates instead of those of the same days and currencies; the answer is how many."""
    latest = {(rate.base, rate.quote, rate.day.isoformat()): rate for rate in rates}
    for base, quote in {(base, quote) for base, quote, _day in latest}:
        days = [day for one, other, day in latest if (one, other) == (base, quote)]
        for start in range(0, len(days), _AT_ONCE):
            connection.execute(
                delete(exchange_rates).where(
                    exchange_rates.c.company_id == company_id,
                    exchange_rates.c.base == base,
                    exchange_rates.c.quote == quote,
                    exchange_rates.c.day.in_(days[start : start + _AT_ONCE]),
                )
            )
    rows = [
        {"company_id": company_id, "base": base, "quote": quote, "day": day, "worth": str(rate.worth)}
        for (base, quote, day), rate in latest.items()
    ]
    for start in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(exchange_rates), rows[start : start + _AT_ONCE])
    return len(rows)


def rates_of(connection: Connection, company_id: str, first: date, last: date) -> Rates:
    """The rates that hold on these days."""
    from_day = date.fromordinal(max(1, first.toordinal() - 31)).isoformat()
    query = select(exchange_rates).where(
        exchange_rates.c.company_id == company_id,
        exchange_rates.c.day >= from_day,
        exchange_rates.c.day <= last.isoformat(),
    )
    return Rates(
        [
            Rate(date.fromisoformat(row.day), row.base, row.quote, Decimal(row.worth))
            for row in connection.execute(query)
        ]
    )


def list_rates(connection: Connection, company_id: str, limit: int, cursor: str | None = None) -> Page[Rate]:
    """A page of them, the latest day first. Raises BadCursor."""
    start = read_cursor(cursor).at if cursor else 0
    rates = select(exchange_rates).where(exchange_rates.c.company_id == company_id)
    ordered = rates.order_by(exchange_rates.c.day.desc(), exchange_rates.c.base, exchange_rates.c.quote)
    rows = connection.execute(ordered.offset(start).limit(limit + 1))
    found = [Rate(date.fromisoformat(row.day), row.base, row.quote, Decimal(row.worth)) for row in rows]
    goes_on = len(found) > limit
    return Page(tuple(found[:limit]), write_cursor(Key(start + limit, "rate")) if goes_on else None)


def pays_in_others(connection: Connection, company_id: str, currency: str, since: date) -> bool:
    """True when some of the costs since that day are in another currency."""
    foreign = exists().where(
        costs.c.company_id == company_id, costs.c.day >= since.isoformat(), costs.c.currency != currency
    )
    return connection.scalar(select(foreign)) is True
