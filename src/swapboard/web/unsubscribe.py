"""`/unsubscribe/TOKEN`: whoever gets a report by e-mail says that they want no more of it.

Programs that look at links before people do may open it, so opening changes nothing; a button does, or the mail
program's own POST (RFC 8058), which comes from anywhere.
"""

from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.reports.schedule_store import stop_recipient
from swapboard.storage.commit import Unavailable
from swapboard.storage.writer import Overloaded
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.report_mail import STOP_PATH
from swapboard.web.dashboard.headers import ALWAYS
from swapboard.web.dashboard.rendering import message, page
from swapboard.web.dashboard.translation import InTheirLanguage, _

_HEADERS = {**ALWAYS, "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class _Wish:
    company_id: str
    schedule_id: str
    address: str


class UnsubscribeDoor:
    """The door of every company's recipients."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def routes(self) -> list[Route]:
        path = f"{STOP_PATH}/{{token}}"
        in_theirs = [Middleware(InTheirLanguage)]
        return [
            Route(path, self._ask, methods=["GET"], middleware=in_theirs),
            Route(path, self._stop, methods=["POST"], middleware=in_theirs),
        ]

    async def _ask(self, request: Request) -> Response:
        wish = self._wish(request)
        if wish is None:
            return _unknown()
        return page("unsubscribe.html", 200, _HEADERS, address=wish.address, done=False)

    async def _stop(self, request: Request) -> Response:
        wish, now = self._wish(request), self._exchange.clock()
        if wish is None:
            return _unknown()
        try:
            await self._exchange.change(
                lambda connection: stop_recipient(connection, wish.company_id, wish.schedule_id, wish.address, now)
            )
        except (Overloaded, Unavailable, SQLAlchemyError):
            return _not_now()
        return page("unsubscribe.html", 200, _HEADERS, address=wish.address, done=True)

    def _wish(self, request: Request) -> _Wish | None:
        try:
            facts = self._exchange.vault.unseal(request.path_params["token"])
            return _Wish(facts["company"], facts["schedule"], facts["address"])
        except (ValueError, KeyError):
            return None


def _not_now() -> Response:
    advice = _("It could not be written down just now, so you still get the report. Try again in a minute.")
    return message(503, _("Try again"), advice, {**_HEADERS, "Retry-After": "60"})


def _unknown() -> Response:
    advice = _("The link is not whole. Copy all of it from the e-mail, or ask whoever sends you the report.")
    return message(404, _("Not found"), advice, _HEADERS)
