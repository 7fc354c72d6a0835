"""Grants, in the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from swapboard.access.grant import Grant
from swapboard.clock import Millis
from swapboard.storage.locks import hold_company
from swapboard.storage.schema import access_grants

MOST_GRANTS = 50


def add_grant(connection: Connection, grant: Grant) -> None:
    """Write a new one."""
    key = {"company_id": grant.company_id, "grant_id": grant.grant_id, "created_at": grant.created_at}
    connection.execute(insert(access_grants).values(**key, provider=grant.provider, **_changeable(grant)))


def change_grant(connection: Connection, grant: Grant) -> None:
    """Write what of it can change."""
    connection.execute(
        update(access_grants).where(*_is(grant.company_id, grant.grant_id)).values(**_changeable(grant))
    )


def note_checked(connection: Connection, grant: Grant, now: Millis, trouble: str | None) -> None:
    """Write how it stands, unless somebody signed in anew; its refresh token may be another by now, and stays."""
    same = *_is(grant.company_id, grant.grant_id), access_grants.c.signed_in_at == grant.signed_in_at
    connection.execute(update(access_grants).where(*same).values(checked_at=now, trouble=trouble))


def grants_of(connection: Connection, company_id: str) -> Sequence[Grant]:
    """All of the company's, oldest first."""
    query = select(access_grants).where(access_grants.c.company_id == company_id)
    ordered = query.order_by(access_grants.c.created_at, access_grants.c.grant_id)
    return [_grant(row) for row in connection.execute(ordered)]


def grant_by_id(connection: Connection, company_id: str, grant_id: str) -> Grant | None:
    """The grant, or None."""
    row = connection.execute(select(access_grants).where(*_is(company_id, grant_id))).one_or_none()
    return _grant(row) if row else None


def grant_to_change(connection: Connection, company_id: str, grant_id: str) -> Grant | None:
    """The grant as it is while nobody else changes it: not even a refresh token comes between."""
    hold_company(connection, company_id)
    return grant_by_id(connection, company_id, grant_id)


def remove_grant(connection: Connection, company_id: str, grant_id: str) -> None:
    """Forget it."""
    connection.execute(delete(access_grants).where(*_is(company_id, grant_id)))


def _changeable(grant: Grant) -> dict[str, Any]:
    return {
        "name": grant.name,
        "client_id": grant.client_id,
        "credentials": grant.credentials,
        "scopes": list(grant.scopes),
        "granted": list(grant.granted),
        "addresses": dict(grant.addresses),
        "facts": dict(grant.facts),
        "signed_in_at": grant.signed_in_at,
        "checked_at": grant.checked_at,
        "trouble": grant.trouble,
    }


def _is(company_id: str, grant_id: str) -> tuple[Any, Any]:
    return access_grants.c.company_id == company_id, access_grants.c.grant_id == grant_id


def _grant(row: Row[*tuple[Any, ...]]) -> Grant:
    return Grant(
        row.grant_id,
        row.company_id,
        row.provider,
        row.name,
        row.client_id,
        row.credentials,
        tuple(row.scopes),
        row.addresses,
        row.created_at,
        tuple(row.granted),
        row.facts,
        row.signed_in_at,
        row.checked_at,
        row.trouble,
    )
