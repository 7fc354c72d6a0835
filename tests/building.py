"""Small things that tests are built from: a business with its numbers, a visit, a beat, a call, a server."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount

from swapboard.accounts.company import Company, Consent, Site
from swapboard.accounts.store import add_company, add_site
from swapboard.calls.store import add_carrier
from swapboard.clock import Clock, Millis, system_clock
from swapboard.numbers.conditions import Field
from swapboard.numbers.inventory import NewNumber, NumberKind, add_numbers, add_pool, add_target
from swapboard.numbers.rule_store import add_rule
from swapboard.numbers.rules import Outcome, Overflow, Pool, Rule, SwapTarget
from swapboard.settings import Settings, read_settings
from swapboard.storage.engine import reading
from swapboard.storage.ids import new_id
from swapboard.storage.schema import metadata
from swapboard.switchboard.beating import Beat, Happening
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.visiting import Visit
from swapboard.visits.source import Source, classify
from swapboard.visits.visit import Presence
from swapboard.web.collector import Collector
from swapboard.web.webhooks import CarrierDoor
from tests.patience import HANGS_AFTER_SECONDS

NOW: Millis = 1_795_000_000_000
BEAT_SECONDS = 20
SESSION_SECONDS = 1800
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PAGE = "https://www.example.com/"
DESTINATION = "+442079460001"
DEFAULT_DESTINATION = "+442079460009"
TARGETS = ("+442079460100", "+442079460101")
FALLBACK = "+442079460200"
SOCIAL = "+442079460201"
BILLBOARD = "+442079460202"

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""For what SQLite, with its one writer and its file, does not know."""
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what has nothing to do with the database."""

Answer = TypeVar("Answer")


def pool_number(pool: int, index: int) -> str:
    """The number at a place of a pool: pools are told apart by their area code."""
    return f"+1{(202, 212)[pool]}55501{index:02d}"


@dataclass(frozen=True, slots=True)
class Business:
    """A company that is set up: one pool for each target, rules, static numbers, a carrier."""

    company_id: str
    site: Site
    targets: tuple[SwapTarget, ...]
    pools: tuple[Pool, ...]
    fallback_id: str
    social_id: str
    carrier_id: str


def open_business(
    connection: Connection,
    *,
    numbers: int = 3,
    targets: int = 1,
    overflow: Overflow = Overflow.FALLBACK,
    hosts: Sequence[str] = (),
    consent: Consent = Consent.ALWAYS,
    carrier_kind: str = "test",
    credentials: str = "",
    default_destination: str | None = DEFAULT_DESTINATION,
    now: Millis = NOW,
) -> Business:
    """A business with so many numbers in the pool of each target; social visits see a static number."""
    company_id, carrier_id = new_id(now), new_id(now)
    add_company(
        connection,
        Company(company_id, new_id(now), "Example", "UTC", "GB", default_destination, SESSION_SECONDS, 25, now),
    )
    site = Site(
        new_id(now), company_id, new_id(now)[-12:], "example.com", tuple(hosts), consent, BEAT_SECONDS, now, now
    )
    add_site(connection, site)
    add_carrier(connection, company_id, carrier_id, carrier_kind, "A carrier", credentials, now)
    made = tuple(SwapTarget(new_id(now), number, DESTINATION) for number in TARGETS[:targets])
    for target in made:
        add_target(connection, company_id, target, "A line", now)
    fallback_id, social_id, billboard_id = new_id(now), new_id(now), new_id(now)
    pools = tuple(Pool(new_id(now), target.target_id, overflow, fallback_id) for target in made)
    for pool in pools:
        add_pool(connection, company_id, pool, "Visitors", now)
    first = made[0].target_id
    static = NumberKind.STATIC
    add_numbers(
        connection,
        company_id,
        [
            NewNumber(fallback_id, FALLBACK, static, now, target_id=first, placement="Overflow"),
            NewNumber(social_id, SOCIAL, static, now, target_id=first, channel="Organic Social"),
            NewNumber(
                billboard_id,
                BILLBOARD,
                static,
                now,
                target_id=first,
                placement="Billboard",
                channel="Offline",
                source="billboard",
                medium="outdoor",
            ),
            *(
                NewNumber(new_id(now), pool_number(place, index), NumberKind.POOL, now, pool_id=pool.pool_id)
                for place, pool in enumerate(pools)
                for index in range(numbers)
            ),
        ],
    )
    rules = [
        Rule(
            new_id(now),
            "Social visits see the social number",
            Outcome.STATIC,
            {Field.CHANNEL: ("Organic Social",)},
            number_id=social_id,
        ),
        *(Rule(new_id(now), "The rest get their own", Outcome.POOL, pool_id=pool.pool_id) for pool in pools),
    ]
    for position, rule in enumerate(rules, 1):
        add_rule(connection, company_id, rule, position, now)
    return Business(company_id, site, made, pools, fallback_id, social_id, carrier_id)


def a_source(url: str = PAGE, referrer: str = "") -> Source:
    """What the collector would make of this address."""
    return classify(url, referrer)


def a_visit(business: Business, **changes: Any) -> Visit:
    """A page view of an unknown visitor, who sees all targets."""
    visit = Visit(
        company_id=business.company_id,
        session_seconds=SESSION_SECONDS,
        site_id=business.site.site_id,
        beat_seconds=BEAT_SECONDS,
        visitor_id=None,
        session_id=None,
        url=PAGE,
        referrer="",
        own_hosts=(),
        title="Example",
        targets=tuple(target.number for target in business.targets),
        user_agent=BROWSER,
        time_zone="Europe/London",
        cookies={},
        opted_out=False,
        visible=True,
        now=NOW,
    )
    return visit._replace(**changes)


def a_beat(
    business: Business,
    session_id: str,
    presence: Presence = Presence.VISIBLE,
    now: Millis = NOW,
    happenings: tuple[Happening, ...] = (),
) -> Beat:
    """A beat of a session."""
    return Beat(business.company_id, SESSION_SECONDS, BEAT_SECONDS, session_id, presence, happenings, now)


class StillClock:
    """Stands still until it is set."""

    now: Millis = NOW

    def __call__(self) -> Millis:
        return self.now


def settings_of(folder: Path, database_url: str, **changes: Any) -> Settings:
    """Settings of a server that keeps its files in the folder and writes on a thread of its own."""
    environment = {"SWAPBOARD_DATA_DIR": str(folder), "SWAPBOARD_DATABASE_URL": database_url}
    settings = replace(read_settings(environment), database_url=database_url)
    return replace(settings, public_url="https://calls.example.com", **changes)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and a browser, or carrier, that talks to it."""

    exchange: Exchange
    collector: Collector
    carriers: CarrierDoor
    client: httpx.AsyncClient

    async def visit(self, business: Business, **changes: Any) -> httpx.Response:
        """Send the message of a page view."""
        headers = changes.pop("headers", {})
        message = {
            "visitor": None,
            "session": None,
            "url": PAGE,
            "targets": [target.number for target in business.targets],
        }
        return await self.client.post(
            f"/t/{business.site.site_key}/visit", json={**message, **changes}, headers=headers
        )

    async def beat(
        self, business: Business, session: str, state: str = "visible", **changes: Any
    ) -> httpx.Response:
        """Send a beat."""
        message = {"session": session, "state": state, **changes}
        return await self.client.post(f"/t/{business.site.site_key}/beat", json=message)


@asynccontextmanager
async def served(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Server]:
    """A server in this process, reached by HTTP messages without a socket; an exception in it is a 500."""
    exchange = Exchange(settings, clock)
    collector, carriers = Collector(exchange), CarrierDoor(exchange)
    # As in the real application, whatever no door takes goes to the dashboard.
    rest = Mount("/", PlainTextResponse("the dashboard"))
    app = Starlette(routes=[*collector.routes(), *carriers.routes(), rest])
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"User-Agent": BROWSER}
    async with httpx.AsyncClient(
        transport=transport, base_url="https://calls.example.com", headers=headers, timeout=30
    ) as client:
        await exchange.start()
        try:
            yield Server(exchange, collector, carriers, client)
        finally:
            await exchange.stop()


def run(work: Coroutine[Any, Any, Answer], seconds: float = HANGS_AFTER_SECONDS) -> Answer:
    """Run to the end; a test that hangs fails after `seconds`."""

    async def limited() -> Answer:
        return await asyncio.wait_for(work, seconds)

    return asyncio.run(limited())


async def until(condition: Callable[[], bool], seconds: float = HANGS_AFTER_SECONDS / 2) -> None:
    """Wait until the condition holds; fails after `seconds`."""
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(condition):
            await asyncio.sleep(0.01)


def rows_of(engine: Engine, table: str, **where: object) -> list[Mapping[str, Any]]:
    """The rows of a table, as dictionaries."""
    query = select(metadata.tables[table]).filter_by(**where)
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def counts(engine: Engine) -> dict[str, int]:
    """How many rows each table has."""
    with reading(engine) as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def doubly_live(engine: Engine) -> list[Any]:
    """Numbers that two live leases hold, or of which numbers and leases tell different things."""
    with reading(engine) as connection:
        twice = text(
            "SELECT company_id, number_id FROM leases WHERE state = 'live'"
            " GROUP BY company_id, number_id HAVING count(*) > 1"
        )
        differ = text(
            "SELECT n.number, n.live_session_id, l.session_id FROM numbers n LEFT JOIN leases l"
            " ON l.company_id = n.company_id AND l.number_id = n.number_id AND l.state = 'live'"
            " WHERE coalesce(n.live_session_id, '-') <> coalesce(l.session_id, '-')"
        )
        return [*connection.execute(twice), *connection.execute(differ)]


@contextmanager
def without_database(database_url: str, *users: Engine) -> Iterator[None]:
    """The database is away, and those who use it lose their connections; it is back in the end."""
    url = make_url(database_url)
    away = _sqlite_away(Path(url.database or "")) if url.get_backend_name() == "sqlite" else _postgresql_away(url)
    for engine in users:
        event.listen(engine, "connect", _note_period)
        event.listen(engine, "checkout", _check_period)
    with away:
        _Period.count += 1
        try:
            yield
        finally:
            _Period.count += 1


class _Period:
    """Counts how often a database went away or came back: connections of an earlier period are of no use."""

    count = 0


def _note_period(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["period"] = _Period.count


def _check_period(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
    # Disposing of the engine instead would leave open for ever what a thread holds at this moment.
    if record.info.get("period") != _Period.count:
        raise DisconnectionError


@contextmanager
def _sqlite_away(file: Path) -> Iterator[None]:
    """Nobody in this process can open the file. It stays where it is: moved while in use, it breaks."""
    if not event.contains(Engine, "do_connect", _refuse_what_is_away):
        event.listen(Engine, "do_connect", _refuse_what_is_away)
    away = str(file.absolute())
    _files_away.add(away)
    try:
        yield
    finally:
        _files_away.discard(away)


_files_away: set[str] = set()


def _refuse_what_is_away(
    _dialect: object, _record: object, arguments: Sequence[Any], _named: Mapping[str, Any]
) -> None:
    if arguments and arguments[0] in _files_away:
        raise sqlite3.OperationalError("unable to open database file")


@contextmanager
def _postgresql_away(url: Any) -> Iterator[None]:
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": url.database},
        )
        try:
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true"))
    admin.dispose()


@contextmanager
def hanging_database(engine: Engine, table: str) -> Iterator[None]:
    """Somebody else holds the table, or SQLite's only writer, so that whoever writes waits."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name != "sqlite":
            connection.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        yield
