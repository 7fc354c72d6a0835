"""What `swapboard serve` says when nobody can log in yet."""

import logging
import os
import sys
import webbrowser
from contextlib import suppress
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from swapboard.accounts.people import has_people
from swapboard.accounts.secrets import Vault
from swapboard.settings import Settings
from swapboard.storage.engine import open_engine, reading
from swapboard.web.dashboard.welcome import WELCOME, first_run_code

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})

log = logging.getLogger(__name__)


def greet_the_first(settings: Settings, host: str, port: int, opens: bool) -> None:
    """Tell the address of a new server's first page, and open it where a person sits before this machine."""
    if _has_people(settings):
        return
    page = f"{WELCOME}?code={first_run_code(Vault.open(settings.secret_file))}"
    here = f"http://{'[::1]' if host == '::1' else host}:{port}{page}" if host in LOCAL else ""
    public = "" if here and urlsplit(settings.public_url).hostname in LOCAL else f"{settings.public_url}{page}"
    if public:
        # Where the server listens for a proxy only, whoever reads its log sits elsewhere.
        also = f" (on this machine also: {here})" if here else ""
        log.info("Nobody can log in yet. Set the server up at %s%s", public, also)
    else:
        log.info("Nobody can log in yet. Set the server up at %s", here)
    if opens and _has_desktop():
        with suppress(webbrowser.Error):
            webbrowser.open(here or public)


def _has_people(settings: Settings) -> bool:
    """Also when the database does not answer: then nobody can be made, either."""
    engine = open_engine(settings.database_url)
    try:
        with reading(engine) as connection:
            return has_people(connection)
    except SQLAlchemyError:
        return True
    finally:
        engine.dispose()


def _has_desktop() -> bool:
    """A terminal with a person, and a screen beside it: not a service, not a shell from afar."""
    has_screen = sys.platform in {"darwin", "win32"} or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    return sys.stderr.isatty() and has_screen and "SSH_CONNECTION" not in os.environ
