"""What a flow may ask about a call's past: which visit made it, and who talked to its caller before."""

from sqlalchemy import Connection, select

from swapboard.calls.flow_event import NO_VISIT, Visit
from swapboard.storage.schema import calls


def visit_of(connection: Connection, company_id: str, carrier_id: str, call_ref: str) -> Visit:
    """The visit that the call is credited to, as far as it is known yet."""
    table = calls.c
    query = select(table.channel, table.source, table.medium, table.campaign, table.keyword).where(
        table.company_id == company_id, table.carrier_id == carrier_id, table.call_ref == call_ref
    )
    row = connection.execute(query).one_or_none()
    return Visit(*row) if row else NO_VISIT


def caller_of_call(connection: Connection, company_id: str, carrier_id: str, call_ref: str) -> str | None:
    """Who calls (E.164), as it was told when the call arrived; None when withheld or not known yet."""
    table = calls.c
    query = select(table.caller_number).where(
        table.company_id == company_id, table.carrier_id == carrier_id, table.call_ref == call_ref
    )
    return connection.execute(query).scalar_one_or_none()


def spam_score_of_call(connection: Connection, company_id: str, carrier_id: str, call_ref: str) -> float:
    """How probable it is that the call is spam, as it was judged when it arrived; 0 where it is not judged yet."""
    table = calls.c
    query = select(table.spam_score).where(
        table.company_id == company_id, table.carrier_id == carrier_id, table.call_ref == call_ref
    )
    return connection.execute(query).scalar_one_or_none() or 0.0


def answered_before(connection: Connection, company_id: str, caller: str) -> str | None:
    """The number (E.164) at which this caller was answered last, or None."""
    table = calls.c
    query = (
        select(table.destination)
        .where(table.company_id == company_id, table.caller_number == caller, table.answered_at.is_not(None))
        .order_by(table.started_at.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()
