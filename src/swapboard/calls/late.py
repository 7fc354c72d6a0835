"""Calls to a number in quarantine: they still get through, and are marked as late."""

from sqlalchemy import Connection, select, update

from swapboard.storage.schema import calls

LATE = "late"
_QUARANTINED = "quarantined"


def mark_late(connection: Connection, company_id: str, call_id: str, status_of_number: str) -> None:
    """Tag the call if its number is in quarantine."""
    if status_of_number != _QUARANTINED:
        return
    row = (calls.c.company_id == company_id, calls.c.call_id == call_id)
    tags = connection.execute(select(calls.c.tags).where(*row)).scalar_one()
    if LATE not in tags:
        connection.execute(update(calls).where(*row).values(tags=[*tags, LATE]))
