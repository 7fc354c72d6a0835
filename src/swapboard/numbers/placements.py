"""Numbers in one place, in the database: what each brought, and where its short link leads."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select

from swapboard.clock import Millis
from swapboard.numbers.inventory import NumberKind, NumberStatus
from swapboard.numbers.listing import NumberFilter, NumberRecord, list_numbers
from swapboard.numbers.number_log import NumberEvent
from swapboard.numbers.short_link import short_code
from swapboard.storage.paging import Page
from swapboard.storage.schema import calls, number_events, numbers

MOST_PLACEMENTS = 500
_NOTHING: tuple[int, Millis | None] = (0, None)


@dataclass(frozen=True, slots=True)
class ShortLink:
    """Where `/go/CODE` leads, and what the visit counts as."""

    url: str
    source: str | None
    medium: str | None
    campaign: str | None


@dataclass(frozen=True, slots=True)
class Placement:
    """A static number and the calls that it brought since it stands in one place."""

    record: NumberRecord
    calls: int
    last_at: Millis | None

    @property
    def cents_per_call(self) -> float | None:
        """What a call cost, by the placement's cost; None without a cost or a call."""
        if self.record.placement_cents is None or not self.calls:
            return None
        return self.record.placement_cents / self.calls


def placements(connection: Connection, company_id: str, cursor: str | None = None) -> Page[Placement]:
    """A page of the static numbers that are not released, oldest first. Raises BadCursor."""
    counted = _counted(connection, company_id)
    wanted = NumberFilter(kind=NumberKind.STATIC)
    found = list_numbers(connection, company_id, wanted, MOST_PLACEMENTS, cursor)
    lines = tuple(Placement(each, *counted.get(each.number_id, _NOTHING)) for each in found.rows)
    return Page(lines, found.next_cursor)


def placement_of(connection: Connection, record: NumberRecord) -> Placement:
    """One static number, however many there are, and what it brought."""
    counted = _counted(connection, record.company_id, calls.c.number_id == record.number_id)
    return Placement(record, *counted.get(record.number_id, _NOTHING))


def _counted(
    connection: Connection, company_id: str, *which: ColumnElement[bool]
) -> Mapping[str, tuple[int, Millis | None]]:
    """How many calls came to each number since it stands in one place, and when the last one did."""
    since = (
        select(number_events.c.number_id, func.max(number_events.c.happened_at).label("assigned_at"))
        .where(number_events.c.company_id == company_id, number_events.c.kind == NumberEvent.ASSIGNED.value)
        .group_by(number_events.c.number_id)
        .subquery()
    )
    # What a number brought in a pool, before it was put here, is of the visits that saw it.
    is_its_own = or_(
        since.c.assigned_at.is_(None),
        calls.c.started_at >= since.c.assigned_at,
        calls.c.attribution_kind == "static",
    )
    query = (
        select(calls.c.number_id, func.count().label("calls"), func.max(calls.c.started_at).label("last_at"))
        .outerjoin(since, since.c.number_id == calls.c.number_id)
        .where(calls.c.company_id == company_id, calls.c.number_id.is_not(None), calls.c.is_spam.is_(False))
        .where(is_its_own, *which)
        .group_by(calls.c.number_id)
    )
    return {row.number_id: (row.calls, row.last_at) for row in connection.execute(query)}


def free_code(connection: Connection) -> str:
    """A code for a short link that no number of any company has."""
    while True:
        code = short_code(os.urandom)
        if not code_is_taken(connection, code):
            return code


def code_is_taken(connection: Connection, code: str) -> bool:
    """True when a number of any company has the code."""
    query = select(numbers.c.number_id).where(numbers.c.short_code == code)
    everywhere = query.execution_options(across_companies="a short link leads to one place on this server")
    return connection.execute(everywhere).first() is not None


def short_link(connection: Connection, code: str) -> ShortLink | None:
    """Where the code leads, or None. A paused number's printed link leads on; a released one's does not."""
    query = select(numbers).where(numbers.c.short_code == code, numbers.c.status != NumberStatus.RELEASED.value)
    everywhere = query.execution_options(across_companies="who follows a short link says no company")
    row = connection.execute(everywhere).first()
    if row is None or not row.short_url:
        return None
    return ShortLink(row.short_url, row.source, row.medium, row.campaign or row.placement)
