"""`/api/v1/destinations/{destination_id}/rotate` and `…/password`: secrets that are ours to make."""

from dataclasses import replace

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.conversions.store import change_destination
from swapboard.switchboard.destination_settings import SettingFault, renewed, sealed, to_show
from swapboard.web.api.desk import ToCreate
from swapboard.web.api.destination_documents import DestinationDocument, document
from swapboard.web.api.destinations import kind_of, to_change
from swapboard.web.api.problem import conflict
from swapboard.web.api.route import ApiRoute
from swapboard.web.feed_view import FeedView, give_password

router = APIRouter(prefix="/destinations/{destination_id}", tags=[Resource.DESTINATIONS], route_class=ApiRoute)


class FileDocument(BaseModel):
    """A file that is fetched."""

    label: str
    url: str


class FeedDocument(BaseModel):
    """What opens the files, with a password that is shown this once."""

    user: str
    password: str
    files: list[FileDocument]


@router.post("/rotate", response_model=DestinationDocument, summary="Replace its signing secrets")
async def rotate(destination_id: str, desk: ToCreate) -> Response:
    """Messages are signed with the new one and the one before side by side for seven days.

    An Idempotency-Key makes a second try safe: replaced twice, the one that the receiver knows is gone.
    """

    def write(connection: Connection) -> DestinationDocument:
        known = to_change(connection, desk, destination_id)
        kind, vault = kind_of(known.kind), desk.exchange.vault
        try:
            new = renewed(kind, known, vault, desk.now)
        except SettingFault as fault:
            raise conflict("not_ours", str(fault)) from None
        settings, credentials = sealed(kind, new, vault)
        record = replace(known, settings=settings, credentials=credentials)
        change_destination(connection, record)
        return document(record, to_show(kind, new))

    return await desk.create(write, 200)


@router.post(
    "/password", response_model=FeedDocument, summary="Make a new password for the files of a destination"
)
async def password(destination_id: str, desk: ToCreate) -> Response:
    """Of a destination that comes and fetches files. The old password opens nothing any more."""

    def write(connection: Connection) -> FeedDocument:
        record = to_change(connection, desk, destination_id)
        feed = give_password(connection, desk.exchange, kind_of(record.kind), record, desk.now)
        if feed is None:
            raise conflict("no_files", "This destination fetches no files.")
        return _feed(feed)

    return await desk.create(write, 200)


def _feed(feed: FeedView) -> FeedDocument:
    files = [FileDocument(label=file.label, url=file.address) for file in feed.files]
    return FeedDocument(user=feed.user, password=feed.password or "", files=files)
