"""Commits a batch of work: together if it can be, else piece by piece, so that one bad piece spoils no other."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from swapboard.storage.engine import writing

log = logging.getLogger(__name__)

Work = TypeVar("Work")
Answer = TypeVar("Answer")
Asked = ParamSpec("Asked")

ATTEMPTS = 5
_AGAIN = {"40001", "40P01"}
"""PostgreSQL's serialization_failure and deadlock_detected (its manual, appendix A)."""
_TOO_MUCH = "54"
"""Its class of program limits: this very piece is too long for an index, say; the next may not be."""


class Unavailable(Exception):
    """The database did not answer, so that nobody knows of anything written."""

    retry_after_seconds = 5


class Conflict(Exception):
    """Another process took what this transaction had chosen; do it again."""


@dataclass(frozen=True, slots=True, eq=False)
class Job(Generic[Work, Answer]):
    """One kind of work: `run(connection, works)` answers in the same order, and neither commits nor rolls back."""

    name: str
    run: Callable[[Connection, Sequence[Work]], Sequence[Answer]]
    apart: bool = False
    """Whether the scribe may do it (`switchboard/scribe.py` lists it): works and answers can be pickled."""
    work_of: Callable[[Iterable[Any]], Work] | None = None
    answer_of: Callable[[Iterable[Any]], Answer] | None = None
    """Make a work or an answer of its fields, where it is a named tuple: then only the fields go to the scribe and
    back. Pickling a plain tuple takes a third of the time (measured: 0.9 µs, not 2.9, for a visit)."""
    fields_of: Callable[[Any], Iterable[Any]] = tuple
    """Of a work that `work_of` makes again: its fields, where it is no tuple itself."""


Piece: TypeAlias = tuple[Job[Any, Any], Any]
"""A job and one work for it."""
Outcome: TypeAlias = tuple[Any, Exception | None]
"""The answer, or why there is none."""


def _nothing() -> None:
    """For callers that wait for nothing but the disk."""


def commit(engine: Engine, batch: Sequence[Piece], worked: Callable[[], None] = _nothing) -> list[Outcome]:
    """Do all pieces durably; the outcomes come in the order of the pieces.

    `worked` is called when only the disk is still waited for.
    """
    try:
        return [(answer, None) for answer in _in_one_transaction(engine, batch, worked)]
    except Exception as error:
        if _is_unavailable(error):
            return [(None, _unavailable(error)) for _ in batch]
        if len(batch) > 1:
            log.warning("a batch of %d is done again piece by piece: %s", len(batch), error)
        return [_alone(engine, piece) for piece in batch]
    finally:
        worked()


def carry_out(
    engine: Engine,
    work: Callable[Concatenate[Connection, Asked], Answer],
    *asked: Asked.args,
    **named: Asked.kwargs,
) -> Answer:
    """Do what a command asks in a transaction of its own, and anew where another process was quicker."""
    for attempt in range(ATTEMPTS):
        try:
            with writing(engine) as connection:
                return work(connection, *asked, **named)
        except (OperationalError, IntegrityError) as error:
            if not _is_worth_another_try(error) or attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt answers or raises")


def _alone(engine: Engine, piece: Piece) -> Outcome:
    error: Exception | None = None
    for _attempt in range(ATTEMPTS):
        try:
            return _in_one_transaction(engine, [piece], _nothing)[0], None
        except Exception as raised:
            error = _unavailable(raised) if _is_unavailable(raised) else raised
            if not _is_worth_another_try(raised):
                break
    return None, error


def _in_one_transaction(engine: Engine, batch: Sequence[Piece], worked: Callable[[], None]) -> list[Any]:
    answers: dict[int, Any] = {}
    with writing(engine, worked) as connection:
        for job, places in _by_job(batch).items():
            done = job.run(connection, [batch[place][1] for place in places])
            answers.update(zip(places, done, strict=True))
    return [answers[place] for place in range(len(batch))]


def _by_job(batch: Sequence[Piece]) -> dict[Job[Any, Any], list[int]]:
    groups: dict[Job[Any, Any], list[int]] = {}
    for place, (job, _work) in enumerate(batch):
        groups.setdefault(job, []).append(place)
    return groups


def _is_worth_another_try(error: Exception) -> bool:
    return isinstance(error, (Conflict, IntegrityError)) or _sqlstate(error) in _AGAIN


def _is_unavailable(error: Exception) -> bool:
    """No connection, a time-out, a full disk: the next piece of work would fare no better."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    code = _sqlstate(error) or ""
    return code not in _AGAIN and not code.startswith(_TOO_MUCH)


def _unavailable(error: Exception) -> Unavailable:
    log.error("the database did not take what was to be written: %s", error)
    return Unavailable(str(error))


def _sqlstate(error: Exception) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)
