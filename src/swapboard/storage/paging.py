"""Pages of a long list by keyset: a cursor names the last row seen, so that none is skipped or repeated.

A cursor is opaque to whoever holds it: the row's place in the order, as JSON in base64url.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic_core import from_json, to_json
from sqlalchemy import BigInteger, Column, Select, tuple_

Record = TypeVar("Record")

LARGEST = 2**63 - 1
LARGEST_INTEGER = 2**31 - 1
_LONGEST_CURSOR = 200
_LONGEST_ID = 64


class BadCursor(ValueError):
    """The text is not a cursor that one of our answers gave."""

    def __init__(self) -> None:
        super().__init__("This is not a cursor of ours; leave it out to begin with the first page.")


@dataclass(frozen=True, slots=True)
class Key:
    """A row's place: its number in the order (an instant, a position), then its id."""

    at: int
    row_id: str


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    """Some rows of a list, and the cursor that continues it; None at the end."""

    rows: tuple[Record, ...]
    next_cursor: str | None


def write_cursor(key: Key) -> str:
    """The cursor that continues after this row."""
    return base64.urlsafe_b64encode(to_json([key.at, key.row_id])).rstrip(b"=").decode()


def read_cursor(cursor: str) -> Key:
    """The row that the cursor names. Raises BadCursor."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        told = from_json(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error) as error:
        raise BadCursor from error
    match told:
        case [int(at), str(row_id)] if (
            len(cursor) <= _LONGEST_CURSOR
            and not isinstance(at, bool)
            and 0 <= at <= LARGEST
            and row_id.isalnum()
            and row_id.isascii()
            and len(row_id) <= _LONGEST_ID
        ):
            return Key(at, row_id)
        case _:
            raise BadCursor


def after(
    query: Select[*tuple[Any, ...]],
    at: Column[int],
    row_id: Column[str],
    limit: int,
    cursor: str | None,
    *,
    newest_first: bool = False,
) -> Select[*tuple[Any, ...]]:
    """The query in the order of (at, row_id), after the cursor, one row more than asked. Raises BadCursor."""
    if cursor:
        last = read_cursor(cursor)
        if last.at > LARGEST_INTEGER and not isinstance(at.type, BigInteger):
            raise BadCursor
        here, there = tuple_(at, row_id), (last.at, last.row_id)
        query = query.where(here < there if newest_first else here > there)
    order = (at.desc(), row_id.desc()) if newest_first else (at, row_id)
    return query.order_by(*order).limit(limit + 1)


def page_of(records: Sequence[Record], limit: int, key_of: Callable[[Record], Key]) -> Page[Record]:
    """A page from `limit + 1` records that were read: the one too many only tells that the list goes on."""
    rows = tuple(records[:limit])
    goes_on = len(records) > limit
    return Page(rows, write_cursor(key_of(rows[-1])) if goes_on else None)
