"""A person's word on a match: the visit that the call is credited to really made it, or did not."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from swapboard.attribution.calibration import Check
from swapboard.attribution.recompute import credited
from swapboard.clock import Millis
from swapboard.storage.schema import match_verdicts


@dataclass(frozen=True, slots=True)
class MatchVerdict:
    """What was said of a call's match; `confidence` is how sure we were when it was said."""

    session_id: str
    is_right: bool
    confidence: float
    actor: str
    happened_at: Millis


def say(
    connection: Connection, company_id: str, call_id: str, is_right: bool | None, actor: str, now: Millis
) -> bool:
    """Keep a person's word instead of an earlier one; None takes it back. False when no visit is credited.

    It changes nothing of what the call is credited to. Raises NoResultFound when there is no such call.
    """
    credit = credited(connection, company_id, call_id)
    said = (match_verdicts.c.company_id == company_id, match_verdicts.c.call_id == call_id)
    connection.execute(delete(match_verdicts).where(*said))
    if is_right is None:
        return True
    if credit.kind != "session" or credit.session_id is None or credit.confidence is None:
        return False
    connection.execute(
        insert(match_verdicts).values(
            company_id=company_id,
            call_id=call_id,
            session_id=credit.session_id,
            is_right=is_right,
            confidence=credit.confidence,
            actor=actor,
            happened_at=now,
        )
    )
    return True


def said_of(connection: Connection, company_id: str, call_id: str) -> MatchVerdict | None:
    """What was said of the visit that the call is credited to now, or None."""
    query = select(match_verdicts).where(
        match_verdicts.c.company_id == company_id, match_verdicts.c.call_id == call_id
    )
    row = connection.execute(query).one_or_none()
    if row is None or row.session_id != credited(connection, company_id, call_id).session_id:
        return None
    return MatchVerdict(row.session_id, row.is_right, row.confidence, row.actor, row.happened_at)


def checks_by_people(connection: Connection, company_id: str, since: Millis) -> list[Check]:
    """How sure we were, and whether it was right, of each call that a person judged since then."""
    query = select(match_verdicts.c.confidence, match_verdicts.c.is_right).where(
        match_verdicts.c.company_id == company_id, match_verdicts.c.happened_at >= since
    )
    return [Check(row.confidence, row.is_right) for row in connection.execute(query)]
