"""The measurements of DESIGN 10 (a), (b) and (c): each starts a server of its own and loads it from outside."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import httpx
import uvloop
from sqlalchemy import Connection, insert
from twilio.request_validator import RequestValidator

from swapboard.accounts import store as account_store
from swapboard.accounts.company import Company, Consent, Site
from swapboard.accounts.secrets import Vault
from swapboard.bench.doors import BARE, READY
from swapboard.bench.load import Figures, press
from swapboard.calls.store import add_carrier
from swapboard.clock import HOUR, system_clock
from swapboard.numbers import inventory
from swapboard.numbers.inventory import NewNumber, NumberKind
from swapboard.numbers.rules import Outcome, Overflow, Pool, Rule, SwapTarget
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.ids import new_id
from swapboard.storage.migrate import migrate
from swapboard.storage.schema import chores
from swapboard.switchboard.reconciling import CHORE as CALL_LISTS

CONNECTIONS = 64
CALLERS = 16
CALLS_PER_SECOND = 100
CALLS_BETWEEN_NEWS = 50
REPORTERS = 512
"""Carriers tell news when it happens, whether the last was answered or not, which may take a second."""
EVENTS_PER_SECOND = 500
LEAST_KEPT = 0.95
"""Of the asked rate; with less, the figures would be of a smaller load."""
DIALLED = 10_000
"""Numbers that calls come to."""
VISITS_PER_SECOND = 20_000
"""More than there can be: each visit keeps its number, and none must find the pool empty."""
START_SECONDS = 150
"""It and the process that writes take five seconds of processor time to begin, most of it Python's imports, which
was more than half a minute where others kept two cores busy with forty processes."""
WARM_SECONDS = 0.5
CALLS_WARM_SECONDS = 3
"""Until the process that writes has begun and knows its way."""
TURNS = 5
"""A machine has slow moments, most of all one that shares its cores: they must not fall on one door alone."""
TARGET = "+12025550100"
TOKEN = "a bench's token"  # noqa: S105 signs nothing but this measurement
ACCOUNT = "AC" + "0" * 32
_CLICK = b"#" * 12
"""Stands where the click id is to be."""
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The real door beside the bare one, in the same server, in turns; figures are the turns' medians."""

    turns: tuple[tuple[Figures, Figures], ...]
    """The bare door's figures and the visit's, of each turn."""

    @property
    def bare(self) -> Figures:
        return _median([bare for bare, _visit in self.turns])

    @property
    def visit(self) -> Figures:
        return _median([visit for _bare, visit in self.turns])

    @property
    def throughput_ratio(self) -> float:
        return round(median(visit.per_second / bare.per_second for bare, visit in self.turns), 3)

    @property
    def p99_ratio(self) -> float:
        return round(median(visit.p99_ms / bare.p99_ms for bare, visit in self.turns), 2)


def _median(figures: list[Figures]) -> Figures:
    return Figures(
        per_second=median(each.per_second for each in figures),
        p50_ms=median(each.p50_ms for each in figures),
        p99_ms=median(each.p99_ms for each in figures),
        unexpected=sum(each.unexpected for each in figures),
        own_p99_ms=median(each.own_p99_ms for each in figures),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    port: int
    site_key: str
    carrier_id: str


def compare_visits(database_url: str | None, seconds: float, told: Callable[[str], None]) -> Comparison:
    """Visits with a durable lease against the bare door, 64 connections; SQLite when no database is given."""
    with _server(database_url, int(VISITS_PER_SECOND * (WARM_SECONDS + seconds))) as place:
        told("warming up")
        _press(place, BARE, WARM_SECONDS)
        _press(place, f"/t/{place.site_key}/visit", WARM_SECONDS)
        turns = []
        for turn in range(1, TURNS + 1):
            told(f"the bare door and visits with a lease, turn {turn} of {TURNS}")
            bare = _press(place, BARE, seconds / TURNS)
            turns.append((bare, _press(place, f"/t/{place.site_key}/visit", seconds / TURNS)))
    measured = Comparison(tuple(turns))
    if lacking := measured.bare.unexpected + measured.visit.unexpected:
        raise RuntimeError(f"{lacking} answers had no number in them")
    return measured


def measure_webhooks(seconds: float) -> Figures:
    """A hundred signed routing requests for new calls a second, on SQLite; every answer must dial."""
    with _server(None, DIALLED) as place:
        signed = _Signed(place)
        uvloop.run(_call(signed, CALLS_WARM_SECONDS, first=0))
        figures = uvloop.run(_call(signed, seconds, first=10**6))
    if figures.unexpected:
        raise RuntimeError(f"{figures.unexpected} routing answers did not dial")
    return figures


def measure_webhooks_beside_events(seconds: float, database_url: str | None = None) -> Figures:
    """The same, and five hundred status events a second beside them.

    Every routing answer must dial, and every event be taken; the figures are the routing answers'. SQLite when no
    database is given.
    """
    with _server(database_url, DIALLED) as place:
        signed = _Signed(place)
        uvloop.run(_ring(signed, CALLS_WARM_SECONDS, first=0))
        figures, events = uvloop.run(_ring(signed, seconds, first=CALLS_WARM_SECONDS * CALLS_PER_SECOND))
    if figures.unexpected:
        raise RuntimeError(f"{figures.unexpected} routing answers did not dial")
    if events.unexpected:
        raise RuntimeError(f"{events.unexpected} status events were not taken")
    if figures.per_second < LEAST_KEPT * CALLS_PER_SECOND or events.per_second < LEAST_KEPT * EVENTS_PER_SECOND:
        raise RuntimeError(
            f"it kept up with {figures.per_second:.0f} calls and {events.per_second:.0f} events a second only"
        )
    return figures


async def _call(signed: "_Signed", seconds: float, first: int) -> Figures:
    """Calls arrive."""
    calls = _made_before(partial(signed.routing, first), seconds * CALLS_PER_SECOND + CALLERS)
    return await press(signed.place.port, calls, b"<Dial", CALLERS, seconds, CALLS_PER_SECOND)


async def _ring(signed: "_Signed", seconds: float, first: int) -> tuple[Figures, Figures]:
    """Calls arrive, and their news comes in beside: of the routing answers, and of the events."""
    port = signed.place.port
    events = _made_before(partial(signed.event, first), seconds * EVENTS_PER_SECOND + REPORTERS)
    return await asyncio.gather(
        _call(signed, seconds, first),
        press(port, events, b"HTTP/1.1 204", REPORTERS, seconds, EVENTS_PER_SECOND),
    )


def _made_before(made: Callable[[int], bytes], most: float) -> Callable[[int], bytes]:
    """Requests are signed before the load begins: a carrier's machine does that, not the server's."""
    requests = [made(count) for count in range(round(most) + 1)]
    return requests.__getitem__


class _Signed:
    """Requests as Twilio sends and signs them."""

    def __init__(self, place: "_Place") -> None:
        self.place = place
        self._validator = RequestValidator(TOKEN)

    def routing(self, first: int, count: int) -> bytes:
        """A new call; those of one run are counted from `first` on."""
        return self._made("voice", _call_parameters(first + count))

    def event(self, first: int, count: int) -> bytes:
        """What becomes of the same calls at the same pace: four pieces of a leg's news for each, and its end.

        They come half a second apart, so that there is seldom more to be written of a call at once.
        """
        calls, which = divmod(count, len(_NEWS_OF_LEG) + 1)
        call = max(0, first + calls - which * CALLS_BETWEEN_NEWS)
        own = _call_parameters(call)
        if which == len(_NEWS_OF_LEG):
            return self._made("status", own | _END)
        return self._made("status", own | _leg_parameters(call) | _NEWS_OF_LEG[which])

    def _made(self, door: str, parameters: dict[str, str]) -> bytes:
        port = self.place.port
        path = f"/carriers/{self.place.carrier_id}/{door}"
        signature = self._validator.compute_signature(f"http://127.0.0.1:{port}{path}", parameters)
        body = urlencode(parameters).encode()
        return _request(path, port, body, "application/x-www-form-urlencoded", signature)


_NEWS_OF_LEG: tuple[dict[str, str], ...] = (
    {"CallStatus": "initiated", "SequenceNumber": "0"},
    {"CallStatus": "ringing", "SequenceNumber": "1"},
    {"CallStatus": "in-progress", "SequenceNumber": "2"},
    {"CallStatus": "completed", "SequenceNumber": "3", "CallDuration": "63"},
)
_END = {"CallStatus": "completed", "SequenceNumber": "0", "CallDuration": "66"}
"""Of the call itself: it is credited once more, and what is to be told of it is put in the outbox."""


def _leg_parameters(count: int) -> dict[str, str]:
    parent = _call_parameters(count)["CallSid"]
    return {"CallSid": f"CB{count:032x}", "ParentCallSid": parent, "Direction": "outbound-dial", "To": TARGET}


def _press(place: _Place, path: str, seconds: float) -> Figures:
    """Every request is the same but for its click id, so that making one takes the load generator no time."""
    before, after = _request(path, place.port, _visit_body(), "text/plain", None).split(_CLICK)

    def next_request(count: int) -> bytes:
        return b"%b%012x%b" % (before, count, after)

    return uvloop.run(press(place.port, next_request, b'"number"', CONNECTIONS, seconds))


def _visit_body() -> bytes:
    """A click on an ad."""
    return json.dumps(
        {
            "visitor": None,
            "session": None,
            "url": "https://www.example.com/emergency?utm_source=google&utm_medium=cpc&utm_campaign=spring"
            f"&utm_term=plumber&gclid=Cj0KCQ{_CLICK.decode()}",
            "referrer": "https://www.google.com/",
            "title": "Emergency plumber",
            "targets": [TARGET],
            "time_zone": "America/New_York",
            "cookies": {"_ga": "GA1.1.1234567890.1790000000"},
            "consent": None,
            "visible": True,
        }
    ).encode()


def _call_parameters(count: int) -> dict[str, str]:
    return {
        "CallSid": f"CA{count:032x}",
        "AccountSid": ACCOUNT,
        "From": f"+1212{2_000_000 + count % 7_000_000}",
        "To": f"+1555{count % DIALLED:07d}",
        "CallStatus": "ringing",
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
    }


def _request(path: str, port: int, body: bytes, media_type: str, signature: str | None) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"User-Agent: {_BROWSER}",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(body)}",
        *([f"X-Twilio-Signature: {signature}"] if signature else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextmanager
def _server(database_url: str | None, numbers: int) -> Iterator[_Place]:
    """A server process on a free port, with a company that has so many numbers."""
    with tempfile.TemporaryDirectory(prefix="swapboard-bench-") as folder:
        url = database_url or f"sqlite:///{folder}/swapboard.db"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        site_key, carrier_id = _prepare(url, Path(folder), numbers)
        environment = os.environ | {
            "SWAPBOARD_DATA_DIR": folder,
            "SWAPBOARD_DATABASE_URL": url,
            "SWAPBOARD_PORT": str(port),
            "SWAPBOARD_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "SWAPBOARD_VISITS_PER_SECOND": "1000000",
        }
        command = [sys.executable, "-m", "swapboard.bench.server"]
        process = subprocess.Popen(command, env=environment)  # noqa: S603 our own module
        try:
            _wait_until_it_is_ready(process, port)
            yield _Place(port, site_key, carrier_id)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                # It still writes what came in faster than it could be written; nobody wants that any more.
                process.kill()
                process.wait()


def _wait_until_it_is_ready(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait for the process that writes, too: until then a thread does it, and its start takes one of the cores."""
    until = time.monotonic() + START_SECONDS
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=START_SECONDS) as client:
        while time.monotonic() < until:
            if process.poll() is not None:
                raise RuntimeError(f"the server ended at once with exit code {process.returncode}")
            with suppress(httpx.TransportError):
                if client.get(READY).status_code == 204:
                    return
            time.sleep(0.1)
    raise RuntimeError(f"the server was not ready within {START_SECONDS} s")


def _prepare(database_url: str, data_dir: Path, numbers: int) -> tuple[str, str]:
    migrate(database_url)
    engine = open_engine(database_url)
    vault = Vault.open(data_dir / "secret.key")
    with writing(engine) as connection:
        prepared = _add_company(connection, vault, numbers)
    engine.dispose()
    return prepared


def _add_company(connection: Connection, vault: Vault, numbers: int) -> tuple[str, str]:
    now = system_clock()
    company_id, carrier_id = new_id(now), new_id(now)
    account_store.add_company(
        connection, Company(company_id, new_id(now), "Bench", "UTC", "US", TARGET, 1800, 30, now)
    )
    site = Site(new_id(now), company_id, new_id(now), "Bench", (), Consent.ALWAYS, 20, now, now)
    account_store.add_site(connection, site)
    target = SwapTarget(new_id(now), TARGET, TARGET)
    inventory.add_target(connection, company_id, target, "Bench", now)
    pool = Pool(new_id(now), target.target_id, Overflow.ORIGINAL)
    inventory.add_pool(connection, company_id, pool, "Bench", now)
    inventory.add_numbers(
        connection,
        company_id,
        (
            NewNumber(f"{index:032x}", f"+1555{index:07d}", NumberKind.POOL, now, pool_id=pool.pool_id)
            for index in range(numbers)
        ),
    )
    everyone = Rule(new_id(now), "Everybody", Outcome.POOL, {}, pool_id=pool.pool_id)
    inventory.add_rule(connection, company_id, everyone, 1, now)
    sealed = vault.seal({"account_sid": ACCOUNT, "auth_token": TOKEN})
    add_carrier(connection, company_id, carrier_id, "twilio", "Bench", sealed, now)
    # Nobody there knows this account, and the load stays on this machine.
    connection.execute(insert(chores).values(company_id=company_id, name=CALL_LISTS, due_at=now + HOUR))
    return site.site_key, carrier_id
