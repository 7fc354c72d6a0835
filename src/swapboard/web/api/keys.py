"""`/api/v1/keys`: keys for programs. A key is shown once, when it is made; only its hash is kept."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.company import ApiKey, Role
from swapboard.accounts.rights import Resource
from swapboard.accounts.secrets import new_api_key
from swapboard.accounts.store import add_key, key_by_id, list_keys, rename_key, revoke_key
from swapboard.clock import iso
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, ListQuery, Message, Moment, Name, PageDocument, found, moment
from swapboard.web.api.problem import Problem
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/keys", tags=[Resource.KEYS], route_class=ApiRoute)


class NewKey(Message):
    """A key to make."""

    name: Name = Field(description="What the key is for.")
    role: Role = Role.READ_ONLY


class KeyChange(Change):
    """What to change; a key's role stays what it was."""

    name: Name = ""


class KeyDocument(BaseModel):
    """A key, without its secret."""

    id: str
    company_id: str
    name: str
    role: Role
    created_at: Moment
    last_used_at: Moment | None = Field(description="To the hour.")
    revoked_at: Moment | None


class NewKeyDocument(KeyDocument):
    """A key with its secret, which is shown this once."""

    key: str = Field(description="Send it as `Authorization: Bearer …`.")


@router.get("", summary="List keys")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[KeyDocument]:
    """A page of keys, oldest first, revoked ones too."""
    page = await desk.read(lambda connection: list_keys(connection, desk.company_id, query.limit, query.cursor))
    return PageDocument(data=[_document(key) for key in page.rows], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=NewKeyDocument, summary="Make a key")
async def create(new: NewKey, desk: ToCreate) -> Response:
    """The answer's `key` is the secret: keep it, it is not shown again."""
    _check_role(desk, new.role)
    key = ApiKey(desk.new_id(), desk.company_id, new.name, new.role, desk.now, None, None)
    secret, secret_hash = new_api_key(key.company_id, key.key_id)

    def write(connection: Connection) -> NewKeyDocument:
        add_key(connection, key, secret_hash)
        return NewKeyDocument(**_document(key).model_dump(), key=secret)

    return await desk.create(write)


@router.get("/{key_id}", summary="One key")
async def get(key_id: str, desk: AtDesk) -> KeyDocument:
    """The key with this id."""
    return _document(await desk.read(lambda connection: _found(connection, desk, key_id)))


@router.patch("/{key_id}", summary="Rename a key")
async def change(key_id: str, message: KeyChange, desk: AtDesk) -> KeyDocument:
    """Call it something else."""

    def write(connection: Connection) -> KeyDocument:
        key = _found(connection, desk, key_id)
        _check_role(desk, key.role)
        changed = replace(key, **message.model_dump(include=message.model_fields_set))
        rename_key(connection, desk.company_id, key_id, changed.name)
        return _document(changed)

    return await desk.change(write)


@router.delete("/{key_id}", status_code=204, summary="Revoke a key")
async def revoke(key_id: str, desk: AtDesk) -> None:
    """It is refused from now on, and stays in the list with the moment it was revoked."""

    def write(connection: Connection) -> None:
        _check_role(desk, _found(connection, desk, key_id).role)
        revoke_key(connection, desk.company_id, key_id, desk.now)

    await desk.change(write)


def _check_role(desk: Desk, role: Role) -> None:
    """An admin must not make itself an owner. Raises Problem (403)."""
    if role is Role.OWNER and desk.role is not Role.OWNER:
        raise Problem(403, "forbidden", "Only an owner's key may make, rename or revoke an owner's key.")


def _found(connection: Connection, desk: Desk, key_id: str) -> ApiKey:
    return found(_key(connection, desk, key_id), "key")


def _key(connection: Connection, desk: Desk, key_id: str) -> ApiKey | None:
    known = key_by_id(connection, desk.company_id, key_id)
    return known[0] if known else None


def _document(key: ApiKey) -> KeyDocument:
    return KeyDocument(
        id=key.key_id,
        company_id=key.company_id,
        name=key.name,
        role=key.role,
        created_at=iso(key.created_at),
        last_used_at=moment(key.last_used_at),
        revoked_at=moment(key.revoked_at),
    )
