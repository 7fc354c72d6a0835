"""Calls that count in no other report, because they are spam: where they came in, and what gave them away."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from swapboard.calls.call import Status
from swapboard.reports.behind_store import Behind
from swapboard.reports.columns import OF_CALLS, calls_with, conditions
from swapboard.reports.one_state import once
from swapboard.reports.question import Question
from swapboard.storage.schema import calls


@dataclass(frozen=True, slots=True)
class SpammedNumber:
    """A tracking number (E.164, empty where not known) and the spam that it got."""

    number: str
    spam: int
    turned_away: int
    """Nobody's phone rang."""
    talk_seconds: int
    """Time that somebody lost on it."""


@dataclass(frozen=True, slots=True)
class SpamCalls:
    """All spam of a period; `signals` says in how many of these calls each was found."""

    numbers: Sequence[SpammedNumber]
    signals: Mapping[str, int]
    all_calls: int
    """Spam and others."""

    @property
    def spam(self) -> int:
        return sum(each.spam for each in self.numbers)

    @property
    def turned_away(self) -> int:
        return sum(each.turned_away for each in self.numbers)

    @property
    def talk_seconds(self) -> int:
        return sum(each.talk_seconds for each in self.numbers)


def spam_calls(connection: Connection, asked: Question) -> SpamCalls:
    """The spam that meets the question's terms; the worst numbers first."""
    query = select(func.count()).select_from(calls_with(asked.dimensions)).where(*_asked_for(asked))
    everything = connection.execute(query).scalar_one()
    signals = Counter(name for row in _spam(connection, asked) for name, _count in row.spam_reasons or ())
    return SpamCalls(spammed_numbers(connection, asked), dict(signals.most_common()), everything)


def spammed_numbers(connection: Connection, asked: Question) -> Sequence[SpammedNumber]:
    """Where it came in; the worst first."""
    spam: Counter[str] = Counter()
    turned_away: Counter[str] = Counter()
    talked: Counter[str] = Counter()
    for row in _spam(connection, asked):
        number = row.tracking_number or ""
        spam[number] += 1
        turned_away[number] += row.status == Status.BLOCKED
        talked[number] += row.talk_seconds or 0
    numbers = [SpammedNumber(each, count, turned_away[each], talked[each]) for each, count in spam.items()]
    return sorted(numbers, key=lambda each: (-each.spam, each.number))


def _spam(connection: Connection, asked: Question) -> Sequence[Row[*tuple[Any, ...]]]:
    """Read once for all that a page says of it."""
    columns = calls.c.tracking_number, calls.c.status, calls.c.talk_seconds, calls.c.spam_reasons
    source = calls_with(asked.dimensions)
    query = select(*columns).select_from(source).where(*_asked_for(asked), calls.c.is_spam.is_(True))
    return once(connection, ("spam", asked), lambda: connection.execute(query).all())


def spam_behind(
    connection: Connection, asked: Question, signal: str, *only: ColumnElement[bool], turned_away: bool
) -> Sequence[Behind]:
    """The calls of it that are so, newest first: those in which the signal was found, if one is asked for."""
    columns = calls.c.call_id, calls.c.started_at, calls.c.status, calls.c.spam_reasons
    found = connection.execute(
        select(*columns)
        .select_from(calls_with(asked.dimensions))
        .where(*_asked_for(asked), calls.c.is_spam.is_(True), *only)
        .order_by(calls.c.started_at.desc(), calls.c.call_id.desc())
    )
    return [
        Behind(row.call_id, row.started_at, 1)
        for row in found
        if (row.status == Status.BLOCKED or not turned_away)
        and (not signal or signal in {name for name, _count in row.spam_reasons or ()})
    ]


def _asked_for(asked: Question) -> Sequence[ColumnElement[bool]]:
    return (
        calls.c.company_id == asked.company_id,
        calls.c.started_at >= asked.from_at,
        calls.c.started_at < asked.until_at,
        *conditions(asked.terms, OF_CALLS),
    )
