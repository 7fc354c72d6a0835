"""What can be filtered by: the statuses, channels and campaigns of a period's calls, most frequent first."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Connection, func, select

from swapboard.clock import Millis
from swapboard.storage.schema import calls

MOST_VALUES = 200


@dataclass(frozen=True, slots=True)
class Facets:
    """How many calls have each value; calls without one are not counted there."""

    statuses: Mapping[str, int]
    channels: Mapping[str, int]
    campaigns: Mapping[str, int]

    @property
    def calls(self) -> int:
        """How many calls there are in all."""
        return sum(self.statuses.values())


def count_calls(connection: Connection, company_id: str, from_at: Millis, until_at: Millis) -> int:
    """How many calls that are no spam began in the period."""
    query = (
        select(func.count()).select_from(calls).where(calls.c.company_id == company_id, calls.c.is_spam.is_(False))
    )
    return connection.scalar(query.where(calls.c.started_at >= from_at, calls.c.started_at < until_at)) or 0


def first_call_at(connection: Connection, company_id: str) -> Millis | None:
    """When the company's first call began."""
    first: Millis | None = connection.scalar(
        select(func.min(calls.c.started_at)).where(calls.c.company_id == company_id)
    )
    return first


def facets(
    connection: Connection,
    company_id: str,
    from_at: Millis | None,
    until_at: Millis | None,
    *,
    with_spam: bool = True,
) -> Facets:
    """The facets of the calls that began in the period; None leaves that side open."""

    def counts(column: Column[str]) -> dict[str, int]:
        query = select(column, func.count().label("calls")).where(calls.c.company_id == company_id, column != "")
        if not with_spam:
            query = query.where(calls.c.is_spam.is_(False))
        if from_at is not None:
            query = query.where(calls.c.started_at >= from_at)
        if until_at is not None:
            query = query.where(calls.c.started_at < until_at)
        ordered = query.group_by(column).order_by(func.count().desc(), column).limit(MOST_VALUES)
        return {row[0]: row.calls for row in connection.execute(ordered)}

    return Facets(counts(calls.c.status), counts(calls.c.channel), counts(calls.c.campaign))
