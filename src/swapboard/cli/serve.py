"""`swapboard serve` and `swapboard migrate`."""

import logging
from typing import Annotated

import typer
import uvicorn
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette

from swapboard.cli.problems import Problem
from swapboard.logs import begin_log
from swapboard.memory import settle_memory
from swapboard.settings import Settings, read_settings
from swapboard.storage import migrate as migration
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.scribe import scribe_of
from swapboard.web.app import create_app

log = logging.getLogger(__name__)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
) -> None:
    """Run the server: dashboard, API, tracker and carriers' webhooks.

    Settings come from SWAPBOARD_* variables (docs/settings.md).

    Example: SWAPBOARD_PUBLIC_URL=https://calls.example.com swapboard serve --port 8000
    """
    begin_log()
    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        migration.migrate(settings.database_url)
    except OperationalError as error:
        # Calls are still routed by the snapshot; visits come back when the database does.
        log.error("the database does not answer, so the server starts without it: %s", error.orig)
    app = create_app(Exchange(settings, scribe=scribe_of(settings)))
    settle_memory()
    uvicorn.Server(server_config(app, settings, host or settings.host, port or settings.port)).run()


def migrate() -> None:
    """Bring the database to this version's schema.

    Example: SWAPBOARD_DATABASE_URL=postgresql://swapboard@localhost/swapboard swapboard migrate
    """
    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        migration.migrate(settings.database_url)
    except OperationalError as error:
        raise Problem(f"The database does not answer ({error.orig}). Is SWAPBOARD_DATABASE_URL right?") from error
    typer.echo("The database is up to date.")


def server_config(app: Starlette, settings: Settings, host: str, port: int) -> uvicorn.Config:
    """How uvicorn runs our applications."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=3,
    )
