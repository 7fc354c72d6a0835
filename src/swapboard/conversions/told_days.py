"""On which days what destinations were told was changed, for who has counted it.

Whoever adds, changes or deletes messages or conversions notes it in the same transaction, so a day that was
changed as often as before is what it was. Each connection to PostgreSQL has a row of its own, or nearly: who tells
one company's destinations waits for nobody.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from swapboard.clock import DAY, Millis
from swapboard.storage.before_commit import gather

_SLOT = {"postgresql": "pg_backend_pid() % 16", "sqlite": "0"}
_NOTE = {
    dialect: text(
        "INSERT INTO told_days (company_id, day_at, slot, changes)"  # noqa: S608 our own words
        f" VALUES (:company_id, :day_at, {slot}, 1)"
        " ON CONFLICT (company_id, day_at, slot) DO UPDATE SET changes = told_days.changes + 1"
    )
    for dialect, slot in _SLOT.items()
}


def note_told(connection: Connection, company_id: str, said_at: Iterable[Millis]) -> None:
    """Note that something was changed that was said at these instants, or is from now on."""
    gather(connection, _note, ((company_id, at // DAY * DAY) for at in said_at))


def _note(connection: Connection, days: set[tuple[str, Millis]]) -> None:
    # All in one order, or two that wait for each other's rows wait for ever.
    rows = [{"company_id": company_id, "day_at": day_at} for company_id, day_at in sorted(days)]
    if rows:
        connection.execute(_NOTE[connection.dialect.name], rows)
