"""The sandbox's phone network for every company that has a sandbox account: calls to try a set-up with.

Its webhooks come in by the real doors, signed, without leaving the process. A call to a practice number counts as
any other, so whoever rings one must be allowed to change numbers and calls.
"""

from collections.abc import Callable

import httpx
from starlette.requests import Request
from starlette.types import ASGIApp

from swapboard.accounts.rights import Resource
from swapboard.carriers.base import Door, Links
from swapboard.carriers.sandbox.invented import is_invented
from swapboard.carriers.sandbox.network import Line, PhoneNetwork
from swapboard.carriers.sandbox.twilio_dialect import TwilioDialect
from swapboard.switchboard.exchange import Exchange
from swapboard.web.api.caller import authenticate
from swapboard.web.api.problem import Problem
from swapboard.web.bodies import Refused

SANDBOX = "sandbox"
_MAY_NOT_LOOK = "This key may not see practice calls and texts: it needs to read calls."
_MAY_NOT_RING = "This key may not ring numbers: it needs the role admin or owner, and to change numbers and calls."


def sandbox_lines(exchange: Exchange, company_id: str) -> Callable[[str], Line | None]:
    """The network's line for each of the company's invented numbers; none without a sandbox account."""

    def line(number: str) -> Line | None:
        routes = exchange.directory.routes
        company = routes.companies.get(company_id)
        of_company = (each for each in routes.carriers.values() if each.company_id == company_id)
        account = next((each for each in of_company if each.kind == SANDBOX), None)
        if company is None or account is None or number not in company.destinations or not is_invented(number):
            return None
        links = Links(exchange.settings.public_url, account.carrier_id)
        credentials = exchange.vault.unseal(account.credentials)
        return Line(
            number=number,
            voice_url=links.door(Door.VOICE),
            status_url=links.door(Door.STATUS),
            dialect=TwilioDialect(credentials["account_sid"], credentials["auth_token"]),
            fallback_url=links.door(Door.VOICE),
            message_url=links.door(Door.MESSAGE),
        )

    return line


class Practice:
    """One network for each company, made when it is first asked for."""

    def __init__(self, exchange: Exchange, app: ASGIApp) -> None:
        self._exchange = exchange
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), timeout=15)
        self._networks: dict[str, PhoneNetwork] = {}

    def network(self, company_id: str) -> PhoneNetwork:
        """The company's network; nothing is in service there without a sandbox account."""
        if company_id not in self._networks:
            lines = sandbox_lines(self._exchange, company_id)
            self._networks[company_id] = PhoneNetwork(lines, self._http, self._exchange.clock)
        return self._networks[company_id]

    async def place(self, request: Request, resource: Resource) -> tuple[PhoneNetwork, str]:
        """The network and the company of whoever's API key came along. Raises Refused (401, 403)."""
        try:
            caller = await authenticate(self._exchange, request.headers, self._exchange.clock())
        except Problem as problem:
            raise Refused(problem.status, problem.detail) from None
        needed = {resource} if request.method in {"GET", "HEAD"} else {resource, Resource.NUMBERS}
        if not all(caller.may(request.method, each) for each in needed):
            raise Refused(403, _MAY_NOT_LOOK if needed == {resource} else _MAY_NOT_RING)
        return self.network(caller.company.company_id), caller.company.company_id

    async def aclose(self) -> None:
        """End every call."""
        for network in self._networks.values():
            await network.aclose()
        await self._http.aclose()
