"""Costs in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select

from swapboard.clock import Millis
from swapboard.reports.costs import CostLine
from swapboard.storage.insert import insert_into
from swapboard.storage.paging import Key, Page, read_cursor, write_cursor
from swapboard.storage.schema import cost_changes, costs

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Put:
    """What came of putting lines in."""

    lines: int
    days: int
    replaced: int
    """Lines of the same days that were there before."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A sum of lines: of one day, feed, campaign and currency."""

    feed: str
    line: CostLine


@dataclass(frozen=True, slots=True)
class Told:
    """What a feed has told so far."""

    feed: str
    days: Sequence[date]
    told_at: Millis


def put_costs(
    connection: Connection,
    company_id: str,
    feed: str,
    lines: Sequence[CostLine],
    now: Millis,
    told: tuple[date, date] | None = None,
) -> Put:
    """Write lines instead of all that the feed had for their days, or for all days told (first, last)."""
    _begin_change(connection, company_id)
    days = sorted({line.day.isoformat() for line in lines})
    if told is not None:
        # Whatever else a platform tells: what is kept of another day stays.
        lines = [line for line in lines if told[0] <= line.day <= told[1]]
        days = [date.fromordinal(day).isoformat() for day in range(told[0].toordinal(), told[1].toordinal() + 1)]
    replaced = 0
    for start in range(0, len(days), _AT_ONCE):
        some = days[start : start + _AT_ONCE]
        mine = costs.c.company_id == company_id, costs.c.feed == feed, costs.c.day.in_(some)
        replaced += connection.execute(delete(costs).where(*mine)).rowcount
    rows = [
        {
            "company_id": company_id,
            "feed": feed,
            "day": line.day.isoformat(),
            "line": place,
            "channel": line.channel,
            "source": line.source,
            "medium": line.medium,
            "campaign": line.campaign,
            "campaign_id": line.campaign_id,
            "ad_group": line.ad_group,
            "keyword": line.keyword,
            "micros": line.micros,
            "currency": line.currency,
            "clicks": line.clicks,
            "impressions": line.impressions,
            "told_at": now,
        }
        for place, line in enumerate(lines)
    ]
    for start in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(costs), rows[start : start + _AT_ONCE])
    return Put(len(rows), len(days), replaced)


def remove_feed(connection: Connection, company_id: str, feed: str) -> int:
    """Forget what a feed told; the answer is how many lines."""
    _begin_change(connection, company_id)
    mine = costs.c.company_id == company_id, costs.c.feed == feed
    return connection.execute(delete(costs).where(*mine)).rowcount


def changes_of(connection: Connection, company_id: str) -> int:
    """How often the company's costs changed: as long as that is the same, they are."""
    query = select(cost_changes.c.changes).where(cost_changes.c.company_id == company_id)
    return connection.execute(query).scalar() or 0


def _begin_change(connection: Connection, company_id: str) -> None:
    """Note that the costs change, after whoever changes them at this moment: then what they wrote is seen."""
    first = insert_into(connection, cost_changes).values(company_id=company_id, changes=1)
    again = first.on_conflict_do_update(
        index_elements=[cost_changes.c.company_id], set_={"changes": cost_changes.c.changes + 1}
    )
    connection.execute(again)


def costs_between(connection: Connection, company_id: str, first: date, last: date) -> Sequence[Kept]:
    """The days' costs by feed, campaign and currency."""
    key = (
        *(costs.c.feed, costs.c.day, costs.c.currency, costs.c.campaign, costs.c.campaign_id),
        *(costs.c.channel, costs.c.source, costs.c.medium),
    )
    sums = [func.sum(each).label(each.name) for each in (costs.c.micros, costs.c.clicks, costs.c.impressions)]
    query = (
        select(*key, *sums)
        .where(_between(company_id, first, last))
        .group_by(*key)
        .order_by(costs.c.day, costs.c.feed, costs.c.campaign)
    )
    return [
        Kept(
            row.feed,
            CostLine(
                day=date.fromisoformat(row.day),
                micros=int(row.micros),
                currency=row.currency,
                campaign=row.campaign,
                campaign_id=row.campaign_id,
                channel=row.channel,
                source=row.source,
                medium=row.medium,
                clicks=int(row.clicks),
                impressions=int(row.impressions),
            ),
        )
        for row in connection.execute(query)
    ]


def list_costs(
    connection: Connection, company_id: str, days: tuple[date, date], limit: int, cursor: str | None = None
) -> Page[Kept]:
    """A page of the days' lines as they were told, the oldest day first. Raises BadCursor."""
    # A line has no id of its own: the cursor counts lines, and a day that is told anew meanwhile may move them.
    start = read_cursor(cursor).at if cursor else 0
    query = select(costs).where(_between(company_id, *days)).order_by(costs.c.day, costs.c.feed, costs.c.line)
    found = [
        Kept(
            row.feed,
            CostLine(
                date.fromisoformat(row.day),
                row.micros,
                row.currency,
                row.campaign,
                row.campaign_id,
                row.ad_group,
                row.keyword,
                row.channel,
                row.source,
                row.medium,
                row.clicks,
                row.impressions,
            ),
        )
        for row in connection.execute(query.offset(start).limit(limit + 1))
    ]
    goes_on = len(found) > limit
    return Page(tuple(found[:limit]), write_cursor(Key(start + limit, "line")) if goes_on else None)


def feeds_of(connection: Connection, company_id: str) -> Sequence[Told]:
    """Each feed with its days."""
    query = (
        select(costs.c.feed, costs.c.day, func.max(costs.c.told_at).label("told_at"))
        .where(costs.c.company_id == company_id)
        .group_by(costs.c.feed, costs.c.day)
        .order_by(costs.c.feed, costs.c.day)
    )
    days: dict[str, list[date]] = {}
    told_at: dict[str, Millis] = {}
    for row in connection.execute(query):
        days.setdefault(row.feed, []).append(date.fromisoformat(row.day))
        told_at[row.feed] = max(told_at.get(row.feed, 0), row.told_at)
    return [Told(feed, told, told_at[feed]) for feed, told in days.items()]


def _between(company_id: str, first: date, last: date) -> ColumnElement[bool]:
    return and_(
        costs.c.company_id == company_id, costs.c.day >= first.isoformat(), costs.c.day <= last.isoformat()
    )
