"""`swapboard demo`: a whole Swapboard on this machine, with an invented business and its past."""

import asyncio
import json
import logging
import math
import os
import secrets
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import httpx
import typer
import uvicorn
import uvloop
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.progress import track

from swapboard.accounts.secrets import Vault
from swapboard.accounts.store import config_versions
from swapboard.carriers.sandbox.network import PhoneNetwork
from swapboard.cli.listening import listening
from swapboard.cli.problems import Problem
from swapboard.cli.serve import server_config
from swapboard.clock import DAY, MINUTE, system_clock
from swapboard.demo.advertising import set_up, spend
from swapboard.demo.business import BILLBOARD, COMPANY, EMAIL, PASSWORD, TARGET, Ids, Opened, open_business
from swapboard.demo.history import History
from swapboard.demo.platforms import Platforms
from swapboard.demo.site import create_site
from swapboard.memory import settle_memory
from swapboard.settings import Settings, read_settings
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.migrate import migrate, tables_in
from swapboard.switchboard.exchange import Exchange
from swapboard.upkeep.site_line import look_for_line
from swapboard.visits.store import latest_visit_at
from swapboard.web.app import create_app
from swapboard.web.dashboard.login import OpenLogin
from swapboard.web.dashboard.reach import Reach
from swapboard.web.practice import sandbox_lines
from swapboard.web.sandbox import everybodys, sandbox_routes
from swapboard.web.script import script_address

HISTORY_ENDS_BEFORE_NOW = 5 * MINUTE
MOST_DAYS = 400
ZONE = ZoneInfo("America/New_York")


def demo(
    port: Annotated[int, typer.Option(min=1, max=65534, help="The dashboard's port; the site's is next.")] = 8000,
    data_dir: Annotated[Path, typer.Option(help="Where the demo keeps its data.")] = Path("demo-data"),
    days: Annotated[int, typer.Option(min=0, max=MOST_DAYS, help="How many days of past to make up.")] = 90,
    database_url: Annotated[
        str, typer.Option(help="An empty PostgreSQL database to use; else a file in the folder.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line once it answers.")] = False,
) -> None:
    """Run a whole Swapboard here, with an invented business to try it on. Stop with Ctrl-C; nothing is lost.

    Example: swapboard demo --port 8000 --days 30
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    settings = _settings(port, data_dir.absolute(), database_url)
    with listening(settings.host, port) as board, listening(settings.host, port + 1) as site:
        state = _open(settings, days, quiet=as_json)
        uvloop.run(_serve(settings, state, (board, site), as_json))


_REQUESTS = "SWAPBOARD_API_REQUESTS_PER_MINUTE"


@dataclass(frozen=True, slots=True)
class _State:
    """What the demo must know again when it is started again; kept in `demo.json`."""

    opened: Opened
    ids: Ids
    credentials: dict[str, str]


_STATE = TypeAdapter(_State)


def _settings(port: int, data_dir: Path, database_url: str) -> Settings:
    return read_settings(
        {
            "SWAPBOARD_DATA_DIR": str(data_dir),
            # Only where it is said to the demo: the environment's may be that of a real Swapboard.
            "SWAPBOARD_DATABASE_URL": database_url,
            "SWAPBOARD_PORT": str(port),
            "SWAPBOARD_PUBLIC_URL": f"http://127.0.0.1:{port}",
            # Screenshots and tests of the demo come from headless browsers.
            "SWAPBOARD_HEADLESS_VISITORS": "1",
            # Whatever tries the whole API on a demo asks more often than a key may by itself.
            _REQUESTS: os.environ.get(_REQUESTS, ""),
        }
    )


def _open(settings: Settings, days: int, quiet: bool) -> _State:
    """Open the business, the first time, and bring its past up to now."""
    state_file = settings.data_dir / "demo.json"
    if not state_file.exists() and (settings.data_dir / "swapboard.db").exists():
        raise Problem(f"{settings.data_dir} holds data that is not a demo's. Choose another --data-dir.")
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        known = _STATE.validate_json(state_file.read_bytes()) if state_file.exists() else None
    except ValidationError as error:
        raise Problem(f"{state_file} cannot be read. Remove the folder to start afresh.") from error
    except OSError as error:
        raise Problem(f"The folder {settings.data_dir} cannot be used: {error.strerror}.") from error
    _check_database(settings.database_url, known)
    # Also for a demo that an older Swapboard made.
    migrate(settings.database_url)
    state = known or _found(settings)
    _live_through(settings, state.ids, days, quiet)
    return state


def _check_database(database_url: str, known: _State | None) -> None:
    """Before anything is written there: it may be a real Swapboard's. Raises Problem."""
    tables = tables_in(database_url)
    if known and not ("companies" in tables and _is_in(database_url, known.ids.company_id)):
        raise Problem(
            "The demo's data is not in this database. Name the one that it was made in (--database-url), "
            "or begin in another --data-dir."
        )
    if not known and tables:
        raise Problem("The database holds data that is not this demo's. Name an empty one (--database-url).")


def _is_in(database_url: str, company_id: str) -> bool:
    engine = open_engine(database_url)
    try:
        with reading(engine) as connection:
            return company_id in config_versions(connection)
    finally:
        engine.dispose()


def _found(settings: Settings) -> _State:
    """A new business in an empty database; the state file comes first, so that a half-made demo is known."""
    now = system_clock()
    credentials = {"account_sid": "AC" + secrets.token_hex(16), "auth_token": secrets.token_hex(16)}
    engine = open_engine(settings.database_url)
    vault = Vault.open(settings.secret_file)
    with writing(engine) as connection:
        opened, ids = open_business(connection, vault, credentials, now)
        set_up(connection, ids.company_id, now, ZONE)
        state = _State(opened, ids, credentials)
        (settings.data_dir / "demo.json").write_bytes(_STATE.dump_json(state))
    engine.dispose()
    return state


def _live_through(settings: Settings, ids: Ids, days: int, quiet: bool) -> None:
    """Make up what happened since the last visit that is known, or in all the days."""
    engine = open_engine(settings.database_url)
    end = system_clock() - HISTORY_ENDS_BEFORE_NOW
    with reading(engine) as connection:
        known_until = latest_visit_at(connection, ids.company_id)
    start = max(end - days * DAY, (known_until or 0) + 1)
    history = History(ids, ZONE, seed=start // DAY)
    spans = max(1, math.ceil((end - start) / DAY)) + 1
    for write in track(
        history.write(start, end),
        description="Making up the past",
        total=spans,
        console=Console(stderr=True, quiet=quiet),
        transient=True,
    ):
        with writing(engine) as connection:
            write(connection)
    with writing(engine) as connection:
        spend(connection, ids.company_id, (start, end), ZONE, system_clock())
    engine.dispose()


async def _serve(settings: Settings, state: _State, sockets: Sequence[list[socket.socket]], as_json: bool) -> None:
    site_url = f"http://127.0.0.1:{settings.port + 1}"
    board_url = settings.public_url
    async with httpx.AsyncClient(timeout=15) as http:
        exchange = Exchange(settings)
        network = PhoneNetwork(sandbox_lines(exchange, state.ids.company_id), http, exchange.clock)
        place = everybodys(network, state.ids.company_id)
        board = create_app(
            exchange,
            sandbox_routes(exchange, place),
            OpenLogin(EMAIL, PASSWORD),
            Reach(lambda _company_id: network, look_for_line),
        )
        script_url = script_address(settings, state.opened.site_key)
        site = create_site(network, board_url, script_url, Platforms(site_url, exchange.clock))
        servers = [
            _Server(server_config(board, settings, settings.host, settings.port)),
            _Server(server_config(site, settings, settings.host, settings.port + 1)),
        ]
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, _stop, servers)
        settle_memory()
        running = [
            asyncio.create_task(server.serve(taken)) for server, taken in zip(servers, sockets, strict=True)
        ]
        while not all(server.started for server in servers):
            if any(task.done() for task in running):
                break
            await asyncio.sleep(0.02)
        else:
            _greet(state, board_url, site_url, as_json)
        await asyncio.gather(*running)
        await network.aclose()


class _Server(uvicorn.Server):
    """One of two servers in this process; signals are taken for both together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _stop(servers: list[_Server]) -> None:
    for server in servers:
        server.should_exit = True


def _greet(state: _State, board_url: str, site_url: str, as_json: bool) -> None:
    facts = {
        "dashboard": board_url,
        "site": site_url,
        "site_key": state.opened.site_key,
        "company_id": state.opened.company_id,
        "api_key": state.opened.api_key,
        "target": TARGET,
        "static_number": BILLBOARD,
    }
    if as_json:
        print(json.dumps(facts), flush=True)  # noqa: T201 whoever started us waits for this line
        return
    console = Console()
    console.print(
        f"\n[bold]Swapboard's demo is running.[/bold]\n{COMPANY} is invented, everything else is real.\n"
    )
    console.print(f"  1. Arrive at its site:      {site_url}/arrivals")
    console.print("  2. Click the number there:  the phone opens; press Call")
    console.print(f"  3. Watch it ring:           {board_url}/")
    console.print(f"  4. Tell Google of it:       {site_url}/platforms")
    console.print(f"\n  Log in as {EMAIL} with the password “{PASSWORD}”.\n  Stop with Ctrl-C.\n")
