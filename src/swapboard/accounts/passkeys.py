"""Passkeys: what somebody logs in with instead of a password, in the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select, update

from swapboard.accounts.person import Person
from swapboard.clock import Millis
from swapboard.storage.schema import passkeys

MOST_PASSKEYS = 20


@dataclass(frozen=True, slots=True)
class Passkey:
    """One of somebody's passkeys."""

    company_id: str
    """Where the person's row lies."""
    person_id: str
    passkey_id: str
    credential_id: str
    """As the authenticator calls it, in base64url."""
    name: str
    public_key: bytes = field(repr=False)
    sign_count: int
    created_at: Millis
    last_used_at: Millis | None = None
    asked_at: Millis | None = None
    """When the last challenge that it answered was made: each is answered once."""


def add_passkey(connection: Connection, passkey: Passkey) -> None:
    """Write a new one."""
    connection.execute(insert(passkeys).values(**{name: getattr(passkey, name) for name in Passkey.__slots__}))


def passkeys_of(connection: Connection, person: Person) -> Sequence[Passkey]:
    """Those that somebody has, oldest first."""
    query = select(passkeys).where(*_of(person)).order_by(passkeys.c.passkey_id)
    return [_passkey(row) for row in connection.execute(query)]


def passkey_by_credential(connection: Connection, credential_id: str) -> Passkey | None:
    """Whose it is, says the passkey only."""
    query = select(passkeys).where(passkeys.c.credential_id == credential_id)
    rows = connection.execute(query.execution_options(across_companies="who logs in says no company")).all()
    return _passkey(rows[0]) if len(rows) == 1 else None


def use_passkey(connection: Connection, passkey: Passkey, sign_count: int, asked_at: Millis, now: Millis) -> bool:
    """Use up the challenge of then; False when it, or a later one, was answered before."""
    unused = or_(passkeys.c.asked_at.is_(None), passkeys.c.asked_at < asked_at)
    used = update(passkeys).where(*_is(passkey), unused)
    return (
        connection.execute(used.values(sign_count=sign_count, asked_at=asked_at, last_used_at=now)).rowcount == 1
    )


def remove_passkey(connection: Connection, person: Person, passkey_id: str) -> str | None:
    """It lets nobody in any more; what it was called, or None where there is none such."""
    gone = delete(passkeys).where(*_of(person), passkeys.c.passkey_id == passkey_id)
    name: str | None = connection.scalar(gone.returning(passkeys.c.name))
    return name


def remove_all_passkeys(connection: Connection, person: Person) -> None:
    """None of theirs lets anybody in."""
    connection.execute(delete(passkeys).where(*_of(person)))


def _of(person: Person) -> tuple[ColumnElement[bool], ...]:
    return passkeys.c.company_id == person.company_id, passkeys.c.person_id == person.person_id


def _is(passkey: Passkey) -> tuple[ColumnElement[bool], ...]:
    return (
        passkeys.c.company_id == passkey.company_id,
        passkeys.c.person_id == passkey.person_id,
        passkeys.c.passkey_id == passkey.passkey_id,
    )


def _passkey(row: Row[*tuple[Any, ...]]) -> Passkey:
    return Passkey(**row._asdict())
