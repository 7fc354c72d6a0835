"""The figures of calls, counted week by week: what has not changed is counted once."""

from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from functools import cache, partial
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, case, func, literal_column

from swapboard.calls.call import Status
from swapboard.reports.asked_calls import FROM, UNTIL
from swapboard.reports.call_sums import call_parts
from swapboard.reports.expected import Counted
from swapboard.reports.figures import ANSWERED, MISSED, VOICEMAIL
from swapboard.reports.ledger import AMOUNTS_OF_CALLS, Part
from swapboard.reports.question import Question
from swapboard.reports.weekly import Run, number_at, read_at_once, sums_of
from swapboard.storage.schema import calls

_MILLION = literal_column("1000000", BigInteger())


def parts_of_calls(
    connection: Connection,
    asked: Question,
    counted: Sequence[Counted],
    query: Callable[[Question, Counted], Select[*tuple[Any, ...]]],
    width: int,
    clock: tzinfo | None = None,
) -> Iterator[Part]:
    """The figures of each part in which calls are counted, by the so many values that the statement groups by."""
    weeks = call_parts(connection, asked.company_id, asked.from_at, asked.until_at, asked.dimensions)
    size = width, len(AMOUNTS_OF_CALLS)
    for place, each in enumerate(counted):
        # Made once for all weeks: to make a statement takes longer than to count a day.
        made = cache(partial(_by_part, query, asked, each))

        def rows(run: Run, made: Callable[[], Select[*tuple[Any, ...]]] = made) -> Sequence[Sequence[Any]]:
            time = {FROM: run.from_at, UNTIL: run.until_at}
            return connection.execute(made(), {**time, **run.told()}).all()

        # Of how calls are counted only what this part of them is: where all shares are alike, both ways are one.
        key = "calls", asked.company_id, asked.by, asked.terms, each.scale, place, clock
        read = partial(read_at_once, rows=rows, size=size)
        yield Part(sums_of(connection, weeks, key, read, size), AMOUNTS_OF_CALLS, each.scale)


def call_figures(found: Counted) -> Sequence[ColumnElement[int]]:
    """What AMOUNTS_OF_CALLS names, in its order."""
    has_value = calls.c.value_cents.is_not(None)

    def together(condition: ColumnElement[bool], amount: ColumnElement[int] | int = 1) -> ColumnElement[int]:
        return func.coalesce(func.sum(found.weight * case((condition, amount), else_=0)), 0)

    return (
        func.coalesce(func.sum(found.weight), 0).label("calls"),
        together(calls.c.first_time_caller).label("first_time"),
        together(_is(ANSWERED)).label("answered"),
        together(_is(VOICEMAIL)).label("voicemail"),
        together(_is(MISSED)).label("missed"),
        together(_is(ANSWERED), func.coalesce(calls.c.talk_seconds, 0)).label("talk_seconds"),
        together(calls.c.qualified.is_(True)).label("qualified"),
        together(calls.c.begins_lead).label("leads"),
        # Apart, for shares of large amounts are beyond what 64 bits hold.
        together(has_value, calls.c.value_cents % _MILLION).label("value_rest"),
        together(has_value, calls.c.value_cents // _MILLION).label("value_millions"),
    )


def _by_part(
    query: Callable[[Question, Counted], Select[*tuple[Any, ...]]], asked: Question, found: Counted
) -> Select[*tuple[Any, ...]]:
    return query(asked, found).add_columns(number_at(calls.c.started_at)).group_by("part")


def _is(statuses: frozenset[Status]) -> ColumnElement[bool]:
    return calls.c.status.in_(sorted(statuses))
