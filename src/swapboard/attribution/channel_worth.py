"""What each channel is worth to the company's leads: learned from its own visitors' ways, kept in the database."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from sqlalchemy import Connection, delete, insert, select

from swapboard.attribution.markov import Path
from swapboard.clock import DAY, Millis
from swapboard.storage.schema import channel_worth, companies, lead_keys, sessions

LONGEST_PATH = 20
_VISITOR = "visitor"
_AT_ONCE = 5_000


def paths_of(connection: Connection, company_id: str, now: Millis) -> Iterator[Path]:
    """The ways of all visitors within the company's look-back, alike ones counted together.

    Of a very long way its last `LONGEST_PATH` visits count.
    """
    leads = _visitors_who_are_leads(connection, company_id)
    ways: Counter[tuple[tuple[str, ...], bool]] = Counter()
    for visitor_id, visits in groupby(_visits(connection, company_id, now), key=_visitor):
        channels = tuple(channel for _, channel in visits)[-LONGEST_PATH:]
        ways[channels, visitor_id in leads] += 1
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


def _visits(connection: Connection, company_id: str, now: Millis) -> Iterable[tuple[str, str]]:
    """(visitor, channel) of each visit, each visitor's together and oldest first."""
    days = select(companies.c.look_back_days).where(companies.c.company_id == company_id)
    since = now - (connection.execute(days).scalar_one_or_none() or 0) * DAY
    query = (
        select(sessions.c.visitor_id, sessions.c.channel)
        .where(sessions.c.company_id == company_id, sessions.c.started_at >= since)
        .order_by(sessions.c.visitor_id, sessions.c.started_at)
        .execution_options(yield_per=_AT_ONCE)
    )
    return ((row.visitor_id, row.channel) for row in connection.execute(query))


def _visitors_who_are_leads(connection: Connection, company_id: str) -> set[str]:
    query = select(lead_keys.c.value).where(lead_keys.c.company_id == company_id, lead_keys.c.kind == _VISITOR)
    return set(connection.execute(query).scalars())


def _visitor(visit: tuple[str, str]) -> str:
    return visit[0]
