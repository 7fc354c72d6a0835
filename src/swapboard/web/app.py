"""The application: every door on one server."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount

from swapboard import __version__
from swapboard.lines.serving import lines_of
from swapboard.switchboard.exchange import Exchange
from swapboard.web.amp import AmpDoor
from swapboard.web.api import install_api
from swapboard.web.carriers_first import CarriersFirst
from swapboard.web.collector import Collector
from swapboard.web.dashboard import dashboard
from swapboard.web.dashboard.login import OpenLogin
from swapboard.web.dashboard.reach import NO_REACH, Reach
from swapboard.web.feeds import FeedDoor
from swapboard.web.practice import Practice
from swapboard.web.sandbox import sandbox_routes
from swapboard.web.shared_reports import SharedReportDoor
from swapboard.web.short_links import ShortLinks
from swapboard.web.sounds import SoundDoor
from swapboard.web.unsubscribe import UnsubscribeDoor
from swapboard.web.visits import Visits
from swapboard.web.webhooks import CarrierDoor


def create_app(
    exchange: Exchange,
    more_routes: Sequence[BaseRoute] = (),
    open_login: OpenLogin | None = None,
    reach: Reach = NO_REACH,
) -> FastAPI:
    """The server of one exchange, which it starts and stops; `more_routes` come before the dashboard's.

    `open_login` stands on the log-in page for everybody to see: the demo's, and nobody else's.
    Without a phone network in `reach`, each company with a sandbox account has one of its own.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await exchange.start()
        try:
            async with lines_of(exchange):
                yield
        finally:
            await practice.aclose()
            await exchange.stop()
            # What the database did not take is on its way to the spool, and has its answer already.
            await app.state.carrier_door.finish()

    app = CarriersFirst(
        title="Swapboard",
        version=__version__,
        lifespan=lifespan,
        # The API's door answers for its description, without holding up the others.
        openapi_url=None,
    )
    app.state.exchange = exchange
    app.state.practice = practice = Practice(exchange, app)
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
    if reach.network_of is None:
        reach = replace(reach, network_of=practice.network)
        app.router.routes.extend(sandbox_routes(exchange, practice.place))
    app.router.routes.append(Mount("/", dashboard(exchange, open_login, reach)))
    return app
