"""Work that is due, company by company."""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from swapboard.accounts.store import config_versions
from swapboard.clock import Millis


def due_of_each(
    connection: Connection, due: Callable[[Connection, str, Millis], Iterable[str]], now: Millis
) -> list[tuple[str, str]]:
    """(company, what is due of it), by ids, of all companies."""
    return [
        (company_id, found)
        for company_id in config_versions(connection)
        for found in due(connection, company_id, now)
    ]
