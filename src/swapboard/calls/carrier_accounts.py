"""A company's accounts at carriers, in the database. Their credentials are sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from swapboard.clock import Millis
from swapboard.storage.schema import carriers, metadata

MOST_CARRIERS = 50


@dataclass(frozen=True, slots=True)
class CarrierRecord:
    """One account."""

    carrier_id: str
    company_id: str
    kind: str
    name: str
    credentials: str
    created_at: Millis


def list_carriers(connection: Connection, company_id: str) -> Sequence[CarrierRecord]:
    """All of them, oldest first."""
    query = select(carriers).where(carriers.c.company_id == company_id)
    return [_record(row) for row in connection.execute(query.order_by(carriers.c.carrier_id))]


def carrier_by_id(connection: Connection, company_id: str, carrier_id: str) -> CarrierRecord | None:
    """The account with this id."""
    query = select(carriers).where(carriers.c.company_id == company_id, carriers.c.carrier_id == carrier_id)
    row = connection.execute(query).one_or_none()
    return _record(row) if row else None


def change_carrier(connection: Connection, record: CarrierRecord) -> None:
    """Write its name and credentials anew."""
    row = (carriers.c.company_id == record.company_id, carriers.c.carrier_id == record.carrier_id)
    values = {"name": record.name, "credentials": record.credentials}
    connection.execute(update(carriers).where(*row).values(values))


def is_used(connection: Connection, company_id: str, carrier_id: str) -> bool:
    """True when a number, an order or a call is this account's."""
    tables = [each for each in metadata.tables.values() if "carrier_id" in each.c and each is not carriers]
    return any(
        connection.execute(
            select(table.c.company_id)
            .where(table.c.company_id == company_id, table.c.carrier_id == carrier_id)
            .limit(1)
        ).first()
        for table in tables
    )


def remove_carrier(connection: Connection, company_id: str, carrier_id: str) -> None:
    """Forget an account that nothing uses."""
    row = (carriers.c.company_id == company_id, carriers.c.carrier_id == carrier_id)
    connection.execute(delete(carriers).where(*row))


def _record(row: Row[*tuple[Any, ...]]) -> CarrierRecord:
    return CarrierRecord(row.carrier_id, row.company_id, row.kind, row.name, row.credentials, row.created_at)
