"""The application: every door on one server."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount

from swapboard import __version__
from swapboard.lines.serving import lines_of
from swapboard.switchboard.exchange import Exchange
from swapboard.web.amp import AmpDoor
from swapboard.web.api import install_api
from swapboard.web.collector import Collector
from swapboard.web.dashboard import dashboard
from swapboard.web.dashboard.login import OpenLogin
from swapboard.web.feeds import FeedDoor
from swapboard.web.shared_reports import SharedReportDoor
from swapboard.web.short_links import ShortLinks
from swapboard.web.sounds import SoundDoor
from swapboard.web.unsubscribe import UnsubscribeDoor
from swapboard.web.visits import Visits
from swapboard.web.webhooks import CarrierDoor


def create_app(
    exchange: Exchange, more_routes: Sequence[BaseRoute] = (), open_login: OpenLogin | None = None
) -> FastAPI:
    """The server of one exchange, which it starts and stops; `more_routes` come before the dashboard's.

    `open_login` stands on the log-in page for everybody to see: the demo's, and nobody else's.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await exchange.start()
        try:
            async with lines_of(exchange):
                yield
        finally:
            await exchange.stop()

    app = FastAPI(
        title="Swapboard",
        version=__version__,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.exchange = exchange
    app.state.visits = Visits(exchange)
    # The busy doors first, before FastAPI's own: a route is found by trying one after the other.
    app.router.routes[:0] = Collector(exchange, app.state.visits).routes()
    app.state.carrier_door = CarrierDoor(exchange)
    app.router.routes.extend(app.state.carrier_door.routes())
    app.router.routes.extend(AmpDoor(exchange, app.state.visits).routes())
    app.router.routes.extend(ShortLinks(exchange).routes())
    app.router.routes.extend(FeedDoor(exchange).routes())
    app.router.routes.extend(SharedReportDoor(exchange).routes())
    app.router.routes.extend(UnsubscribeDoor(exchange).routes())
    app.router.routes.extend(SoundDoor(exchange).routes())
    install_api(app)
    app.router.routes.extend(more_routes)
    app.router.routes.append(Mount("/", dashboard(exchange, open_login)))
    return app
