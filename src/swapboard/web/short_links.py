"""`/go/CODE`: from a printed code to the page, with the placement's source in the address."""

import logging
from collections import OrderedDict

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from swapboard.numbers.placements import ShortLink, short_link
from swapboard.numbers.short_link import tagged
from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)

PATH = "/go"
LONGEST_CODE = 16
MOST_KEPT = 10_000


class ShortLinks:
    """The door of short links. What was once asked for still leads on while the database is away."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._known: OrderedDict[str, ShortLink] = OrderedDict()

    def routes(self) -> list[Route]:
        return [Route(f"{PATH}/{{code}}", self._go)]

    async def _go(self, request: Request) -> Response:
        code: str = request.path_params["code"].lower()
        link = await self._look_up(code) if code.isalnum() and len(code) <= LONGEST_CODE else None
        if link is None:
            return PlainTextResponse("This link leads nowhere. Check how it is written.", 404)
        address = tagged(link.url, link.source, link.medium, link.campaign)
        # Temporary and never kept: the placement may lead elsewhere tomorrow.
        return RedirectResponse(address, 302, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})

    async def _look_up(self, code: str) -> ShortLink | None:
        def look(connection: Connection) -> ShortLink | None:
            return short_link(connection, code)

        try:
            link = await self._exchange.read(look)
        except SQLAlchemyError:
            log.warning("the database does not answer; short links lead where they led before")
            return self._known.get(code)
        if link is None:
            self._known.pop(code, None)
            return None
        self._known[code] = link
        self._known.move_to_end(code)
        if len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)
        return link


def short_address(public_url: str, code: str) -> str:
    """The short link as it is printed."""
    return f"{public_url}{PATH}/{code}"
