"""Calls to a number in quarantine: they still get through, and are marked as late."""

from sqlalchemy import Connection, bindparam, select, update

from swapboard.storage.schema import calls, numbers

LATE = "late"
_QUARANTINED = "quarantined"
_STATUS = select(numbers.c.status).where(
    numbers.c.company_id == bindparam("of_company"),
    numbers.c.number == bindparam("named"),
    numbers.c.released_at.is_(None),
)


def mark_late(connection: Connection, company_id: str, call_id: str, tracking_number: str) -> None:
    """Tag the call if its number is in quarantine."""
    if connection.execute(_STATUS, {"of_company": company_id, "named": tracking_number}).scalar() != _QUARANTINED:
        return
    row = (calls.c.company_id == company_id, calls.c.call_id == call_id)
    tags = connection.execute(select(calls.c.tags).where(*row)).scalar_one()
    if LATE not in tags:
        connection.execute(update(calls).where(*row).values(tags=[*tags, LATE]))
