"""Released numbers on their way back to the carrier, in the database: until they are there, they cost.

A return is written in the transaction that releases the number. It comes due when the number's quarantine is over,
or at once on a person's word; then the carrier is asked until it says yes, or no for good.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, select, update

from swapboard.clock import Millis
from swapboard.storage.schema import number_returns


class ReturnState(StrEnum):
    """How a return stands."""

    WAITING = "waiting"
    """It is not due yet, or the carrier gave no clear answer and will be asked again."""
    REFUSED = "refused"
    """The carrier will not, or it is not sure that the number is ours to end: somebody has to say what now."""
    ENDED = "ended"
    """The account no longer has it."""
    KEPT = "kept"
    """Somebody wanted it to stay."""

    @property
    def is_over(self) -> bool:
        """True when nothing more comes of it."""
        return self in {ReturnState.ENDED, ReturnState.KEPT}


@dataclass(frozen=True, slots=True)
class Return:
    """A released number (E.164) that is to leave a carrier account; `actor` is who ordered it."""

    number_id: str
    number: str
    carrier_id: str
    state: ReturnState
    actor: str
    asked_at: Millis
    due_at: Millis
    tries: int = 0
    is_sure: bool = False
    """Somebody said that it is to end although it points elsewhere."""
    problem: str | None = None
    """The carrier's own words, or ours."""


def open_return(connection: Connection, company_id: str, wanted: Return) -> None:
    """A number is to be given back when the return comes due."""
    connection.execute(insert(number_returns).values(company_id=company_id, **asdict(wanted)))


def open_returns(connection: Connection, company_id: str) -> list[Return]:
    """Those that are not over, the soonest first."""
    query = select(number_returns).where(*_open(company_id)).order_by(number_returns.c.due_at)
    return [_return(row) for row in connection.execute(query)]


def not_back_yet(company_id: str) -> Select[tuple[str]]:
    """The ids of released numbers that still cost: those to be given back, and those that stay."""
    still_there = number_returns.c.state != ReturnState.ENDED.value
    return select(number_returns.c.number_id).where(number_returns.c.company_id == company_id, still_there)


def due_returns(connection: Connection, company_id: str, now: Millis) -> list[Return]:
    """Those that the carrier is to be asked for now."""
    due = (number_returns.c.state == ReturnState.WAITING.value, number_returns.c.due_at <= now)
    query = select(number_returns).where(*_open(company_id), *due).order_by(number_returns.c.due_at)
    return [_return(row) for row in connection.execute(query)]


def return_of(connection: Connection, company_id: str, number_id: str) -> Return | None:
    """What becomes of a released number; None when it is at no carrier of ours."""
    row = connection.execute(select(number_returns).where(*_is(company_id, number_id))).one_or_none()
    return _return(row) if row else None


def end_now(connection: Connection, company_id: str, number_id: str, actor: str, now: Millis) -> bool:
    """A person's word that the number need not rest, or is to end whatever it points to; False when it is over."""
    told = {"state": ReturnState.WAITING.value, "due_at": now, "actor": actor, "is_sure": True, "problem": None}
    return _change(connection, company_id, number_id, told)


def keep(connection: Connection, company_id: str, number_id: str, now: Millis) -> bool:
    """The number stays at the carrier, and costs; False when it is over."""
    return _change(connection, company_id, number_id, {"state": ReturnState.KEPT.value, "finished_at": now})


def keep_those(connection: Connection, company_id: str, numbers: Iterable[str], now: Millis) -> None:
    """Numbers (E.164) that are ours again are not given back."""
    waiting = select(number_returns.c.number_id, number_returns.c.number).where(*_open(company_id))
    # The few that wait are asked for, not the numbers, of which there may be more than a statement takes.
    ours_again = set(numbers)
    for row in connection.execute(waiting).all():
        if row.number in ours_again:
            keep(connection, company_id, row.number_id, now)


def write_answer(connection: Connection, company_id: str, answered: Return, now: Millis) -> bool:
    """What the carrier said; False when somebody changed it meanwhile, so that it no longer counts."""
    told = {
        "state": answered.state.value,
        "due_at": answered.due_at,
        "tries": answered.tries,
        "problem": answered.problem,
        "finished_at": now if answered.state.is_over else None,
    }
    row = (*_is(company_id, answered.number_id), number_returns.c.state == ReturnState.WAITING.value)
    return connection.execute(update(number_returns).where(*row).values(told)).rowcount == 1


def _change(connection: Connection, company_id: str, number_id: str, told: dict[str, Any]) -> bool:
    row = (*_is(company_id, number_id), number_returns.c.finished_at.is_(None))
    return connection.execute(update(number_returns).where(*row).values(told)).rowcount == 1


def _is(company_id: str, number_id: str) -> tuple[ColumnElement[bool], ...]:
    return number_returns.c.company_id == company_id, number_returns.c.number_id == number_id


def _open(company_id: str) -> tuple[ColumnElement[bool], ...]:
    return number_returns.c.company_id == company_id, number_returns.c.finished_at.is_(None)


def _return(row: Row[*tuple[Any, ...]]) -> Return:
    return Return(
        number_id=row.number_id,
        number=row.number,
        carrier_id=row.carrier_id,
        state=ReturnState(row.state),
        actor=row.actor,
        asked_at=row.asked_at,
        due_at=row.due_at,
        tries=row.tries,
        is_sure=row.is_sure,
        problem=row.problem,
    )
