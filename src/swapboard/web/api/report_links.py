"""`/api/v1/reports/views/{view_id}/links`: a saved report for people without a log-in."""

from collections.abc import Sequence
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.accounts.secrets import hash_password
from swapboard.clock import iso
from swapboard.reports.share import LONGEST_DAYS, MOST_SHARES, Share
from swapboard.reports.share_store import shares_of
from swapboard.switchboard.report_links import TooManyLinks, new_link, offer, revoke
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Message, Moment, PageDocument, found
from swapboard.web.api.problem import conflict, invalid, not_found
from swapboard.web.api.route import ApiRoute
from swapboard.web.api.saved_views import shared_view

router = APIRouter(prefix="/reports/views/{view_id}/links", tags=[Resource.REPORTS], route_class=ApiRoute)

Password = Annotated[str, StringConstraints(min_length=10, max_length=200, pattern=r"^[^\x00]*$")]


class NewLink(Message):
    """For how long, and behind which password."""

    days: int = Field(ge=1, le=LONGEST_DAYS, description="It works for so many days.")
    password: Password | None = None


class LinkDocument(BaseModel):
    """A link to a saved report."""

    id: str
    view_id: str
    is_open: bool = Field(description="Whether it still works.")
    has_password: bool
    made_by: str
    created_at: Moment
    ends_at: Moment
    revoked_at: Moment | None
    opened_at: Moment | None = Field(description="When it was last opened.")


class MadeLinkDocument(LinkDocument):
    """A link that was made just now."""

    url: str = Field(description="Where the report is seen: told only this once.")


@router.get("", summary="List the links to a saved report, newest first")
async def list_(view_id: str, desk: AtDesk) -> PageDocument[LinkDocument]:
    """The ended ones too."""

    def read(connection: Connection) -> Sequence[Share]:
        return shares_of(connection, desk.company_id, shared_view(connection, desk, view_id).view_id)

    return PageDocument(data=[_document(each, desk) for each in await desk.read(read)], next_cursor=None)


@router.post("", status_code=201, response_model=MadeLinkDocument, summary="Make a link to a saved report")
async def create(view_id: str, new: NewLink, desk: ToCreate) -> Response:
    """Whoever has it sees this report as it is then, and nothing else: no calls, no callers."""
    password_hash = await run_sync(hash_password, new.password) if new.password else None
    by, url = desk.caller.known_as, desk.exchange.settings.public_url

    def write(connection: Connection) -> MadeLinkDocument:
        view = shared_view(connection, desk, view_id)
        try:
            share, path = new_link(view, new.days, password_hash, by, desk.now)
            offer(connection, share)
        except ValueError as error:
            raise invalid("view_id", str(error), "path") from None
        except TooManyLinks:
            raise conflict("too_many", f"{MOST_SHARES} work already; revoke some first.") from None
        return MadeLinkDocument(**_document(share, desk).model_dump(), url=f"{url}{path}")

    return await desk.create(write)


@router.get("/{link_id}", summary="One link to a saved report")
async def get(view_id: str, link_id: str, desk: AtDesk) -> LinkDocument:
    """The one with this id."""

    def read(connection: Connection) -> Share:
        known = shares_of(connection, desk.company_id, shared_view(connection, desk, view_id).view_id)
        return found(next((each for each in known if each.share_id == link_id), None), "link")

    return _document(await desk.read(read), desk)


@router.delete("/{link_id}", status_code=204, summary="Revoke a link to a saved report")
async def remove(view_id: str, link_id: str, desk: AtDesk) -> None:
    """It opens nothing any more, and stays in the list with the moment it was revoked."""
    by = desk.caller.known_as

    def write(connection: Connection) -> None:
        if not revoke(connection, shared_view(connection, desk, view_id), link_id, by, desk.now):
            raise not_found("open link")

    await desk.change(write)


def _document(share: Share, desk: Desk) -> LinkDocument:
    return LinkDocument(
        id=share.share_id,
        view_id=share.view_id,
        is_open=share.is_open(desk.now),
        has_password=share.password_hash is not None,
        made_by=share.made_by,
        created_at=iso(share.created_at),
        ends_at=iso(share.ends_at),
        revoked_at=iso(share.revoked_at) if share.revoked_at else None,
        opened_at=iso(share.opened_at) if share.opened_at else None,
    )
