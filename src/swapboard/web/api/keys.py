"""`/api/v1/keys`: keys for programs. A key is shown once, when it is made; only its hash is kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.company import ApiKey, Role
from swapboard.accounts.keys import (
    MOST_DAYS,
    MayNot,
    Wish,
    check_owner,
    end_key,
    key_by_id,
    list_keys,
    make_key,
    rename_key,
)
from swapboard.accounts.rights import Resource
from swapboard.accounts.scopes import SCOPES, read_scopes
from swapboard.clock import DAY, Millis, iso
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import (
    Change,
    Instant,
    ListQuery,
    Message,
    Moment,
    Name,
    PageDocument,
    found,
    instant_of,
    moment,
)
from swapboard.web.api.problem import Problem, invalid
from swapboard.web.api.route import ApiRoute

Done = TypeVar("Done")
router = APIRouter(prefix="/keys", tags=[Resource.KEYS], route_class=ApiRoute)


Scope = Annotated[
    str,
    StringConstraints(max_length=30),
    Field(
        description="`read`, `write`, or the same of one area, such as `read:reports`; `write` reads, too.",
        json_schema_extra={"enum": list(SCOPES)},
    ),
]


class NewKey(Message):
    """A key to make."""

    name: Name = Field(description="What the key is for.")
    role: Role = Role.READ_ONLY
    scopes: Annotated[list[Scope], Field(max_length=len(SCOPES))] = Field(
        default_factory=list,
        description="What it is held to besides its role; none for everything that the role may.",
    )
    expires_at: Instant | None = Field(None, description="It is refused from then on; null: never by itself.")


class KeyChange(Change):
    """What to change; a key's role, scopes and end stay what they were."""

    name: Name = ""


class KeyDocument(BaseModel):
    """A key, without its secret."""

    id: str
    company_id: str
    name: str
    role: Role
    scopes: list[Scope] = Field(description="None: everything that its role may.")
    expires_at: Moment | None
    made_by: str = Field(description="A person's e-mail address, or `key NAME`; empty where nobody noted it.")
    made_by_key_id: str | None = Field(description="The key that made it, if one did; they end together.")
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
    wish = Wish(new.name, new.role, _scopes(new), _end(new, desk.now))

    def write(connection: Connection) -> NewKeyDocument:
        key, secret = _allowed(lambda: make_key(connection, desk.company_id, wish, desk.actor, desk.now))
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
        _allowed(lambda: check_owner(desk.role, key.role))
        changed = replace(key, **message.model_dump(include=message.model_fields_set))
        rename_key(connection, key, changed.name)
        return _document(changed)

    return await desk.change(write)


@router.delete("/{key_id}", status_code=204, summary="Revoke a key")
async def revoke(key_id: str, desk: AtDesk) -> None:
    """It is refused from now on, and stays in the list with the moment it was revoked.

    So are the keys that it made, and theirs; invitations that it sent are over.
    """

    def write(connection: Connection) -> None:
        key = _found(connection, desk, key_id)
        _allowed(lambda: end_key(connection, key, desk.actor, desk.now))

    await desk.change(write)


def _allowed(do: Callable[[], Done]) -> Done:
    """What it gives. Raises Problem (403)."""
    try:
        return do()
    except MayNot as error:
        raise Problem(403, "forbidden", str(error)) from None


def _scopes(new: NewKey) -> tuple[str, ...]:
    try:
        return read_scopes(new.scopes)
    except ValueError as error:
        raise invalid("scopes", str(error)) from None


def _end(new: NewKey, now: Millis) -> Millis | None:
    end = instant_of(new.expires_at)
    if end is not None and not now < end <= now + MOST_DAYS * DAY:
        raise invalid("expires_at", "Choose an end in the next ten years.")
    return end


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
        scopes=list(key.scopes),
        expires_at=moment(key.expires_at),
        made_by=key.made_by,
        made_by_key_id=key.made_by_key_id,
        created_at=iso(key.created_at),
        last_used_at=moment(key.last_used_at),
        revoked_at=moment(key.revoked_at),
    )
