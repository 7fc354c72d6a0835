"""`swapboard serve` and `swapboard migrate`."""

import logging
import os
from collections.abc import Sequence
from typing import Annotated

import typer
import uvicorn
from sqlalchemy.exc import DatabaseError
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from swapboard.cli.first_run import greet_the_first
from swapboard.cli.installation import bring_up_to_date, make_folder, trouble, upgrade
from swapboard.cli.listening import listening
from swapboard.cli.problems import Problem
from swapboard.logs import begin_log
from swapboard.memory import settle_memory, unswept
from swapboard.settings import Settings, read_settings, unknown_settings
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.scribe import scribe_of
from swapboard.upkeep.site_line import look_for_line
from swapboard.upkeep.verdict import fault_of_path
from swapboard.web.app import create_app
from swapboard.web.dashboard.reach import Reach
from swapboard.web.proxies import behind_proxies
from swapboard.web.whole_requests import WholeRequests

log = logging.getLogger(__name__)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
    opens: Annotated[
        bool,
        typer.Option("--open/--no-open", help="Open a new server's first page in the browser."),
    ] = True,
) -> None:
    """Run the server: dashboard, API, tracker and carriers' webhooks.

    A new server tells the address at which one sets it up.

    Settings come from SWAPBOARD_* variables (docs/settings.md).

    Example: SWAPBOARD_PUBLIC_URL=https://calls.example.com swapboard serve --port 8000
    """
    begin_log()
    settings = _settings(port)
    for name in unknown_settings():
        log.warning("%s is no setting of Swapboard's (docs/settings.md); is it written right?", name)
    if path_fault := fault_of_path(settings.public_url):
        log.warning("SWAPBOARD_PUBLIC_URL is not enough for the dashboard: %s. %s", *path_fault)
    host, port = host or settings.host, settings.port
    with listening(host, port) as sockets:
        app = _app(settings)
        log.info("Swapboard listens on %s, port %d; stop it with Ctrl-C", host, port)
        greet_the_first(settings, host, port, opens)
        uvicorn.Server(server_config(app, settings, host, port)).run(sockets=sockets)


def _settings(port: int | None) -> Settings:
    """Those of the environment; without a public address of its own, that is at the port that was said here."""
    said = {} if port is None else {"SWAPBOARD_PORT": str(port)}
    return read_settings({**os.environ, **said})


def _app(settings: Settings) -> Starlette:
    make_folder(settings)
    try:
        upgrade(settings)
    except DatabaseError as error:
        # Calls are still routed by the snapshot; visits come back when the database does.
        log.error("the server starts without its database: %s", trouble(error))
    exchange = Exchange(settings, scribe=scribe_of(settings))
    with unswept():
        app = create_app(exchange, for_assistants(settings), reach=Reach(look_for_line=look_for_line))
    settle_memory()
    return app


def for_assistants(settings: Settings) -> Sequence[BaseRoute]:
    """The door at `/mcp`, where it is opened. Raises Problem."""
    if not settings.mcp:
        return ()
    try:
        from swapboard.assistant.door import assistant_routes  # noqa: PLC0415  an extra: most servers need none of it
    except ImportError as error:
        raise Problem(
            "SWAPBOARD_MCP is set, but the protocol is not installed: pip install 'swapboard[mcp]'."
        ) from error
    return assistant_routes(settings.mcp)


def migrate() -> None:
    """Bring the database to this version's schema.

    Example: SWAPBOARD_DATABASE_URL=postgresql://swapboard@localhost/swapboard swapboard migrate
    """
    begin_log()
    bring_up_to_date(read_settings())
    typer.echo("The database is up to date.")


def server_config(app: Starlette, settings: Settings, host: str, port: int) -> uvicorn.Config:
    """How uvicorn runs our applications."""
    return uvicorn.Config(
        behind_proxies(app, settings),
        host=host,
        port=port,
        loop="uvloop",
        http=WholeRequests,
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )
