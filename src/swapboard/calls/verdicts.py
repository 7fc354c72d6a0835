"""What people say of a call afterwards: tags, what it was worth, whether it was a good lead."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from swapboard.storage.schema import calls

MOST_TAGS = 20
LONGEST_TAG = 50
MOST_CENTS = 10**12


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's word on a call; None where nothing was said. Money is in cents of the company's currency."""

    tags: tuple[str, ...]
    value_cents: int | None
    qualified: bool | None


def write_verdict(connection: Connection, company_id: str, call_id: str, verdict: Verdict) -> bool:
    """Keep what was said instead of what was said before; False when there is no such call."""
    changed = connection.execute(
        update(calls)
        .where(calls.c.company_id == company_id, calls.c.call_id == call_id)
        .values(tags=list(verdict.tags), value_cents=verdict.value_cents, qualified=verdict.qualified)
    )
    return changed.rowcount == 1


def verdict_of(connection: Connection, company_id: str, call_id: str) -> Verdict | None:
    """What stands of a call; None when there is no such call."""
    query = select(calls.c.tags, calls.c.value_cents, calls.c.qualified).where(
        calls.c.company_id == company_id, calls.c.call_id == call_id
    )
    row = connection.execute(query).one_or_none()
    return Verdict(tuple(row.tags), row.value_cents, row.qualified) if row else None


def add_to_verdict(connection: Connection, company_id: str, call_id: str, said: Verdict) -> Verdict:
    """What stands of a call, with more said of it: tags are added, a value or a judgement replaces the old."""
    known = verdict_of(connection, company_id, call_id)
    assert known is not None
    return Verdict(
        tags=tuple(dict.fromkeys((*known.tags, *said.tags)))[:MOST_TAGS],
        value_cents=known.value_cents if said.value_cents is None else said.value_cents,
        qualified=known.qualified if said.qualified is None else said.qualified,
    )


def is_any_qualified(connection: Connection, company_id: str, call_ids: Collection[str]) -> bool:
    """True when a person called one of these calls a good lead."""
    good = select(calls.c.call_id).where(
        calls.c.company_id == company_id, calls.c.call_id.in_(call_ids), calls.c.qualified.is_(True)
    )
    return connection.execute(good.limit(1)).first() is not None


def tidy_tags(tags: Collection[str]) -> tuple[str, ...]:
    """The tags without blanks and repetitions, in the order given. Raises ValueError for too many or too long."""
    tidy = tuple(dict.fromkeys(" ".join(tag.split()) for tag in tags if tag.strip()))
    if len(tidy) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tidy):
        raise ValueError(f"A call takes at most {MOST_TAGS} tags of at most {LONGEST_TAG} characters each.")
    return tidy
