"""Who answered: for each phone that was rung, how often it was picked up, how soon, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, distinct, func, select

from swapboard.reports.asked_calls import calls_asked
from swapboard.reports.call_sums import call_parts
from swapboard.reports.question import Question
from swapboard.reports.weekly import Run, number_at, read_at_once, sums_of
from swapboard.storage.schema import call_legs, calls

_SIZE = 1, 4
"""An agent's number, and its amounts."""
_IS_OVER = and_(call_legs.c.answered_at.is_not(None), call_legs.c.ended_at.is_not(None))


@dataclass(frozen=True, slots=True)
class Agent:
    """A phone, and the calls that rang it, each once; a call that rang several phones counts at each."""

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


def rang(company_id: str, number: str, *, answered: bool) -> ColumnElement[bool]:
    """Whether a call rang the phone, or was answered there."""
    legs = select(call_legs.c.call_id).where(
        call_legs.c.company_id == company_id, func.coalesce(call_legs.c.number, "") == number
    )
    return calls.c.call_id.in_(legs.where(_IS_OVER) if answered else legs)


def agents(connection: Connection, asked: Question) -> Sequence[Agent]:
    """The phones that calls of the period rang, those that answered most first."""
    parts = call_parts(connection, asked.company_id, asked.from_at, asked.until_at, asked.dimensions)

    def rows(run: Run) -> Sequence[Sequence[Any]]:
        of_run = replace(asked, from_at=run.from_at, until_at=run.until_at)
        return connection.execute(_by_number(of_run), run.told()).all()

    read = partial(read_at_once, rows=rows, size=_SIZE)
    key = "agents", asked.company_id, asked.by, asked.terms, asked.counted_by
    found = [Agent(number, *amounts) for (number,), amounts in sums_of(connection, parts, key, read, _SIZE).rows()]
    return sorted(found, key=lambda each: (-each.answered, -each.rang, each.number))


def _by_number(asked: Question) -> Select[*tuple[Any, ...]]:
    """What an agent has, in its order, of each part of the time."""
    counted = calls_asked(asked, calls.c.call_id, calls.c.started_at).subquery("counted")
    ring = case((_IS_OVER, (call_legs.c.answered_at - call_legs.c.started_at) // 1000), else_=0)
    talk = case((_IS_OVER, (call_legs.c.ended_at - call_legs.c.answered_at) // 1000), else_=0)
    number = func.coalesce(call_legs.c.number, "").label("number")
    return (
        select(
            number,
            func.count(distinct(call_legs.c.call_id)).label("rang"),
            func.count(distinct(case((_IS_OVER, call_legs.c.call_id)))).label("answered"),
            func.sum(ring).label("ring_seconds"),
            func.sum(talk).label("talk_seconds"),
            number_at(counted.c.started_at),
        )
        .join_from(call_legs, counted, counted.c.call_id == call_legs.c.call_id)
        .where(call_legs.c.company_id == asked.company_id)
        .group_by("number", "part")
    )
