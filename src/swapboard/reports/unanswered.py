"""Missed calls: who came back, and how soon somebody spoke with them after all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

from sqlalchemy import Connection, func, select

from swapboard.clock import DAY, Millis
from swapboard.reports.asked_calls import calls_asked
from swapboard.reports.call_sums import call_parts
from swapboard.reports.figures import ANSWERED, MISSED, VOICEMAIL
from swapboard.reports.question import Question
from swapboard.reports.warm import kept
from swapboard.reports.weekly import Part
from swapboard.storage.schema import calls

LATEST: Millis = 7 * DAY
"""Who calls again later than that has another reason."""
_CALL_BYTES = 300
"""What a missed call takes, about."""
_AT_ONCE = 500
"""A statement takes no more ids than that, so that it is always one of a few."""
_is_missed = calls.c.status.in_(sorted(MISSED | VOICEMAIL))


@dataclass(frozen=True, slots=True)
class MissedCall:
    """A call that nobody answered, and when the same caller was answered next, if within a week."""

    call_id: str
    started_at: Millis
    caller_number: str | None
    """None until `with_callers` reads it: what is kept in memory names nobody, who may want to be forgotten."""
    answered_at: Millis | None

    @property
    def waited(self) -> Millis | None:
        return None if self.answered_at is None else self.answered_at - self.started_at


@dataclass(frozen=True, slots=True)
class Missed:
    """What became of the missed calls of a period, newest first."""

    calls: Sequence[MissedCall]

    @property
    def spoken_with(self) -> int:
        """How many of them called again, and were answered."""
        return sum(each.answered_at is not None for each in self.calls)

    @property
    def typical_wait(self) -> Millis | None:
        """How long half of those waited at most."""
        waits = [each.waited for each in self.calls if each.waited is not None]
        return round(median(waits)) if waits else None


def count_missed(connection: Connection, asked: Question) -> int:
    """How many calls of the period nobody answered."""
    unanswered = calls_asked(asked, calls.c.call_id).where(_is_missed).subquery("unanswered")
    return connection.execute(select(func.count()).select_from(unanswered)).scalar_one()


def missed(connection: Connection, asked: Question) -> Missed:
    """The calls of the period that nobody answered; a message on the voicemail is no answer."""
    times = (asked.from_at, asked.until_at), (asked.until_at, asked.until_at + LATEST)
    parts, after = (call_parts(connection, asked.company_id, *time, asked.dimensions) for time in times)
    found = [_missed_in(connection, asked, part, [*parts, *after]) for part in reversed(parts)]
    return Missed([call for some in found for call in some])


def with_callers(connection: Connection, company_id: str, found: Missed) -> Missed:
    """The same, and who called; nobody for who was forgotten."""
    numbers: dict[str, str | None] = {}
    for start in range(0, len(found.calls), _AT_ONCE):
        ids = [each.call_id for each in found.calls[start : start + _AT_ONCE]]
        theirs = calls.c.company_id == company_id, calls.c.call_id.in_(ids)
        rows = connection.execute(select(calls.c.call_id, calls.c.caller_number).where(*theirs))
        numbers |= {row.call_id: row.caller_number for row in rows}
    return Missed([replace(each, caller_number=numbers.get(each.call_id)) for each in found.calls])


def _missed_in(
    connection: Connection, asked: Question, part: Part, others: Sequence[Part]
) -> Sequence[MissedCall]:
    """Those of a part, newest first. What became of them depends on the calls of the next days, too."""
    of_part = replace(asked, from_at=part.from_at, until_at=part.until_at)
    near = tuple(each for each in others if part.from_at <= each.from_at <= part.until_at + LATEST)
    ask = partial(_missed, connection, of_part)
    stamp = None if part.stamp is None else near
    return kept(connection, ("missed", of_part), stamp, ask, lambda calls: _CALL_BYTES * len(calls))


def _missed(connection: Connection, asked: Question) -> Sequence[MissedCall]:
    again = calls.alias("again")
    answered = (
        select(func.min(again.c.started_at))
        .where(
            again.c.company_id == calls.c.company_id,
            again.c.caller_number == calls.c.caller_number,
            again.c.started_at > calls.c.started_at,
            again.c.started_at <= calls.c.started_at + LATEST,
            again.c.status.in_(sorted(ANSWERED)),
            again.c.is_spam.is_(False),
        )
        .scalar_subquery()
    )
    columns = (calls.c.call_id, calls.c.started_at, answered.label("answered_at"))
    unanswered = calls_asked(asked, *columns).where(_is_missed)
    query = unanswered.order_by(calls.c.started_at.desc(), calls.c.call_id.desc())
    rows = connection.execute(query)
    return [MissedCall(row.call_id, row.started_at, None, row.answered_at) for row in rows]
