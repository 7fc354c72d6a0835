"""Who held a number, and what was concluded from it, in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from swapboard.attribution.match import Candidate, Hold
from swapboard.clock import Millis
from swapboard.storage.schema import call_candidates, calls, leases, numbers, sessions

MOST_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Attribution:
    """What a call is credited to; `kind` is session, static or unknown."""

    kind: str
    number_id: str | None = None
    confidence: float | None = None
    session_id: str | None = None
    visitor_id: str | None = None
    channel: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    keyword: str | None = None
    landing_page: str | None = None
    referrer: str | None = None
    click_ids: dict[str, str] | None = None


def number_row(connection: Connection, company_id: str, number: str) -> Row[*tuple[Any, ...]] | None:
    """The company's tracking number with this E.164 form, or None."""
    query = select(numbers).where(numbers.c.company_id == company_id, numbers.c.number == number)
    return connection.execute(query.order_by(numbers.c.released_at.is_not(None))).first()


def holds_of(connection: Connection, company_id: str, number_id: str, until: Millis) -> list[Hold]:
    """The latest sessions that held the number before the moment."""
    query = (
        select(leases.c.session_id, leases.c.from_at, leases.c.until_at)
        .where(leases.c.company_id == company_id, leases.c.number_id == number_id, leases.c.from_at <= until)
        .order_by(leases.c.from_at.desc())
        .limit(MOST_CANDIDATES)
    )
    return [Hold(row.session_id, row.from_at, row.until_at) for row in connection.execute(query)]


def session_row(connection: Connection, company_id: str, session_id: str) -> Row[*tuple[Any, ...]] | None:
    """The session's facts, or None when they were forgotten."""
    query = select(sessions).where(sessions.c.company_id == company_id, sessions.c.session_id == session_id)
    return connection.execute(query).one_or_none()


def credit(
    connection: Connection,
    company_id: str,
    call_id: str,
    attribution: Attribution,
    candidates: Sequence[Candidate],
    search_text: str,
) -> None:
    """Write what a call is credited to, and the runners-up."""
    connection.execute(
        update(calls)
        .where(calls.c.company_id == company_id, calls.c.call_id == call_id)
        .values(
            number_id=attribution.number_id,
            attribution_kind=attribution.kind,
            confidence=attribution.confidence,
            session_id=attribution.session_id,
            visitor_id=attribution.visitor_id,
            channel=attribution.channel,
            source=attribution.source,
            medium=attribution.medium,
            campaign=attribution.campaign,
            keyword=attribution.keyword,
            landing_page=attribution.landing_page,
            referrer=attribution.referrer,
            click_ids=attribution.click_ids or {},
            search_text=search_text,
        )
    )
    connection.execute(
        delete(call_candidates).where(
            call_candidates.c.company_id == company_id, call_candidates.c.call_id == call_id
        )
    )
    rows = [
        {
            "company_id": company_id,
            "call_id": call_id,
            "session_id": each.session_id,
            "rank": rank,
            "probability": each.probability,
            "because": each.because,
        }
        for rank, each in enumerate(candidates, 1)
    ]
    if rows:
        connection.execute(insert(call_candidates), rows)
