"""`/feeds/DESTINATION/FILE`: the files that ad platforms fetch, behind Basic authentication (RFC 7617)."""

import base64
import binascii
import logging

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from swapboard.accounts.secrets import hash_api_key, same
from swapboard.conversions.destinations.feed import Feed, FeedFile, standing_of
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.feeds import FeedRecord, feed_by_id, note_fetched, told_of
from swapboard.conversions.store import destination_by_id
from swapboard.storage.commit import Unavailable
from swapboard.storage.writer import Overloaded
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.telling import opened
from swapboard.web.bodies import Refused
from swapboard.web.limits import RateLimit, address_of
from swapboard.web.methods import only_looks

log = logging.getLogger(__name__)

PATH = "/feeds"
USER = "swapboard"
"""The user's name in every feed; what counts is the password."""
TRIES_AT_ONCE = 20
TRIES_PER_SECOND = 1 / 60
LONGEST_ID = 32
_NOBODY = hash_api_key("nobody's password")
_ASK = {"WWW-Authenticate": 'Basic realm="Swapboard", charset="UTF-8"'}
_AWAY = "The database does not answer just now. Come again in a minute; nothing is lost."
_KEPT_NOWHERE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class FeedDoor:
    """The door of every company's files."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        # By address only: a limit by feed would let others keep the platform out with wrong passwords.
        self._tries = RateLimit(TRIES_PER_SECOND, TRIES_AT_ONCE)

    def routes(self) -> list[Route]:
        return [Route(f"{PATH}/{{destination_id}}/{{file}}", self._fetch, methods=["GET"])]

    async def _fetch(self, request: Request) -> Response:
        try:
            record = await self._let_in(request)
            text = await self._exchange.read(lambda connection: self._written(connection, record, request))
        except SQLAlchemyError:
            log.warning("the database does not answer; no file is given")
            return PlainTextResponse(_AWAY, 503, {**_KEPT_NOWHERE, "Retry-After": "60"})
        except Refused as refused:
            return PlainTextResponse(refused.reason, refused.status, {**_KEPT_NOWHERE, **refused.headers})
        if not only_looks(request):
            await self._note(record)
        return Response(text, 200, _KEPT_NOWHERE, "text/csv")

    async def _note(self, record: FeedRecord) -> None:
        """Whoever fetched has the file, whether it can be written down or not."""
        now = self._exchange.clock()
        try:
            await self._exchange.change(lambda connection: note_fetched(connection, record, now))
        except (Overloaded, Unavailable):
            log.warning("the database is busy; that a file was fetched is not written down")

    async def _let_in(self, request: Request) -> FeedRecord:
        """The feed that the password opens; an unknown feed looks as a wrong password does. Raises Refused."""
        given = _basic(request.headers.get("authorization", ""))
        if given is None:
            raise Refused(401, "Give the user's name and the password that the dashboard showed.", _ASK)
        destination_id = request.path_params["destination_id"][:LONGEST_ID]
        address, now = address_of(request), self._exchange.clock()
        if not self._tries.allows(address, now):
            raise Refused(429, "Too many tries with a wrong password. Wait a minute.", {"Retry-After": "60"})
        found = await self._exchange.read(lambda connection: feed_by_id(connection, destination_id))
        user, password = given
        fits = same(hash_api_key(password), found.password_hash if found else _NOBODY)
        if found is None or not fits or user != USER:
            raise Refused(401, "The user's name or the password is wrong.", _ASK)
        self._tries.give_back(address)
        return found

    def _written(self, connection: Connection, feed: FeedRecord, request: Request) -> str:
        record = destination_by_id(connection, feed.company_id, feed.destination_id)
        if record is None or not record.is_on:
            raise Refused(403, "This destination is switched off in the dashboard.")
        try:
            destination: object = opened(destination_kind(record.kind), record, self._exchange.vault)
        except ValueError as error:
            raise Refused(503, str(error)) from None
        wanted = _file(destination, request.path_params["file"])
        if wanted is None or not isinstance(destination, Feed):
            raise Refused(404, "There is no such file. Copy the address from the dashboard.")
        now = self._exchange.clock()
        return destination.write(
            wanted, standing_of(told_of(connection, feed.company_id, feed.destination_id, now)), now
        )


def feed_address(public_url: str, destination_id: str, file: FeedFile) -> str:
    """Where the file is fetched."""
    return f"{public_url}{PATH}/{destination_id}/{file.name}"


def _file(destination: object, name: str) -> FeedFile | None:
    files = destination.files if isinstance(destination, Feed) else ()
    return next((file for file in files if file.name == name), None)


def _basic(header: str) -> tuple[str, str] | None:
    """(user, password) of the header, or None."""
    scheme, _blank, told = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(told.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None
