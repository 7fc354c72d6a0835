"""What campaigns are called: by platforms, by visits, and by somebody who said that both are one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from swapboard.clock import Millis
from swapboard.reports.dimension import Dimension
from swapboard.reports.visit_count import count_visits
from swapboard.reports.visit_day import CAMPAIGN_ID
from swapboard.reports.visit_day_store import Stretch
from swapboard.storage.schema import calls, cost_campaigns


@dataclass(frozen=True, slots=True)
class Visited:
    """A campaign as its visits call it."""

    name: str
    campaign_id: str
    visits: int


def visited_campaigns(
    connection: Connection, company_id: str, from_at: Millis, until_at: Millis
) -> Sequence[Visited]:
    """The campaigns that visits of the time name, the most visited first."""
    time = Stretch(company_id, max(0, from_at), max(0, until_at))
    counted = count_visits(connection, time, (Dimension.CAMPAIGN, CAMPAIGN_ID))
    found = [Visited(name, campaign_id, visits) for (name, campaign_id), (visits,) in counted.rows() if name]
    return sorted(found, key=lambda each: (-each.visits, each.name))


def calls_by_campaign(
    connection: Connection, company_id: str, from_at: Millis, until_at: Millis
) -> Mapping[str, int]:
    """How many calls of the time each campaign brought, by the name that its visits have."""
    query = (
        select(calls.c.campaign, func.count().label("calls"))
        .where(
            calls.c.company_id == company_id,
            calls.c.started_at >= from_at,
            calls.c.started_at < until_at,
            calls.c.campaign.is_not(None),
            calls.c.is_spam.is_(False),
        )
        .group_by(calls.c.campaign)
    )
    return {row.campaign: row.calls for row in connection.execute(query)}


def campaign_names(connection: Connection, company_id: str) -> Mapping[str, str]:
    """What visits call a campaign, by what its platform calls it, as somebody said."""
    query = select(cost_campaigns).where(cost_campaigns.c.company_id == company_id)
    return {row.campaign: row.visited_as for row in connection.execute(query)}


def name_campaign(connection: Connection, company_id: str, campaign: str, visited_as: str) -> None:
    """Say what visits call it; "" takes that back."""
    mine = cost_campaigns.c.company_id == company_id, cost_campaigns.c.campaign == campaign
    connection.execute(delete(cost_campaigns).where(*mine))
    if visited_as:
        values = {"company_id": company_id, "campaign": campaign, "visited_as": visited_as}
        connection.execute(insert(cost_campaigns).values(values))
