"""Placements that cost something while they run, in the database."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from swapboard.reports.spending import Running
from swapboard.storage.schema import numbers


def running_placements(connection: Connection, company_id: str) -> Sequence[Running]:
    """Those whose cost and days are known; what was paid for a number that was given up since was paid.

    A number that came back as the same placement is the same.
    """
    query = select(numbers).where(
        numbers.c.company_id == company_id,
        numbers.c.kind == "static",
        numbers.c.placement_cents > 0,
        numbers.c.starts_on.is_not(None),
        numbers.c.ends_on.is_not(None),
    )
    rows = connection.execute(query.order_by(numbers.c.created_at, numbers.c.number_id))
    known = dict.fromkeys((row.number, _running(row)) for row in rows)
    return [running for _number, running in known]


def _running(row: Row[*tuple[Any, ...]]) -> Running:
    return Running(
        row.placement or row.channel or row.number,
        row.placement_cents,
        date.fromisoformat(row.starts_on),
        date.fromisoformat(row.ends_on),
        row.channel or "",
        row.source or "",
        row.medium or "",
        row.campaign or "",
    )
