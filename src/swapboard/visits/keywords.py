"""Visits by a Google click that did not say its keyword, and what is learned of them later."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, func, select, update

from swapboard.clock import Millis
from swapboard.storage.schema import sessions


class Learned(NamedTuple):
    """What the ad platform told of a visit's click."""

    keyword: str | None
    campaign: str | None
    campaign_id: str | None


def without_keyword(connection: Connection, company_id: str, since: Millis, until: Millis) -> dict[str, str]:
    """The GCLID of each visit of the time that has one, but no keyword yet, by the visit's id."""
    query = select(sessions.c.session_id, sessions.c.click_ids).where(
        sessions.c.company_id == company_id,
        # A session's id begins with the moment when it began (`storage/ids.py`), which is its index.
        sessions.c.session_id >= f"{max(0, since):012x}",
        sessions.c.session_id < f"{max(0, until):012x}",
        sessions.c.term.is_(None),
    )
    return {
        row.session_id: row.click_ids["gclid"] for row in connection.execute(query) if "gclid" in row.click_ids
    }


def fill_in(connection: Connection, company_id: str, learned: Mapping[str, Learned]) -> None:
    """Write what was learned, by visit; what the address itself said stays."""
    for session_id, told in learned.items():
        connection.execute(
            update(sessions)
            .where(sessions.c.company_id == company_id, sessions.c.session_id == session_id)
            .values(
                term=func.coalesce(sessions.c.term, told.keyword),
                campaign=func.coalesce(sessions.c.campaign, told.campaign),
                campaign_id=func.coalesce(sessions.c.campaign_id, told.campaign_id),
            )
        )
