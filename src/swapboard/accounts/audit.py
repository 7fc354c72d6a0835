"""Who saw, heard or deleted what."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, delete, func, insert, or_, select

from swapboard.clock import DAY, HOUR, Millis
from swapboard.storage.ids import begins_with, new_id
from swapboard.storage.schema import audit_entries, companies
from swapboard.storage.text_parts import in_small

KEPT_DAYS = 730
JOURNAL_DAYS = range(90, 3651)
"""So long it is kept; never so short that whoever shortens it hides what they just did."""
FORGETTING_EVERY: Millis = HOUR
_AT_ONCE = 5_000


class Act(StrEnum):
    """What somebody did."""

    HEARD = "heard"
    READ = "read"
    DELETED = "deleted"
    EXPORTED = "exported"
    """All of a list was taken out as a file."""
    FORGOT_CALLER = "forgot_caller"
    PAUSED = "paused"
    RESUMED = "resumed"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SHARED = "shared"
    REVOKED_LINK = "revoked_link"
    OPENED_LINK = "opened_link"
    INVITED = "invited"
    WITHDREW = "withdrew"
    JOINED = "joined"
    ROLE_CHANGED = "role_changed"
    REMOVED = "removed"
    LEFT = "left"
    CHANGED = "changed"
    MADE_KEY = "made_key"
    REVOKED_KEY = "revoked_key"
    ENDED_LOG_INS = "ended_log_ins"
    MADE_PASSKEY = "made_passkey"
    REMOVED_PASSKEY = "removed_passkey"
    SECOND_STEP_ON = "second_step_on"
    SECOND_STEP_OFF = "second_step_off"
    CHANGED_PASSWORD = "changed_password"  # noqa: S105 the name of a deed


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody's deed."""

    entry_id: str
    happened_at: Millis
    actor: str
    act: Act
    subject: str


def note(connection: Connection, company_id: str, actor: str, act: Act, subject: str, now: Millis) -> None:
    """Write a deed down."""
    connection.execute(
        insert(audit_entries).values(
            company_id=company_id,
            entry_id=new_id(now),
            happened_at=now,
            actor=actor,
            act=act.value,
            subject=subject,
        )
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deeds are asked for; empty and None leave everything in."""

    actor: str = ""
    act: Act | None = None
    subject: str = ""
    """A part of it, in any case."""
    since: Millis | None = None
    until: Millis | None = None
    """Just not that instant any more."""
    addresses: Sequence[str] = ()
    """One of these may stand in the subject in place of what is asked for."""


def entries_like(
    connection: Connection, company_id: str, asked: Asked, limit: int, before: str = ""
) -> Sequence[Entry]:
    """The company's deeds that were asked for, newest first; those older than `before`, an entry's id."""
    query = select(audit_entries).where(audit_entries.c.company_id == company_id)
    if asked.actor:
        query = query.where(_with(audit_entries.c.actor, asked.actor))
    if asked.act:
        query = query.where(audit_entries.c.act == asked.act.value)
    if asked.subject:
        parts = (asked.subject, *asked.addresses)
        query = query.where(or_(*(_with(audit_entries.c.subject, part) for part in parts)))
    if asked.since is not None:
        query = query.where(audit_entries.c.happened_at >= asked.since)
    if asked.until is not None:
        query = query.where(audit_entries.c.happened_at < asked.until)
    if before:
        query = query.where(audit_entries.c.entry_id < before)
    rows = connection.execute(query.order_by(audit_entries.c.entry_id.desc()).limit(limit))
    return [_entry(row) for row in rows]


def _with(column: Column[str], part: str) -> ColumnElement[bool]:
    """That it stands in the column, in any case, beyond ASCII too."""
    return in_small(column, part).contains(part.lower(), autoescape=True)


def entries_of(connection: Connection, company_id: str, subject: str, limit: int = 20) -> Sequence[Entry]:
    """What was done to this, newest first."""
    query = select(audit_entries).where(
        audit_entries.c.company_id == company_id, audit_entries.c.subject == subject
    )
    rows = connection.execute(query.order_by(audit_entries.c.entry_id.desc()).limit(limit))
    return [_entry(row) for row in rows]


def overdue(connection: Connection, company_id: str, now: Millis) -> str:
    """The last of the oldest entries that the company keeps no longer, as many as go at once; empty for none."""
    days = connection.scalar(select(companies.c.journal_days).where(companies.c.company_id == company_id))
    too_old = audit_entries.c.entry_id < begins_with(now - (days or JOURNAL_DAYS[-1]) * DAY)
    query = select(audit_entries.c.entry_id).where(audit_entries.c.company_id == company_id, too_old)
    oldest = query.order_by(audit_entries.c.entry_id).limit(_AT_ONCE).subquery()
    return connection.scalar(select(func.max(oldest.c.entry_id))) or ""


def forget_until(connection: Connection, company_id: str, entry_id: str, _now: Millis = 0) -> None:
    """Forget this entry and all older ones."""
    those = audit_entries.c.company_id == company_id, audit_entries.c.entry_id <= entry_id
    connection.execute(delete(audit_entries).where(*those))


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    return Entry(row.entry_id, row.happened_at, row.actor, Act(row.act), row.subject)
