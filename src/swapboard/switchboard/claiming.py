"""Who does a chore: of several processes, the one that moves its due time on.

It is moved by an hour at most, and the rest of the way once the chore is done: a process that is killed in the
middle of a night's work tells nobody.

Apart from the chores themselves, which bring much with them that the process which writes never needs.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, select, update

from swapboard.accounts.store import config_versions
from swapboard.clock import HOUR, Millis
from swapboard.storage.commit import Job
from swapboard.storage.schema import chores

HELD: Millis = HOUR
"""For so long whoever claimed a chore has it for itself."""


class Due(NamedTuple):
    """A chore of one company that is due."""

    company_id: str
    name: str


class Claim(NamedTuple):
    """Take what is due by `now` of these chores."""

    now: Millis
    chores: Sequence[tuple[str, Millis]]
    """(name, how often)."""


def claim(connection: Connection, claims: Sequence[Claim]) -> list[list[Due]]:
    """The chores that are due, which are this process's to do; each comes due again, whatever becomes of it."""
    return [_claim(connection, each) for each in claims]


CLAIM: Job[Claim, list[Due]] = Job("claim", claim, apart=True)


def note_done(connection: Connection, due: Due, claimed_at: Millis, every: Millis) -> None:
    """Let a chore that was claimed then come due again in its own time, unless somebody wants it sooner."""
    if every > HELD:
        _move_on(connection, due, claimed_at + HELD, claimed_at + every)


def put_off(connection: Connection, due: Due, until: Millis) -> None:
    """Let a chore that failed come due again at this instant."""
    connection.execute(update(chores).where(*_is(due)).values(due_at=until))


def put_all_off(connection: Connection, dues: Sequence[Due], until: Millis) -> None:
    """The same of several."""
    for due in dues:
        put_off(connection, due, until)


def _claim(connection: Connection, asked: Claim) -> list[Due]:
    taken: list[Due] = []
    for company_id in config_versions(connection):
        query = select(chores.c.name, chores.c.due_at).where(chores.c.company_id == company_id)
        due_at = {row.name: row.due_at for row in connection.execute(query)}
        for name, every in asked.chores:
            due = Due(company_id, name)
            if name not in due_at:
                connection.execute(insert(chores).values(**due._asdict(), due_at=asked.now + min(every, HELD)))
                taken.append(due)
            elif _is_due(due_at[name], asked.now, every) and _move_on(
                connection, due, due_at[name], asked.now + min(every, HELD)
            ):
                taken.append(due)
    return taken


def _is_due(due_at: Millis, now: Millis, every: Millis) -> bool:
    """Nothing is put off for longer than that: who finds it so has a clock that was wrong, and is right now."""
    return due_at <= now or due_at > now + max(every, HELD)


def _move_on(connection: Connection, due: Due, due_at: Millis, until: Millis) -> bool:
    moved = update(chores).where(*_is(due), chores.c.due_at == due_at).values(due_at=until)
    return connection.execute(moved).rowcount == 1


def _is(due: Due) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return chores.c.company_id == due.company_id, chores.c.name == due.name
