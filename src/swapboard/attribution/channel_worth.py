"""What each channel is worth to the company's leads: learned from its own visitors' ways, kept in the database."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from sqlalchemy import Connection, and_, delete, insert, select

from swapboard.attribution.markov import Path
from swapboard.clock import DAY, Millis
from swapboard.storage.schema import channel_worth, companies, lead_keys, leads, sessions

LONGEST_PATH = 20
_VISITOR = "visitor"
_AT_ONCE = 5_000


def paths_of(connection: Connection, company_id: str, now: Millis) -> Iterator[Path]:
    """The ways of all visitors within the company's look-back, alike ones counted together.

    A lead's way ends where it became one: how customers come back says nothing of what won them. Of a very long
    way its last `LONGEST_PATH` visits count.
    """
    since = _leads_since(connection, company_id)
    ways: Counter[tuple[tuple[str, ...], bool]] = Counter()
    for visitor_id, visits in groupby(_visits(connection, company_id, now), key=_visitor):
        lead_at = since.get(visitor_id)
        channels = tuple(channel for _, channel, at in visits if lead_at is None or at <= lead_at)
        if channels:
            ways[channels[-LONGEST_PATH:], lead_at is not None] += 1
    for (channels, is_lead), count in ways.items():
        yield Path(channels, is_lead, count)


def keep_worth(connection: Connection, company_id: str, worth: Mapping[str, float], now: Millis) -> None:
    """Instead of what was learned before."""
    connection.execute(delete(channel_worth).where(channel_worth.c.company_id == company_id))
    rows = [
        {"company_id": company_id, "channel": channel, "worth": value, "learned_at": now}
        for channel, value in worth.items()
    ]
    if rows:
        connection.execute(insert(channel_worth), rows)


def worth_of(connection: Connection, company_id: str) -> dict[str, float]:
    """What was learned last, by channel; empty when nothing was yet."""
    query = select(channel_worth.c.channel, channel_worth.c.worth).where(channel_worth.c.company_id == company_id)
    return {row.channel: row.worth for row in connection.execute(query)}


def _visits(connection: Connection, company_id: str, now: Millis) -> Iterable[tuple[str, str, Millis]]:
    """(visitor, channel, when) of each visit, each visitor's together and oldest first."""
    days = select(companies.c.look_back_days).where(companies.c.company_id == company_id)
    since = now - (connection.execute(days).scalar_one_or_none() or 0) * DAY
    query = (
        select(sessions.c.visitor_id, sessions.c.channel, sessions.c.started_at)
        .where(sessions.c.company_id == company_id, sessions.c.started_at >= since)
        .order_by(sessions.c.visitor_id, sessions.c.started_at)
        .execution_options(yield_per=_AT_ONCE)
    )
    return ((row.visitor_id, row.channel, row.started_at) for row in connection.execute(query))


def _leads_since(connection: Connection, company_id: str) -> dict[str, Millis]:
    """Since when each visitor who is a lead is one."""
    query = (
        select(lead_keys.c.value, leads.c.created_at)
        .join_from(
            lead_keys,
            leads,
            and_(leads.c.company_id == lead_keys.c.company_id, leads.c.lead_id == lead_keys.c.lead_id),
        )
        .where(lead_keys.c.company_id == company_id, lead_keys.c.kind == _VISITOR)
    )
    return {row.value: row.created_at for row in connection.execute(query)}


def _visitor(visit: tuple[str, str, Millis]) -> str:
    return visit[0]
