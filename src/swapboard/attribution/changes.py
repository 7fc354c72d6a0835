"""The log of calls that were credited differently after they had ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from swapboard.clock import Millis
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import attribution_changes


@dataclass(frozen=True, slots=True)
class CreditChange:
    """One line of the log; `was` and `became` hold kind, session_id and confidence."""

    change_id: str
    call_id: str
    happened_at: Millis
    actor: str
    version: int
    was: Mapping[str, Any]
    became: Mapping[str, Any]


def list_changes(
    connection: Connection, company_id: str, limit: int = 50, cursor: str | None = None, call_id: str | None = None
) -> Page[CreditChange]:
    """A page of the log, of one call or of all, the latest first. Raises BadCursor."""
    wanted: list[ColumnElement[bool]] = [attribution_changes.c.company_id == company_id]
    if call_id is not None:
        wanted.append(attribution_changes.c.call_id == call_id)
    columns = attribution_changes.c
    query = after(
        select(attribution_changes).where(*wanted),
        columns.happened_at,
        columns.change_id,
        limit,
        cursor,
        newest_first=True,
    )
    page = page_of(connection.execute(query).all(), limit, lambda row: Key(row.happened_at, row.change_id))
    rows = tuple(
        CreditChange(row.change_id, row.call_id, row.happened_at, row.actor, row.version, row.was, row.became)
        for row in page.rows
    )
    return Page(rows, page.next_cursor)
