"""Settings that a whole batch of work goes by, asked once for all of it.

A busy day's news of calls comes in batches, and each piece asks for the company's rules, destinations and curve.
Inside `asking_once` they are read when they are first asked for, and all pieces go by the same. Only what the
batch itself never writes may be asked so.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from sqlalchemy import Connection

Answer = TypeVar("Answer")

_KNOWN: ContextVar[dict[tuple[object, ...], Any] | None] = ContextVar("asked_once", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """Until the end of the block, each question marked so is asked once of each company."""
    outer = _KNOWN.set({})
    try:
        yield
    finally:
        _KNOWN.reset(outer)


def asked_once(ask: Callable[[Connection, str], Answer]) -> Callable[[Connection, str], Answer]:
    """Mark a question about a company whose answer is not changed by whoever gets it."""

    @wraps(ask)
    def asked(connection: Connection, company_id: str) -> Answer:
        known = _KNOWN.get()
        if known is None:
            return ask(connection, company_id)
        question = (ask, connection, company_id)
        if question not in known:
            known[question] = ask(connection, company_id)
        answer: Answer = known[question]
        return answer

    return asked
