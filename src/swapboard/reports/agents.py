"""Who answered: for each phone that was rung, how often it was picked up, how soon, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, func, select

from swapboard.reports.store import Question, calls_asked
from swapboard.storage.schema import call_legs, calls


@dataclass(frozen=True, slots=True)
class Agent:
    """A phone, and the calls that rang it; a call that rang several phones counts at each."""

    number: str
    """E.164; the empty text where it is not known."""
    rang: int
    answered: int
    ring_seconds: int
    """Until those that it answered were answered, together."""
    talk_seconds: int

    @property
    def answered_share(self) -> float | None:
        return self.answered / self.rang if self.rang else None

    @property
    def mean_ring_seconds(self) -> float | None:
        return self.ring_seconds / self.answered if self.answered else None

    @property
    def mean_talk_seconds(self) -> float | None:
        return self.talk_seconds / self.answered if self.answered else None


def agents(connection: Connection, asked: Question) -> Sequence[Agent]:
    """The phones that calls of the period rang, those that answered most first."""
    counted = calls_asked(asked, calls.c.call_id).subquery("counted")
    is_over = and_(call_legs.c.answered_at.is_not(None), call_legs.c.ended_at.is_not(None))
    ring = case((is_over, (call_legs.c.answered_at - call_legs.c.started_at) // 1000), else_=0)
    talk = case((is_over, (call_legs.c.ended_at - call_legs.c.answered_at) // 1000), else_=0)
    number = func.coalesce(call_legs.c.number, "").label("number")
    query = (
        select(
            number,
            func.count().label("rang"),
            func.sum(case((is_over, 1), else_=0)).label("answered"),
            func.sum(ring).label("ring_seconds"),
            func.sum(talk).label("talk_seconds"),
        )
        .join_from(call_legs, counted, counted.c.call_id == call_legs.c.call_id)
        .where(call_legs.c.company_id == asked.company_id)
        .group_by("number")
    )
    found = [
        Agent(row.number, row.rang, int(row.answered), int(row.ring_seconds), int(row.talk_seconds))
        for row in connection.execute(query)
    ]
    return sorted(found, key=lambda each: (-each.answered, -each.rang, each.number))
