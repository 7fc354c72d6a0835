"""Placements that cost something while they run, in the database."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from swapboard.reports.spending import Running
from swapboard.storage.schema import numbers


def running_placements(connection: Connection, company_id: str) -> Sequence[Running]:
    """Those whose cost and days are known, of numbers that are still the company's."""
    query = select(numbers).where(
        numbers.c.company_id == company_id,
        numbers.c.kind == "static",
        numbers.c.released_at.is_(None),
        numbers.c.placement_cents > 0,
        numbers.c.starts_on.is_not(None),
        numbers.c.ends_on.is_not(None),
    )
    return [
        Running(
            row.placement or row.channel or row.number,
            row.placement_cents,
            date.fromisoformat(row.starts_on),
            date.fromisoformat(row.ends_on),
            row.channel or "",
            row.source or "",
            row.medium or "",
            row.campaign or "",
        )
        for row in connection.execute(query.order_by(numbers.c.created_at, numbers.c.number_id))
    ]
