"""`/api/v1/grants`: leave to use an account at a platform, which somebody gives by signing in there."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.access.grant import Grant
from swapboard.access.store import MOST_GRANTS, add_grant, change_grant, grant_by_id, grant_to_change, grants_of
from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.json_kinds import SOMETHING
from swapboard.switchboard.granting import BadGrant, Typed, filled, used_for, uses_of
from swapboard.switchboard.platform_sign_in import forget, redirect_of, take_back
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, Message, Moment, Name, PageDocument, found, moment
from swapboard.web.api.problem import conflict, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/grants", tags=[Resource.DESTINATIONS], route_class=ApiRoute)

At = Literal["google", "microsoft", "linkedin", "hubspot", "salesforce", "pipedrive"]
Told = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), SOMETHING]
Address = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s\x85\x00]+$")]
Uses = Annotated[
    list[Annotated[str, StringConstraints(max_length=50)]],
    Field(
        max_length=20,
        description="What it is used for: a destination's kind, or `costs`. Only that is asked for.",
        examples=[["google_ads"]],
    ),
]
Addresses = Annotated[
    dict[Literal["authorize", "token", "revoke"], Address],
    Field(description="Instead of the platform's own: for a stand-in, or a national cloud."),
]


class NewGrant(Message):
    """An app at a platform, in whose name somebody will sign in."""

    provider: At
    name: Name
    client_id: Told = Field(description="The app's client ID.")
    client_secret: Told = Field(description="The app's client secret; it is never shown again.")
    uses: Uses
    addresses: Addresses = Field(default_factory=dict)


class GrantChange(Change):
    """What to change; another app or address takes signing in anew."""

    name: Name = ""
    client_id: Told = ""
    client_secret: Told = ""
    uses: Uses = Field(default_factory=list)
    addresses: Addresses = Field(default_factory=dict)


class GrantDocument(BaseModel):
    """An access, without its secrets."""

    id: str
    company_id: str
    provider: str
    name: str
    client_id: str
    uses: list[str]
    may_be_used_for: list[str] = Field(description="What could be asked for there.")
    scopes: list[str] = Field(description="What is asked for, in the platform's words.")
    granted: list[str] = Field(description="What was agreed to.")
    refused: list[str] = Field(description="What was asked for, but not agreed to.")
    addresses: dict[str, str]
    redirect_url: str = Field(description="What the app at the platform must have as its redirect address.")
    sign_in_url: str = Field(description="Where somebody who is logged in here signs in there: a page, no API.")
    signed_in_at: Moment | None
    checked_at: Moment | None = Field(description="When we last saw whether it still holds.")
    trouble: str | None = Field(description="Why it does not hold, in the platform's words.")
    created_at: Moment


class TakenBackDocument(BaseModel):
    """An access that is no more."""

    left_to_do: str | None = Field(description="What must be done at the platform by hand, if anything.")


@router.get("", summary="List accesses to platforms")
async def list_(desk: AtDesk) -> PageDocument[GrantDocument]:
    """All of them, the oldest first: there are fifty at most."""
    grants = await desk.read(lambda connection: grants_of(connection, desk.company_id))
    return PageDocument(data=[_document(desk, each) for each in grants], next_cursor=None)


@router.post("", status_code=201, response_model=GrantDocument, summary="Prepare an access to a platform")
async def create(new: NewGrant, desk: ToCreate) -> Response:
    """It is of use once somebody signed in there, at the answer's `sign_in_url`."""
    addresses: dict[str, str] = dict(new.addresses.items())
    blank = Grant(desk.new_id(), desk.company_id, new.provider, "", "", "", (), {}, desk.now)
    grant = _filled(desk, blank, Typed(new.name, new.client_id, new.client_secret, new.uses, addresses))

    def write(connection: Connection) -> GrantDocument:
        if len(grants_of(connection, desk.company_id)) >= MOST_GRANTS:
            raise conflict("too_many", f"There are {MOST_GRANTS} already; remove one first.")
        add_grant(connection, grant)
        return _document(desk, grant)

    return await desk.create(write)


@router.get("/{grant_id}", summary="One access")
async def get(grant_id: str, desk: AtDesk) -> GrantDocument:
    """How it stands."""
    return _document(desk, await _found(desk, grant_id))


@router.patch("/{grant_id}", summary="Change an access")
async def change(grant_id: str, sent: GrantChange, desk: AtDesk) -> GrantDocument:
    """With another app or address, somebody has to sign in anew."""
    given = sent.model_dump(include=sent.model_fields_set)

    def write(connection: Connection) -> GrantDocument:
        before = found(grant_to_change(connection, desk.company_id, grant_id), "grant")
        typed = Typed(
            given.get("name", before.name),
            given.get("client_id", before.client_id),
            given.get("client_secret", ""),
            given.get("uses", used_for(before)),
            given.get("addresses", before.addresses),
        )
        changed = _filled(desk, before, typed)
        change_grant(connection, changed)
        return _document(desk, changed)

    return await desk.change(write)


@router.delete("/{grant_id}", summary="Take an access back")
async def remove(grant_id: str, desk: AtDesk) -> TakenBackDocument:
    """At the platform and here; what used it stops, and says so."""
    grant, vault, actor = await _found(desk, grant_id), desk.exchange.vault, desk.caller.known_as
    left_to_do = await asyncio.to_thread(take_back, grant, vault, desk.exchange.send)
    await desk.change(lambda connection: forget(connection, grant, vault, actor, desk.now))
    return TakenBackDocument(left_to_do=left_to_do)


async def _found(desk: Desk, grant_id: str) -> Grant:
    return found(await desk.read(lambda connection: grant_by_id(connection, desk.company_id, grant_id)), "grant")


def _filled(desk: Desk, grant: Grant, typed: Typed) -> Grant:
    known = {use.name for use in uses_of(grant.provider)}
    if unknown := sorted(set(typed.uses) - known):
        raise invalid("uses", f"There is no use {unknown[0]!r} there; there are: {', '.join(sorted(known))}.")
    try:
        return filled(grant, typed, desk.exchange.vault)
    except BadGrant as error:
        raise invalid("uses" if not typed.uses else "addresses", str(error)) from None


def _document(desk: Desk, grant: Grant) -> GrantDocument:
    url = desk.exchange.settings.public_url
    return GrantDocument(
        id=grant.grant_id,
        company_id=grant.company_id,
        provider=grant.provider,
        name=grant.name,
        client_id=grant.client_id,
        uses=list(used_for(grant)),
        may_be_used_for=[use.name for use in uses_of(grant.provider)],
        scopes=list(grant.scopes),
        granted=list(grant.granted),
        refused=list(grant.refused),
        addresses=dict(grant.addresses),
        redirect_url=redirect_of(url, grant.provider),
        sign_in_url=f"{url}/access/{grant.grant_id}",
        signed_in_at=moment(grant.signed_in_at),
        checked_at=moment(grant.checked_at),
        trouble=grant.trouble,
        created_at=iso(grant.created_at),
    )
