"""A running Swapboard with one business, as the client package meets it: over a socket, with a key."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from sqlalchemy import Engine

from swapboard.accounts.company import ApiKey, Consent, Role
from swapboard.accounts.keys import add_key
from swapboard.accounts.secrets import new_api_key
from swapboard.cli.serve import server_config
from swapboard.clock import system_clock
from swapboard.storage.engine import writing
from swapboard.storage.ids import new_id
from swapboard.switchboard.exchange import Exchange
from swapboard.web.app import create_app
from swapboard_client import Swapboard
from tests.building import Business, open_business, pool_number, rows_of, settings_of

POOL = {pool_number(0, index) for index in range(3)}


@dataclass(frozen=True, slots=True)
class Running:
    """A server on a port of this machine."""

    url: str
    business: Business
    key: str
    engine: Engine
    closing: ExitStack

    def swapboard(self, **changes: object) -> Swapboard:
        """A client of it; patient, because the machine that tests run on is busy."""
        settings = {"site_id": self.business.site.site_id, "key": self.key, "timeout_seconds": 20.0, **changes}
        url = str(settings.pop("url", self.url))
        made = Swapboard(url, **settings)  # type: ignore[arg-type]
        self.closing.callback(made.close)
        return made

    def sessions(self) -> list[str]:
        return [row["session_id"] for row in rows_of(self.engine, "sessions")]


class _Server(uvicorn.Server):
    """Signals are pytest's."""

    def install_signal_handlers(self) -> None:
        return


@pytest.fixture
def running(
    request: pytest.FixtureRequest, engine: Engine, database_url: str, tmp_path: Path
) -> Iterator[Running]:
    """The real application on uvicorn, in a thread; its parameter is the site's consent mode."""
    now = system_clock()
    consent: Consent = getattr(request, "param", Consent.ALWAYS)
    with writing(engine) as connection:
        business = open_business(
            connection, hosts=("testserver", "example.com", "127.0.0.1"), consent=consent, now=now
        )
        key_id = new_id(now)
        key, secret_hash = new_api_key(business.company_id, key_id)
        add_key(
            connection, ApiKey(key_id, business.company_id, "website", Role.SITE, now, None, None), secret_hash
        )
    settings = settings_of(tmp_path, database_url)
    with (
        on_uvicorn(server_config(create_app(Exchange(settings)), settings, "127.0.0.1", 0)) as url,
        ExitStack() as closing,
    ):
        yield Running(url, business, key, engine, closing)


@contextmanager
def on_uvicorn(config: uvicorn.Config) -> Iterator[str]:
    """An application on a free port of this machine, in a thread of its own."""
    server = _Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            thread.join(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
    assert not thread.is_alive()
