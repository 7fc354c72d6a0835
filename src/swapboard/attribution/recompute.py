"""Weighs finished calls anew, by what was learned since: first shown, then applied; every change is written down.

The evidence is what it was when the call ended, so that the same curve always gives the same answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice

from sqlalchemy import Connection, insert, select, update

from swapboard.attribution import store
from swapboard.attribution.attribute import conclude, search_text
from swapboard.attribution.learned import evidence_from_json
from swapboard.attribution.posterior import Candidate
from swapboard.attribution.store import Attribution
from swapboard.clock import Millis
from swapboard.storage.ids import new_id
from swapboard.storage.schema import attribution_changes, call_evidence, calls

AT_ONCE = 200
"""So many calls are changed in one transaction: visits wait for no more than that."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What a call is credited to; `kind` is session, static or unknown."""

    kind: str
    session_id: str | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Recredit:
    """A call that would be credited differently."""

    call_id: str
    started_at: Millis
    was: Credit
    attribution: Attribution
    candidates: tuple[Candidate, ...]

    @property
    def became(self) -> Credit:
        return credit_of(self.attribution)

    @property
    def moves(self) -> bool:
        """True when it is credited to another visit, or to none, and not only more or less surely."""
        return (self.was.kind, self.was.session_id) != (self.became.kind, self.became.session_id)


@dataclass(frozen=True, slots=True)
class Review:
    """What weighing anew would change, by one version of the curve, of the calls in [since, until)."""

    version: int
    since: Millis
    until: Millis
    weighed: int
    changes: tuple[Recredit, ...]

    @property
    def moved(self) -> Sequence[Recredit]:
        """Those that would be credited to another visit, or to none, the latest first."""
        return [each for each in reversed(self.changes) if each.moves]


def review(connection: Connection, company_id: str, since: Millis, until: Millis) -> Review:
    """Weigh every call of the time by the latest curve, and change nothing."""
    learned = store.learned(connection, company_id)
    query = (
        select(
            calls.c.call_id,
            calls.c.started_at,
            calls.c.number_id,
            calls.c.attribution_kind,
            calls.c.session_id,
            calls.c.confidence,
            call_evidence.c.happened_at,
            call_evidence.c.evidence,
        )
        .join_from(
            call_evidence,
            calls,
            (calls.c.company_id == call_evidence.c.company_id) & (calls.c.call_id == call_evidence.c.call_id),
        )
        .where(
            call_evidence.c.company_id == company_id,
            call_evidence.c.happened_at >= since,
            call_evidence.c.happened_at < until,
        )
        .order_by(call_evidence.c.happened_at, call_evidence.c.call_id)
        .execution_options(yield_per=AT_ONCE)
    )
    changes, weighed = [], 0
    for row in connection.execute(query):
        weighed += 1
        evidence = evidence_from_json(row.evidence, row.happened_at)
        attribution, candidates = conclude(connection, company_id, row.number_id, evidence, learned)
        was = Credit(row.attribution_kind, row.session_id, row.confidence)
        if was != credit_of(attribution):
            changes.append(Recredit(row.call_id, row.started_at, was, attribution, candidates))
    return Review(learned.version, since, until, weighed, tuple(changes))


def in_batches(changes: Sequence[Recredit]) -> Iterator[tuple[Recredit, ...]]:
    """The changes, so many as one transaction takes at a time."""
    rest = iter(changes)
    while batch := tuple(islice(rest, AT_ONCE)):
        yield batch


def apply(
    connection: Connection, company_id: str, version: int, changes: Sequence[Recredit], actor: str, now: Millis
) -> list[Recredit]:
    """Credit the calls anew and write each change down; one that is not as it was shown stays as it is."""
    # Their ids stand as the calls do, so that the log of one moment does, too.
    ids = sorted(new_id(now) for _each in changes)
    pairs = zip(changes, ids, strict=True)
    return [each for each, its_id in pairs if _apply(connection, company_id, version, each, actor, now, its_id)]


def credit_of(attribution: Attribution) -> Credit:
    """The part of an attribution that a change is told by."""
    return Credit(attribution.kind, attribution.session_id, attribution.confidence)


def credited(connection: Connection, company_id: str, call_id: str) -> Credit:
    """What the call is credited to now."""
    query = select(calls.c.attribution_kind, calls.c.session_id, calls.c.confidence)
    row = connection.execute(query.where(calls.c.company_id == company_id, calls.c.call_id == call_id)).one()
    return Credit(row.attribution_kind, row.session_id, row.confidence)


def note_change(
    connection: Connection,
    company_id: str,
    call_id: str,
    was: Credit,
    became: Credit,
    actor: str,
    now: Millis,
    change_id: str = "",
) -> None:
    """Write down that a call which had ended is credited differently, if it is."""
    if was == became:
        return
    connection.execute(
        insert(attribution_changes).values(
            company_id=company_id,
            change_id=change_id or new_id(now),
            call_id=call_id,
            happened_at=now,
            actor=actor,
            version=store.learned(connection, company_id).version,
            was=asdict(was),
            became=asdict(became),
        )
    )


def _apply(
    connection: Connection,
    company_id: str,
    version: int,
    change: Recredit,
    actor: str,
    now: Millis,
    change_id: str,
) -> bool:
    of_call = (calls.c.company_id == company_id, calls.c.call_id == change.call_id)
    # Held, so that nobody credits it otherwise between this look and what is written.
    row = connection.execute(select(calls).where(*of_call).with_for_update(key_share=True)).one_or_none()
    if row is None or Credit(row.attribution_kind, row.session_id, row.confidence) != change.was:
        return False
    numbers = (row.caller_number, row.tracking_number, row.destination)
    text = search_text(numbers, (row.caller_name, row.caller_place), change.attribution)
    store.credit(connection, company_id, change.call_id, change.attribution, change.candidates, text)
    connection.execute(
        update(call_evidence)
        .where(call_evidence.c.company_id == company_id, call_evidence.c.call_id == change.call_id)
        .values(version=version)
    )
    note_change(connection, company_id, change.call_id, change.was, change.became, actor, now, change_id)
    return True
