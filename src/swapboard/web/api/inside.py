"""The API asked from within, by a person who is logged in and has no key: the reference page's *Try it*."""

from collections.abc import Sequence

import httpx
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from swapboard.accounts.company import ApiKey, Company, User
from swapboard.clock import Millis
from swapboard.language import ENGLISH, speaking
from swapboard.switchboard.exchange import Exchange
from swapboard.web.api import PREFIX, install_api
from swapboard.web.api.caller import Caller
from swapboard.web.api.route import CALLER


class Inside:
    """Asks as somebody, with the rights of their role; only looks."""

    def __init__(self, exchange: Exchange) -> None:
        self._app = FastAPI(openapi_url=None)
        self._app.state.exchange = exchange
        install_api(self._app)

    async def get(
        self, user: User, company: Company, now: Millis, path: str, params: Sequence[tuple[str, str]]
    ) -> httpx.Response:
        """What the API answers them."""
        key = ApiKey(f"of {user.user_id}", company.company_id, user.name, user.role, now, now, None)

        async def as_person(scope: Scope, receive: Receive, send: Send) -> None:
            await self._app({**scope, CALLER: Caller(key, company, is_person=True)}, receive, send)

        # The API speaks English, whatever the page around it does.
        transport = httpx.ASGITransport(as_person)
        async with httpx.AsyncClient(transport=transport, base_url="http://inside.invalid") as client:
            with speaking(ENGLISH):
                return await client.get(f"{PREFIX}{path}", params=list(params))
