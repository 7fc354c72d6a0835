"""API keys: who may make which, and their rows in the database."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from swapboard.accounts.actor import Actor, is_still
from swapboard.accounts.audit import Act, note
from swapboard.accounts.company import ApiKey, Role
from swapboard.accounts.invitations import withdraw_all_of_key
from swapboard.accounts.scopes import are_within
from swapboard.accounts.secrets import new_api_key
from swapboard.clock import Millis
from swapboard.language import _
from swapboard.storage.ids import new_id
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import api_keys

MOST_DAYS = 3_650
"""How long a key that ends may last."""


class MayNot(ValueError):
    """Whoever asks may not have this key; the message says why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A key to make."""

    name: str
    role: Role
    scopes: tuple[str, ...] = ()
    expires_at: Millis | None = None


def check_owner(by: Role, role: Role) -> None:
    """An admin must not make itself an owner. Raises MayNot."""
    if role is Role.OWNER and by is not Role.OWNER:
        raise MayNot(_("Only an owner may make, rename or revoke an owner's key."))


def make_key(connection: Connection, company_id: str, wish: Wish, by: Actor, now: Millis) -> tuple[ApiKey, str]:
    """The key, and the secret to hand out. Raises MayNot."""
    check_owner(by.role, wish.role)
    if not are_within(wish.scopes, by.scopes):
        raise MayNot(_("A key may hand on its own scopes only; name some of them."))
    if by.expires_at is not None and (wish.expires_at is None or wish.expires_at > by.expires_at):
        raise MayNot(_("A key that ends makes keys that end no later."))
    if not is_still(connection, company_id, by):
        raise MayNot(_("You may not do this any more: somebody changed it a moment ago."))
    key = ApiKey(
        new_id(now),
        company_id,
        wish.name,
        wish.role,
        now,
        scopes=wish.scopes,
        expires_at=wish.expires_at,
        made_by=by.known_as,
        made_by_key_id=by.key_id,
    )
    secret, secret_hash = new_api_key(company_id, key.key_id)
    add_key(connection, key, secret_hash)
    note(connection, company_id, by.known_as, Act.MADE_KEY, _named(key), now)
    return key, secret


def end_key(connection: Connection, key: ApiKey, by: Actor, now: Millis) -> None:
    """Refuse the key from now on, and whatever it made to come in by later. Raises MayNot."""
    check_owner(by.role, key.role)
    ending = deque([key])
    while ending:
        each = ending.popleft()
        if revoke_key(connection, each.company_id, each.key_id, now):
            withdraw_all_of_key(connection, each.key_id, now)
            note(connection, each.company_id, by.known_as, Act.REVOKED_KEY, _named(each), now)
            ending.extend(_made_by(connection, each))


def add_key(connection: Connection, key: ApiKey, secret_hash: str) -> None:
    """Write a new API key."""
    connection.execute(
        insert(api_keys).values(
            company_id=key.company_id,
            key_id=key.key_id,
            name=key.name,
            role=key.role,
            secret_hash=secret_hash,
            created_at=key.created_at,
            scopes=" ".join(key.scopes),
            expires_at=key.expires_at,
            made_by=key.made_by,
            made_by_key_id=key.made_by_key_id,
        )
    )


def key_by_id(connection: Connection, company_id: str, key_id: str) -> tuple[ApiKey, str] | None:
    """The key and its secret's hash, or None."""
    query = select(api_keys).where(api_keys.c.company_id == company_id, api_keys.c.key_id == key_id)
    row = connection.execute(query).one_or_none()
    return (_key(row), row.secret_hash) if row else None


def list_keys(connection: Connection, company_id: str, limit: int, cursor: str | None = None) -> Page[ApiKey]:
    """A page of the company's keys, revoked ones too, oldest first. Raises BadCursor."""
    query = select(api_keys).where(api_keys.c.company_id == company_id)
    ordered = after(query, api_keys.c.created_at, api_keys.c.key_id, limit, cursor)
    found = [_key(row) for row in connection.execute(ordered)]
    return page_of(found, limit, lambda each: Key(each.created_at, each.key_id))


def keys_made_by(connection: Connection, company_id: str, made_by: str, now: Millis) -> Sequence[ApiKey]:
    """Those of a person's keys that still let somebody in, oldest first."""
    theirs = api_keys.c.company_id == company_id, api_keys.c.made_by == made_by, api_keys.c.revoked_at.is_(None)
    rows = connection.execute(select(api_keys).where(*theirs).order_by(api_keys.c.key_id))
    return [key for key in map(_key, rows) if key.is_open(now)]


def _made_by(connection: Connection, key: ApiKey) -> Sequence[ApiKey]:
    query = select(api_keys).where(api_keys.c.made_by_key_id == key.key_id).order_by(api_keys.c.key_id)
    everywhere = query.execution_options(
        across_companies="an owner's key makes keys in each company of its account"
    )
    return [_key(row) for row in connection.execute(everywhere)]


def rename_key(connection: Connection, key: ApiKey, name: str) -> None:
    """Call a key something else; what it made before keeps saying its name of then."""
    row = (api_keys.c.company_id == key.company_id, api_keys.c.key_id == key.key_id)
    connection.execute(update(api_keys).where(*row).values(name=name))


def revoke_key(connection: Connection, company_id: str, key_id: str, now: Millis) -> bool:
    """Refuse a key from now on; False for one that was revoked before, which keeps its moment."""
    row = (api_keys.c.company_id == company_id, api_keys.c.key_id == key_id, api_keys.c.revoked_at.is_(None))
    return connection.execute(update(api_keys).where(*row).values(revoked_at=now)).rowcount == 1


def note_key_used(connection: Connection, company_id: str, key_id: str, now: Millis) -> None:
    """Note when a key was last used."""
    row = (api_keys.c.company_id == company_id, api_keys.c.key_id == key_id)
    connection.execute(update(api_keys).where(*row).values(last_used_at=now))


def _key(row: Row[*tuple[Any, ...]]) -> ApiKey:
    return ApiKey(
        key_id=row.key_id,
        company_id=row.company_id,
        name=row.name,
        role=Role(row.role),
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
        scopes=tuple(row.scopes.split()),
        expires_at=row.expires_at,
        made_by=row.made_by,
        made_by_key_id=row.made_by_key_id,
    )


def _named(key: ApiKey) -> str:
    return f"{key.name}, {key.role.value}"
