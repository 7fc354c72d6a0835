"""Who saw, heard or deleted what."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from swapboard.clock import Millis
from swapboard.storage.ids import new_id
from swapboard.storage.schema import audit_entries


class Act(StrEnum):
    """What somebody did."""

    HEARD = "heard"
    READ = "read"
    DELETED = "deleted"
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
    CHANGED_PASSWORD = "changed_password"  # noqa: S105 the name of a deed


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody's deed."""

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


def entries_of(connection: Connection, company_id: str, subject: str, limit: int = 20) -> Sequence[Entry]:
    """What was done to this, newest first."""
    query = select(audit_entries).where(
        audit_entries.c.company_id == company_id, audit_entries.c.subject == subject
    )
    rows = connection.execute(query.order_by(audit_entries.c.entry_id.desc()).limit(limit))
    return [Entry(row.happened_at, row.actor, Act(row.act), row.subject) for row in rows]
