"""What platforms said that they counted for a destination, in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select, update

from swapboard.clock import Millis
from swapboard.storage.schema import platform_counts

_DAYS = TypeAdapter(dict[date, Decimal])


@dataclass(frozen=True, slots=True)
class Counted:
    """The last answer, and why there was none since, if so."""

    by_day: Mapping[date, Decimal]
    told_at: Millis | None
    trouble: str | None


def counted_of(connection: Connection, company_id: str, destination_id: str) -> Counted | None:
    """What is known of a destination; None where its platform was never asked."""
    mine = platform_counts.c.company_id == company_id, platform_counts.c.destination_id == destination_id
    row = connection.execute(select(platform_counts).where(*mine)).one_or_none()
    return Counted(_DAYS.validate_python(row.counts), row.told_at, row.trouble) if row else None


def keep_counted(
    connection: Connection, company_id: str, destination_id: str, by_day: Mapping[date, Decimal], now: Millis
) -> None:
    """Write an answer instead of the one before."""
    counts = _DAYS.dump_python(dict(by_day), mode="json")
    _keep(connection, company_id, destination_id, {"counts": counts, "told_at": now, "trouble": None})


def keep_trouble(connection: Connection, company_id: str, destination_id: str, trouble: str) -> None:
    """Write why there was no answer; the one before stays."""
    _keep(connection, company_id, destination_id, {"trouble": trouble})


def _keep(connection: Connection, company_id: str, destination_id: str, values: Mapping[str, object]) -> None:
    mine = platform_counts.c.company_id == company_id, platform_counts.c.destination_id == destination_id
    if not connection.execute(update(platform_counts).where(*mine).values(values)).rowcount:
        key = {"company_id": company_id, "destination_id": destination_id, "counts": {}}
        connection.execute(insert(platform_counts).values({**key, **values}))
