"""The businesses behind the gallery's pages, on the real server."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx
from sqlalchemy import Connection

from swapboard.accounts import store as account_store
from swapboard.accounts.company import ApiKey, Company, Consent, Role, Site
from swapboard.accounts.keys import add_key
from swapboard.accounts.page import PLAIN, Declined, PageOptions, Vanity
from swapboard.accounts.secrets import new_api_key
from swapboard.clock import system_clock
from swapboard.numbers import inventory, rule_store
from swapboard.numbers.inventory import NewNumber, NumberKind
from swapboard.numbers.rules import Outcome, Overflow, Pool, Rule, SwapTarget
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.ids import new_id
from swapboard.storage.migrate import migrate
from tests.patience import HANGS_AFTER_SECONDS

WASHINGTON = ("+12025550100", "+12025550110")
LONDON = ("+442079460958",)
DIRECT_STATIC = "+14155550199"
"""What visitors of the Washington business who declined are shown, where the site says so."""
STORED_ELSEWHERE = "+16175550142"
"""A number of the Washington pool that stands in a page some cache has stored."""


def _american(area_codes: Iterable[int]) -> tuple[str, ...]:
    return tuple(f"+1{area}55501{line:02d}" for area in area_codes for line in range(90))


@dataclass(frozen=True, slots=True)
class _House:
    """A company: its own numbers, and the pool of each."""

    name: str
    targets: tuple[str, ...]
    pools: tuple[tuple[str, ...], ...]
    static: str | None = None


_HOUSES = {
    "washington": _House(
        "Washington",
        WASHINGTON,
        (_american((212, 312, 415, 503, 617)), _american((305, 713, 801))),
        DIRECT_STATIC,
    ),
    "london": _House("London", LONDON, (tuple(f"+44207946{line:04d}" for line in range(100, 300)),)),
    "abroad": _House("Moved abroad", ("+12025550120",), (tuple(f"+44207946{n:04d}" for n in range(300, 500)),)),
}

_VANITY = Vanity("1-202-PLUMBER", WASHINGTON[0])
_SITES = {
    "us": ("washington", Consent.ALWAYS, PLAIN),
    "uk": ("london", Consent.ALWAYS, PLAIN),
    "abroad": ("abroad", Consent.ALWAYS, PLAIN),
    "options": (
        "washington",
        Consent.ALWAYS,
        PageOptions(
            attributes=("data-phone", "data-call"), skip=("code", "pre"), whatsapp=False, vanity=(_VANITY,)
        ),
    ),
    "wait": ("washington", Consent.WAIT, PLAIN),
    "wait-static": ("washington", Consent.WAIT, PageOptions(declined=Declined.CHANNEL_STATIC)),
    "cookieless": ("washington", Consent.COOKIELESS, PLAIN),
    "everywhere": ("washington", Consent.ALWAYS, PageOptions(linked_hosts=("shop.example.org",))),
    "own": ("washington", Consent.WAIT, PLAIN),
}
_HOSTS = {"everywhere": (), "own": ("www.example.com",)}
"""The sites that are not on this machine by its number."""
"""Each site's house, and how the script treats its pages, by the name that pages call it."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """The running server: where it is, the sites' keys by the names that pages call them, the houses' API keys."""

    url: str
    site_keys: Mapping[str, str]
    api_keys: Mapping[str, str]

    def script(self, site: str) -> str:
        """The address of a site's script."""
        return f"{self.url}/t/{self.site_keys[site]}.js"

    def targets(self, site: str) -> tuple[str, ...]:
        """The numbers that a site's business has on its pages."""
        return _HOUSES[_SITES[site][0]].targets

    def listed(self, what: str, house: str = "washington", **wanted: str) -> list[dict[str, object]]:
        """All sessions, calls, … of a house that fit, newest first, as its API tells."""
        query, found = {"limit": "200", **wanted}, []
        while True:
            page = _ask("GET", f"{self.url}/api/v1/{what}?{urlencode(query)}", self.api_keys[house])
            data, cursor = page["data"], page["next_cursor"]
            assert isinstance(data, list)
            found += data
            if cursor is None:
                return found
            query["cursor"] = str(cursor)

    def count(self, what: str, house: str = "washington") -> int:
        """How many sessions, calls, … a house has."""
        return len(self.listed(what, house))


@contextmanager
def running_server(folder: Path) -> Iterator[Gallery]:
    """The real server with the houses in a new database, in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    site_keys, api_keys = _found(f"sqlite:///{folder / 'swapboard.db'}")
    environment = os.environ | {
        "SWAPBOARD_DATA_DIR": str(folder),
        "SWAPBOARD_PORT": str(port),
        "SWAPBOARD_PUBLIC_URL": url,
        "SWAPBOARD_VISITS_PER_SECOND": "10000",
        "SWAPBOARD_HEADLESS_VISITORS": "1",
    }
    log = folder / "log"
    with log.open("w") as written:
        process = subprocess.Popen([sys.executable, "-m", "swapboard", "serve"], env=environment, stderr=written)
        try:
            _wait_until_it_answers(process, url)
            yield Gallery(url, site_keys, api_keys)
        finally:
            process.terminate()
            process.wait(HANGS_AFTER_SECONDS)
    assert "Traceback" not in log.read_text(), log.read_text()


def _found(database_url: str) -> tuple[dict[str, str], dict[str, str]]:
    """The sites' keys and the houses' API keys."""
    migrate(database_url)
    engine = open_engine(database_url)
    site_keys: dict[str, str] = {}
    api_keys: dict[str, str] = {}
    with writing(engine) as connection:
        for name, house in _HOUSES.items():
            company_id, api_keys[name] = _add_house(connection, house)
            for site, (owner, consent, page) in _SITES.items():
                if owner == name:
                    site_keys[site] = _add_site(connection, company_id, site, consent, page)
    engine.dispose()
    return site_keys, api_keys


def _add_house(connection: Connection, house: _House) -> tuple[str, str]:
    now = system_clock()
    company_id, key_id = new_id(now), new_id(now)
    company = Company(company_id, new_id(now), house.name, "UTC", "US", "+12025550101", 1800, 25, now)
    account_store.add_company(connection, company)
    api_key, secret_hash = new_api_key(company_id, key_id)
    key = ApiKey(key_id, company_id, "The gallery", Role.OWNER, now, None, None)
    add_key(connection, key, secret_hash)
    for position, (number, pool) in enumerate(zip(house.targets, house.pools, strict=True), 1):
        _add_line(connection, company_id, position, number, pool, house.static if position == 1 else None)
    return company_id, api_key


def _add_site(connection: Connection, company_id: str, name: str, consent: Consent, page: PageOptions) -> str:
    now = system_clock()
    key = secrets.token_hex(8)
    hosts = _HOSTS.get(name, ("127.0.0.1",))
    account_store.add_site(
        connection, Site(new_id(now), company_id, key, name, hosts, consent, 20, None, now, page)
    )
    return key


def _add_line(
    connection: Connection,
    company_id: str,
    position: int,
    number: str,
    pool_numbers: Iterable[str],
    static: str | None,
) -> None:
    """A number on the site, what visitors are shown in its place, and the rule that says so."""
    now = system_clock()
    target = SwapTarget(new_id(now), number, "+12025550101")
    inventory.add_target(connection, company_id, target, f"Line {position}", now)
    pool = Pool(new_id(now), target.target_id, Overflow.ORIGINAL)
    inventory.add_pool(connection, company_id, pool, f"Visitors of line {position}", now)
    numbers = [NewNumber(new_id(now), each, NumberKind.POOL, now, pool_id=pool.pool_id) for each in pool_numbers]
    if static:
        kept = NewNumber(
            new_id(now),
            static,
            NumberKind.STATIC,
            now,
            target_id=target.target_id,
            placement="Site",
            channel="Direct",
        )
        numbers.append(kept)
    inventory.add_numbers(connection, company_id, numbers)
    rule = Rule(new_id(now), f"Line {position}", Outcome.POOL, {}, pool_id=pool.pool_id)
    rule_store.add_rule(connection, company_id, rule, position, now)


def _ask(method: str, url: str, api_key: str, body: object = None) -> dict[str, object]:
    answer = httpx.request(method, url, json=body, headers={"Authorization": f"Bearer {api_key}"})
    assert answer.is_success, answer.text
    document: dict[str, object] = answer.json()
    return document


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + HANGS_AFTER_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended at once"
        try:
            httpx.get(f"{url}/login")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server did not answer")
