"""A person's word on a match: the answer was right, or it was not, or nobody of the candidates called.

The answer is the visit that the call is credited to, or that nobody from the site called.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select

from swapboard.attribution.calibration import Check
from swapboard.attribution.recompute import Credit, credited
from swapboard.attribution.store import nobody_of
from swapboard.clock import Millis
from swapboard.storage.schema import match_verdicts


class Said(StrEnum):
    """What a person says of the answer."""

    RIGHT = "right"
    WRONG = "wrong"
    NOBODY = "nobody"
    """It was nobody from the site: of an answer that names a visit, this says that it is wrong."""


@dataclass(frozen=True, slots=True)
class MatchVerdict:
    """What was said of a call's match; `confidence` is how sure we were when it was said."""

    session_id: str | None
    """None where the answer was nobody."""
    word: Said
    confidence: float
    actor: str
    happened_at: Millis

    @property
    def is_right(self) -> bool:
        """Whether the answer was right."""
        return self.word is Said.RIGHT or (self.word is Said.NOBODY and self.session_id is None)


def say(connection: Connection, company_id: str, call_id: str, word: Said | None, actor: str, now: Millis) -> bool:
    """Keep a person's word instead of an earlier one; None takes it back. False when there was no answer to judge.

    It changes nothing of what the call is credited to. Raises NoResultFound when there is no such call.
    """
    credit = credited(connection, company_id, call_id)
    said = (match_verdicts.c.company_id == company_id, match_verdicts.c.call_id == call_id)
    connection.execute(delete(match_verdicts).where(*said))
    if word is None:
        return True
    confidence = _confidence(connection, company_id, call_id, credit)
    if confidence is None:
        return False
    verdict = MatchVerdict(credit.session_id, word, confidence, actor, now)
    connection.execute(
        insert(match_verdicts).values(
            company_id=company_id,
            call_id=call_id,
            session_id=credit.session_id or "",
            is_right=verdict.is_right,
            was_nobody=word is Said.NOBODY or (word is Said.RIGHT and credit.session_id is None),
            confidence=confidence,
            actor=actor,
            happened_at=now,
        )
    )
    return True


def _confidence(connection: Connection, company_id: str, call_id: str, credit: Credit) -> float | None:
    if credit.kind == "session" and credit.session_id is not None:
        return credit.confidence
    return nobody_of(connection, company_id, call_id) if credit.kind == "unknown" else None


def said_of(connection: Connection, company_id: str, call_id: str) -> MatchVerdict | None:
    """What was said of what the call is credited to now, or None."""
    query = select(match_verdicts).where(
        match_verdicts.c.company_id == company_id, match_verdicts.c.call_id == call_id
    )
    row = connection.execute(query).one_or_none()
    if row is None or (row.session_id or None) != credited(connection, company_id, call_id).session_id:
        return None
    word = Said.NOBODY if row.was_nobody else Said.RIGHT if row.is_right else Said.WRONG
    return MatchVerdict(row.session_id or None, word, row.confidence, row.actor, row.happened_at)


def checks_by_people(connection: Connection, company_id: str, since: Millis) -> list[Check]:
    """How sure we were, and whether it was right, of each call that a person judged since then."""
    query = select(match_verdicts.c.confidence, match_verdicts.c.is_right).where(
        match_verdicts.c.company_id == company_id, match_verdicts.c.happened_at >= since
    )
    return [Check(row.confidence, row.is_right) for row in connection.execute(query)]
