"""The calls behind any figure: which of the calls of a line it counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, select

from swapboard.reports.agents import rang
from swapboard.reports.behind_store import Behind, calls_behind
from swapboard.reports.figures import ANSWERED, MISSED, VOICEMAIL
from swapboard.reports.question import Question
from swapboard.reports.spam_calls import spam_behind
from swapboard.reports.sums import Cell
from swapboard.storage.schema import calls, numbers


class Part(StrEnum):
    """Which calls a figure counts; the words stand in addresses."""

    ALL = ""
    FIRST_TIME = "first-time"
    ANSWERED = "answered"
    MISSED = "missed"
    UNANSWERED = "unanswered"
    """Missed, or with a message on the voicemail."""
    NEW = "new"
    """Of somebody who got in touch for the first time."""
    GOOD = "good"
    VALUED = "valued"
    """Somebody, or a rule, said what it is worth."""
    RANG = "rang"
    """A certain phone."""
    PICKED_UP = "picked-up"
    """At a certain phone."""
    SPAM = "spam"
    TURNED_AWAY = "turned-away"


_SPAM = frozenset({Part.SPAM, Part.TURNED_AWAY})
_OF_A_PHONE = frozenset({Part.RANG, Part.PICKED_UP})
_ONLY: Mapping[Part, ColumnElement[bool]] = {
    Part.FIRST_TIME: calls.c.first_time_caller.is_(True),
    Part.ANSWERED: calls.c.status.in_(sorted(ANSWERED)),
    Part.MISSED: calls.c.status.in_(sorted(MISSED)),
    Part.UNANSWERED: calls.c.status.in_(sorted(MISSED | VOICEMAIL)),
    Part.NEW: calls.c.begins_lead.is_(True),
    Part.GOOD: calls.c.qualified.is_(True),
    Part.VALUED: calls.c.value_cents != 0,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A part of the calls, and what more it is of."""

    part: Part = Part.ALL
    phone: str = ""
    """Of those that rang or picked up."""
    signal: str = ""
    """Of spam: what gave it away, or all of it."""
    pool_id: str = ""
    """Of those that came by a number which is now in it: two pools may have one name."""
    cells: frozenset[Cell] | None = None
    """Of some combinations of what the question is by only."""


def behind_figure(connection: Connection, asked: Question, figure: Figure, most: int | None) -> Sequence[Behind]:
    """The calls that it counts, newest first; all of them for None."""
    only = list(_only(asked.company_id, figure))
    if figure.part in _SPAM:
        turned_away = figure.part is Part.TURNED_AWAY
        return spam_behind(connection, asked, figure.signal, *only, turned_away=turned_away)[:most]
    found = calls_behind(connection, asked, most, and_(*only) if only else None, figure.cells)
    # Who answers is told of whole calls, however likely it is that such a visit made them.
    return [replace(each, share=1) for each in found] if figure.part in _OF_A_PHONE else found


def _only(company_id: str, figure: Figure) -> Iterator[ColumnElement[bool]]:
    if figure.part in _ONLY:
        yield _ONLY[figure.part]
    if figure.part in _OF_A_PHONE:
        yield rang(company_id, figure.phone, answered=figure.part is Part.PICKED_UP)
    if figure.pool_id:
        in_pool = numbers.c.company_id == company_id, numbers.c.pool_id == figure.pool_id
        yield calls.c.number_id.in_(select(numbers.c.number_id).where(*in_pool))
