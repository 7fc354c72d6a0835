"""The door at which carriers get the sounds of flows: `/sounds/…`, for whoever has the address."""

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from swapboard.calls.sound_store import content_of
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.sounds import PATH

_HEADERS = {
    # A carrier may keep it; what replaces it has another address.
    "Cache-Control": "public, max-age=86400",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class SoundDoor:
    """The route that carriers fetch sounds from."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> list[Route]:
        """One route for every sound; HEAD comes with GET."""
        return [Route(PATH, self._answer, methods=["GET"])]

    async def _answer(self, request: Request) -> Response:
        company_id, sound_id, token, version = (
            request.path_params[name] for name in ("company_id", "sound_id", "token", "version")
        )
        exchange = self._exchange
        if not exchange.sounds.is_signed(company_id, sound_id, token):
            return _nothing()
        content = await asyncio.to_thread(exchange.sounds.copy, company_id, sound_id, version)
        if content is None:
            # Replaced while a call is on, or kept by another server: what there is now.
            content = await exchange.read(lambda connection: content_of(connection, company_id, sound_id))
        return _nothing() if content is None else Response(content, headers=_HEADERS, media_type="audio/wav")


def _nothing() -> Response:
    return PlainTextResponse("There is no such sound here.", 404)
