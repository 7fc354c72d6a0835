"""Answers kept for a day, so that a request sent twice (`Idempotency-Key`) is done once and answered alike."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from swapboard.clock import DAY, Millis
from swapboard.storage.schema import idempotency_keys

KEPT: Millis = DAY


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to which request; the text is sealed, because it may hold a secret that is shown once."""

    request_hash: str
    status: int
    sealed: str


def kept_answer(connection: Connection, company_id: str, key: str, now: Millis) -> Answer | None:
    """The answer given under this key in the last day, or None."""
    query = select(idempotency_keys).where(
        idempotency_keys.c.company_id == company_id,
        idempotency_keys.c.key == key,
        idempotency_keys.c.created_at > now - KEPT,
    )
    row = connection.execute(query).one_or_none()
    return Answer(row.request_hash, row.status, row.answer) if row else None


def keep_answer(connection: Connection, company_id: str, key: str, answer: Answer, now: Millis) -> None:
    """Keep an answer, and drop the company's old ones. Raises IntegrityError when the key was used meanwhile."""
    old = (idempotency_keys.c.company_id == company_id, idempotency_keys.c.created_at <= now - KEPT)
    connection.execute(delete(idempotency_keys).where(*old))
    connection.execute(
        insert(idempotency_keys).values(
            company_id=company_id,
            key=key,
            request_hash=answer.request_hash,
            status=answer.status,
            answer=answer.sealed,
            created_at=now,
        )
    )
