"""Invariant 4: every call gets through, whatever is wrong with us; and only the carrier itself is believed."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import Engine, update
from twilio.request_validator import RequestValidator

from swapboard.accounts.secrets import Vault
from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.caller_word_store import CallerWord, say_of_caller
from swapboard.calls.flow_state import FlowState
from swapboard.calls.spam import Word
from swapboard.calls.step import Dial, Step
from swapboard.carriers.base import BadCarrierRequest, CarrierRequest, CarrierResponse, Links, state_in
from swapboard.carriers.installed import UnknownCarrier
from swapboard.settings import Settings
from swapboard.storage.commit import Conflict, Unavailable
from swapboard.storage.engine import writing
from swapboard.storage.schema import companies, swap_targets
from swapboard.storage.writer import BatchWriter, Overloaded
from swapboard.switchboard.exchange import Exchange
from swapboard.web.app import create_app
from swapboard.web.collector import Collector
from swapboard.web.webhooks import MAX_BODY_BYTES, Trouble
from tests.building import (
    BILLBOARD,
    DEFAULT_DESTINATION,
    DESTINATION,
    NOW,
    ON_SQLITE,
    Business,
    Server,
    counts,
    hanging_database,
    open_business,
    pool_number,
    rows_of,
    run,
    served,
    settings_of,
    until,
    without_database,
)
from tests.twilio_stand_in import SID, TOKEN

CALLER = "+12125550111"
SECRET = b"the carrier's own"
HOW = "dial {}"


def sign(url: str, body: bytes) -> str:
    return hmac.new(SECRET, url.encode() + body, hashlib.sha256).hexdigest()


@dataclass
class TestCarrier:
    """A carrier that speaks JSON, signs with an HMAC, and breaks where it is told to."""

    __test__ = False
    breaks: dict[str, Exception] = field(default_factory=dict)

    name = "Test"
    credential_fields = ()

    def _try(self, what: str) -> None:
        if what in self.breaks:
            raise self.breaks[what]

    def open(self, credentials: Mapping[str, str]) -> "TestCarrier":
        self._try("open")
        assert credentials == {"key": "value"}
        return self

    def verify(self, request: CarrierRequest) -> bool:
        self._try("verify")
        return hmac.compare_digest(request.headers.get("x-signature", ""), sign(request.url, request.body))

    def state(self, request: CarrierRequest) -> FlowState:
        self._try("state")
        return state_in(request.url)

    def events(self, request: CarrierRequest) -> Sequence[CallEvent]:
        self._try("events")
        try:
            told = json.loads(request.body)
            facts = Facts(
                dialled=told.get("to"),
                caller=told.get("from"),
                keys=told.get("keys"),
                outcome=Outcome(told["outcome"]) if "outcome" in told else None,
                message_seconds=told.get("message"),
                screened=bool(told.get("screened")),
            )
            kind, sequence = EventKind(told["kind"]), told.get("sequence", state_in(request.url).told)
            return [CallEvent(told["call"], told.get("leg", ""), kind, sequence, told.get("at", NOW), facts)]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadCarrierRequest(f"that is no call: {error}") from error

    def render(self, step: Step, state: FlowState, links: Links) -> CarrierResponse:
        self._try("render")
        return CarrierResponse(f"{words(step)} then {state.text} at {links.carrier_id}", "text/plain")

    def last_resort(self, step: Step) -> CarrierResponse:
        self._try("last_resort")
        return CarrierResponse(words(step), "text/plain")


def words(step: Step) -> str:
    return HOW.format(step.act.numbers[0]) if isinstance(step.act, Dial) else step.kind


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> TestCarrier:
    made = TestCarrier()

    def kind_of(kind: str) -> TestCarrier:
        if kind != "test":
            raise UnknownCarrier(kind)
        return made

    monkeypatch.setattr("swapboard.web.webhooks.carrier_kind", kind_of)
    monkeypatch.setattr("swapboard.switchboard.exchange.DRAIN_SECONDS", 0.02)
    monkeypatch.setattr("swapboard.switchboard.exchange.REFRESH_SECONDS", 0.02)
    return made


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_of(tmp_path, database_url)


@pytest.fixture
def business(engine: Engine, settings: Settings, carrier: TestCarrier) -> Business:
    del carrier
    credentials = Vault.open(settings.secret_file).seal({"key": "value"})
    with writing(engine) as connection:
        return open_business(connection, credentials=credentials)


async def call(
    server: Server, business: Business, door: str = "voice", headers: Mapping[str, str] | None = None, **told: Any
) -> httpx.Response:
    """The carrier tells us something, signed."""
    body = json.dumps({"call": "c1", "kind": "arrived", "to": pool_number(0, 0), "from": CALLER, **told}).encode()
    return await post(server, f"/carriers/{business.carrier_id}/{door}", body, headers)


async def post(server: Server, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> httpx.Response:
    url = f"{server.exchange.settings.public_url}{path}"
    signed = {"x-signature": sign(url, body)} if headers is None else headers
    return await server.client.post(path, content=body, headers=signed)


def dials(answer: httpx.Response, number: str) -> bool:
    """True when the answer is a document that dials the number."""
    return answer.status_code == 200 and answer.text.startswith(HOW.format(number))


def with_server(settings: Settings, use: Callable[[Server], Any]) -> None:
    async def all_of_it() -> None:
        async with served(settings) as server:
            await use(server)

    run(all_of_it())


# What is ordinary.


def test_a_call_is_put_through_and_written_down(engine: Engine, settings: Settings, business: Business) -> None:
    async def use(server: Server) -> None:
        answer = await call(server, business)
        assert dials(answer, DESTINATION)
        assert answer.text == f"dial {DESTINATION} then dial~~forward~0~0~1~0~ at {business.carrier_id}"
        await until(lambda: len(rows_of(engine, "calls")) == 1)
        (row,) = rows_of(engine, "calls")
        assert (row["tracking_number"], row["caller_number"]) == (pool_number(0, 0), CALLER)
        assert row["status"] == "ringing"
        (event,) = rows_of(engine, "carrier_events")
        assert json.loads(event["raw"]["body"])["call"] == "c1"
        assert server.carriers.troubles.keys() <= {Trouble.LATE}

    with_server(settings, use)


@ON_SQLITE
def test_the_flow_goes_on_where_the_address_says(settings: Settings, business: Business) -> None:
    async def use(server: Server) -> None:
        path = f"/carriers/{business.carrier_id}/voice?state=dial~~forward~0~0~1~0~"
        ended = json.dumps({"call": "c1", "kind": "dial_ended"}).encode()
        assert (await post(server, path, ended)).text.startswith("hang_up then nothing~~~0~0~2~0~")
        arrived = json.dumps({"call": "c2", "kind": "arrived", "to": pool_number(0, 0)}).encode()
        odd = f"/carriers/{business.carrier_id}/voice?state=nonsense"
        assert dials(await post(server, odd, arrived), DESTINATION)

    with_server(settings, use)


def test_what_a_status_door_hears_is_kept_and_needs_no_document(
    engine: Engine, settings: Settings, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("swapboard.web.webhooks.NEWS_PATIENCE_SECONDS", 30.0)

    async def use(server: Server) -> None:
        answer = await call(server, business, "status", kind="call_ended", at=NOW + 9_000)
        assert (answer.status_code, answer.content) == (204, b"")
        # Who is told that we have it need not tell it again: it is written by then.
        assert [row["status"] for row in rows_of(engine, "calls")] == ["missed"]

    with_server(settings, use)


@ON_SQLITE
def test_a_caller_does_not_wait_for_a_writer_that_gathers(
    engine: Engine, settings: Settings, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("swapboard.web.webhooks.PATIENCE_SECONDS", 1_000.0)
    monkeypatch.setattr(BatchWriter, "is_gathering", property(lambda _writer: True))

    async def use(server: Server) -> None:
        assert dials(await call(server, business), DESTINATION)
        assert server.carriers.troubles == {Trouble.LATE: 1}
        await until(lambda: len(rows_of(engine, "calls")) == 1)

    with_server(settings, use)


@pytest.mark.parametrize(
    "number", ["+12025559999", None, "", "nonsense", "+44 20 7946 0100", "'; DROP TABLE calls"]
)
@ON_SQLITE
def test_an_unknown_number_goes_to_the_default_destination(
    settings: Settings, business: Business, number: str | None
) -> None:
    async def use(server: Server) -> None:
        assert dials(await call(server, business, to=number), DEFAULT_DESTINATION)

    with_server(settings, use)


@ON_SQLITE
def test_without_a_default_the_first_target_is_dialled(
    engine: Engine, settings: Settings, business: Business
) -> None:
    with writing(engine) as connection:
        connection.execute(update(companies).values(default_destination=None))

    async def use(server: Server) -> None:
        assert dials(await call(server, business, to="+12025559999"), DESTINATION)

    with_server(settings, use)


# Who is believed.


@ON_SQLITE
def test_only_the_carrier_itself_is_believed(engine: Engine, settings: Settings, business: Business) -> None:
    async def use(server: Server) -> None:
        before = counts(engine)
        path = f"/carriers/{business.carrier_id}/voice"
        body = json.dumps({"call": "c1", "kind": "arrived", "to": pool_number(0, 0)}).encode()
        good = sign(f"{server.exchange.settings.public_url}{path}", body)
        other_url = sign("https://elsewhere.example.com" + path, body)
        forged = [
            await post(server, path, body, {}),
            await post(server, path, body, {"x-signature": ""}),
            await post(server, path, body, {"x-signature": "0" * 64}),
            await post(server, path, body, {"x-signature": other_url}),
            await post(server, path, body + b" ", {"x-signature": good}),
            await post(server, path + "?state=done", body, {"x-signature": good}),
            await post(server, f"/carriers/{business.carrier_id}/status", body, {"x-signature": good}),
        ]
        assert [answer.status_code for answer in forged] == [403] * 7
        assert not any("dial" in answer.text for answer in forged)
        assert server.carriers.troubles == {Trouble.UNSIGNED: 7}
        assert counts(engine) == before
        assert dials(await post(server, path, body, {"x-signature": good}), DESTINATION)

    with_server(settings, use)


@ON_SQLITE
@pytest.mark.parametrize(
    ("signed_for", "headers"),
    [
        ("https://old.example.com", {"host": "old.example.com"}),
        ("https://old.example.com:8443", {"host": "old.example.com:8443"}),
        ("https://old.example.com", {"host": "10.0.0.7:8000", "x-forwarded-host": "old.example.com"}),
    ],
)
def test_a_number_that_points_at_the_servers_old_address_still_gets_through(
    settings: Settings, business: Business, signed_for: str, headers: dict[str, str]
) -> None:
    async def use(server: Server) -> None:
        path = f"/carriers/{business.carrier_id}/voice"
        body = json.dumps({"call": "c1", "kind": "arrived", "to": pool_number(0, 0)}).encode()
        signed = {"x-signature": sign(signed_for + path, body)}
        assert dials(await post(server, path, body, signed | headers), DESTINATION)
        elsewhere = {"host": "elsewhere.example.com"}
        assert (await post(server, path, body, signed | elsewhere)).status_code == 403
        assert (await post(server, path, body + b" ", signed | headers)).status_code == 403
        assert server.carriers.troubles[Trouble.UNSIGNED] == 2

    with_server(replace(settings, public_url="https://calls.example.com"), use)


@ON_SQLITE
def test_what_is_no_door_of_ours_is_a_clear_refusal(
    engine: Engine, settings: Settings, business: Business
) -> None:
    async def use(server: Server) -> None:
        before = counts(engine)
        own = f"/carriers/{business.carrier_id}"
        assert (await post(server, "/carriers/nobody/voice", b"{}")).status_code == 404
        assert (await post(server, f"{own}/nothing", b"{}")).status_code == 404
        for method in ("PUT", "DELETE", "PATCH"):
            answer = await server.client.request(method, f"{own}/voice", content=b"{}")
            assert answer.status_code == 405, method
        big = await post(server, f"{own}/voice", b"x" * (MAX_BODY_BYTES + 1))
        assert big.status_code == 413
        assert counts(engine) == before
        assert dials(await call(server, business), DESTINATION)

    with_server(settings, use)


@ON_SQLITE
def test_what_makes_no_sense_still_dials_and_writes_nothing(
    engine: Engine, settings: Settings, business: Business
) -> None:
    senseless = [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe\x00",
        b'{"call": "c1"}',
        b'{"kind": "arrived"}',
        b"[" * 9_000,
    ]

    async def use(server: Server) -> None:
        before = counts(engine)
        own = f"/carriers/{business.carrier_id}"
        for body in senseless:
            assert dials(await post(server, f"{own}/voice", body), DEFAULT_DESTINATION)
            status = await post(server, f"{own}/status", body)
            assert status.status_code == 400
            assert "no call" in status.text
        assert counts(engine) == before

    with_server(settings, use)


def test_sql_and_html_in_every_field_are_only_words(
    engine: Engine, settings: Settings, business: Business
) -> None:
    nasty = "\"><script>alert(1)</script>'; DROP TABLE calls;--\x00"

    async def use(server: Server) -> None:
        answer = await call(server, business, call=nasty, to=nasty, **{"from": nasty}, leg=nasty)
        assert answer.status_code == 200
        assert dials(await call(server, business, call="fine"), DESTINATION)
        await until(lambda: "fine" in {row["call_ref"] for row in rows_of(engine, "calls")})

    with_server(settings, use)


@ON_SQLITE
def test_an_address_that_cannot_be_read_is_nobodys_and_no_5xx(settings: Settings, business: Business) -> None:
    async def use(server: Server) -> None:
        path = f"/carriers/{business.carrier_id}/voice"
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"state=\xff", "headers": []}
        (door, *_) = server.carriers.routes()
        statuses: list[int] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            statuses.append(message.get("status", 0))

        _, matched = door.matches(scope)
        await door.handle({**scope, **matched}, receive, send)
        assert statuses[0] == 403

    with_server(settings, use)


# What may break.


@ON_SQLITE
@pytest.mark.parametrize("where", ["open", "verify", "state", "events", "render"])
def test_an_adapter_that_breaks_still_dials(
    settings: Settings, business: Business, carrier: TestCarrier, where: str
) -> None:
    async def use(server: Server) -> None:
        carrier.breaks[where] = RuntimeError("broken")
        assert dials(await call(server, business), DEFAULT_DESTINATION)
        assert (await call(server, business, "status", kind="call_ended")).status_code == 204
        carrier.breaks.clear()
        assert dials(await call(server, business, call="c2"), DESTINATION)

    with_server(settings, use)


@ON_SQLITE
def test_a_document_that_fails_loses_no_event(
    engine: Engine, settings: Settings, business: Business, carrier: TestCarrier
) -> None:
    async def use(server: Server) -> None:
        carrier.breaks["render"] = RuntimeError("broken")
        assert dials(await call(server, business), DEFAULT_DESTINATION)
        await until(lambda: len(rows_of(engine, "calls")) == 1)

    with_server(settings, use)


@ON_SQLITE
def test_when_even_the_last_resort_breaks_it_is_no_5xx(
    settings: Settings, business: Business, carrier: TestCarrier
) -> None:
    async def use(server: Server) -> None:
        carrier.breaks = {"verify": RuntimeError("broken"), "last_resort": RuntimeError("broken too")}
        assert (await call(server, business)).status_code < 500

    with_server(settings, use)


@ON_SQLITE
def test_an_adapter_that_is_no_longer_installed_is_no_5xx(engine: Engine, settings: Settings) -> None:
    with writing(engine) as connection:
        business = open_business(connection, carrier_kind="not-installed")

    async def use(server: Server) -> None:
        for door in ("voice", "status"):
            assert (await call(server, business, door)).status_code < 500

    with_server(settings, use)


@ON_SQLITE
@pytest.mark.parametrize("error", [RuntimeError("broken"), Conflict("endless"), Overloaded(), MemoryError()])
def test_a_writer_that_fails_does_not_keep_a_call_from_getting_through(
    engine: Engine, settings: Settings, business: Business, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def use(server: Server) -> None:
        async def fail(*_: object, **_named: object) -> None:
            raise error

        with monkeypatch.context() as broken:
            broken.setattr(server.exchange.writer, "submit", fail)
            assert dials(await call(server, business), DESTINATION)
            await until(lambda: server.carriers.troubles[Trouble.SPOOLED] == 1)
        await until(lambda: len(rows_of(engine, "calls")) == 1)

    with_server(settings, use)


@ON_SQLITE
def test_a_server_that_stops_spools_what_the_database_did_not_take(
    settings: Settings, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("swapboard.web.webhooks.NEWS_PATIENCE_SECONDS", 0.01)

    async def all_of_it() -> None:
        exchange = Exchange(settings)
        app, given_up, stop = create_app(exchange), asyncio.Event(), exchange.writer.stop

        async def hang(*_: object, **_named: object) -> None:
            await given_up.wait()
            raise Unavailable

        async def stop_in_the_end() -> None:
            await stop()
            given_up.set()

        monkeypatch.setattr(exchange.writer, "submit", hang)
        monkeypatch.setattr(exchange.writer, "stop", stop_in_the_end)
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://calls.example.com")
        async with client, app.router.lifespan_context(app):
            server = Server(exchange, Collector(exchange), app.state.carrier_door, client)
            assert (await call(server, business, "status", kind="call_ended")).status_code == 204
            assert exchange.spool.is_empty
        assert not exchange.spool.is_empty

    run(all_of_it())


@ON_SQLITE
def test_a_disk_that_fails_too_does_not_either(
    settings: Settings, business: Business, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def use(server: Server) -> None:
        async def fail(*_: object, **_named: object) -> None:
            raise Overloaded

        monkeypatch.setattr(server.exchange.writer, "submit", fail)
        settings.spool_file.mkdir()
        assert dials(await call(server, business), DESTINATION)
        await until(
            lambda: "did not take it: Overloaded()" in caplog.text and "either: IsADirectory" in caplog.text
        )

    with_server(settings, use)


def test_calls_get_through_while_the_database_is_dead_and_are_written_when_it_is_back(
    engine: Engine, settings: Settings, business: Business, database_url: str
) -> None:
    async def use(server: Server) -> None:
        with without_database(database_url, engine, server.exchange.engine):
            assert dials(await call(server, business), DESTINATION)
            assert dials(await call(server, business, call="c2", to="+12025559999"), DEFAULT_DESTINATION)
            ended = await call(server, business, "status", kind="call_ended", at=NOW + 9_000)
            assert ended.status_code == 204
            await until(lambda: server.carriers.troubles[Trouble.SPOOLED] == 3)
            await until(lambda: server.exchange.directory.degraded)
            assert dials(await call(server, business, call="c3"), DESTINATION)
            await until(lambda: server.carriers.troubles[Trouble.SPOOLED] == 4)
        await until(lambda: len(rows_of(engine, "carrier_events")) == 4)
        await until(lambda: not server.exchange.directory.degraded)
        told = {row["call_ref"]: (row["status"], row["tracking_number"]) for row in rows_of(engine, "calls")}
        assert told == {
            "c1": ("missed", pool_number(0, 0)),
            "c2": ("ringing", "+12025559999"),
            "c3": ("ringing", pool_number(0, 0)),
        }
        await until(lambda: server.exchange.spool.is_empty)

    with_server(settings, use)


def test_calls_get_through_while_the_database_hangs(
    engine: Engine, settings: Settings, business: Business
) -> None:
    async def use(server: Server) -> None:
        async with hanging(engine):
            async with asyncio.timeout(25):  # the database itself is given ten seconds for each
                assert dials(await call(server, business), DESTINATION)
                assert dials(await call(server, business, call="c2", to=BILLBOARD), DESTINATION)
                assert (await call(server, business, "status", kind="call_ended")).status_code == 204
            assert server.carriers.troubles[Trouble.LATE] == 3
        await until(lambda: len(rows_of(engine, "calls")) == 2)
        assert {row["call_ref"]: row["status"] for row in rows_of(engine, "calls")} == {
            "c1": "missed",
            "c2": "ringing",
        }

    with_server(settings, use)


@asynccontextmanager
async def hanging(engine: Engine) -> AsyncIterator[None]:
    manager = hanging_database(engine, "carrier_events")
    await asyncio.to_thread(manager.__enter__)
    try:
        yield
    finally:
        await asyncio.to_thread(manager.__exit__, None, None, None)


def test_a_start_without_a_database_answers_from_the_snapshot(
    engine: Engine, settings: Settings, business: Business, database_url: str
) -> None:
    async def nothing(_server: Server) -> None:
        """A first life, which writes the snapshot."""

    async def use(server: Server) -> None:
        assert server.exchange.directory.degraded
        assert dials(await call(server, business), DESTINATION)
        assert dials(await call(server, business, call="c2", to="+12025559999"), DEFAULT_DESTINATION)
        assert (await call(server, business, headers={})).status_code == 403
        visit = await server.visit(business)
        assert 400 <= visit.status_code < 500 or visit.status_code == 503
        await until(lambda: server.carriers.troubles[Trouble.SPOOLED] == 2)

    with_server(settings, nothing)
    with without_database(database_url, engine):
        with_server(settings, use)

    async def afterwards(_server: Server) -> None:
        await until(lambda: {row["call_ref"] for row in rows_of(engine, "calls")} == {"c1", "c2"})

    with_server(settings, afterwards)


def test_a_server_whose_database_comes_back_takes_visits_again(
    engine: Engine, settings: Settings, business: Business, database_url: str
) -> None:
    async def all_of_it() -> None:
        async with asyncio.timeout(50):
            away = without_database(database_url, engine)
            away.__enter__()
            async with served(settings) as server:
                assert (await server.visit(business)).status_code == 404
                away.__exit__(None, None, None)
                await until(lambda: server.exchange.directory.site(business.site.site_key) is not None)
                assert (await server.visit(business)).json()["swaps"]
                assert dials(await call(server, business), DESTINATION)

    run(all_of_it())


@ON_SQLITE
def test_a_snapshot_that_cannot_be_written_stops_nothing(settings: Settings, business: Business) -> None:
    settings.snapshot_file.mkdir(parents=True)

    async def use(server: Server) -> None:
        assert dials(await call(server, business), DESTINATION)

    with_server(settings, use)


# What comes twice.


def test_a_repeated_request_gets_the_same_document_though_the_set_up_changed(
    engine: Engine, settings: Settings, business: Business
) -> None:
    async def use(server: Server) -> None:
        first = await call(server, business)

        def move(connection: Any) -> None:
            connection.execute(update(swap_targets).values(destination="+442079460555"))

        await server.exchange.configure(business.company_id, move)
        again = await call(server, business)
        assert (again.status_code, again.text) == (first.status_code, first.text)
        assert dials(await call(server, business, call="c2"), "+442079460555")

    with_server(settings, use)
    assert len(rows_of(engine, "carrier_events")) == 2


def test_a_replay_changes_nothing(engine: Engine, settings: Settings, business: Business) -> None:
    async def use(server: Server) -> None:
        await call(server, business)
        await call(server, business, "status", kind="call_ended", at=NOW + 4_000)
        await until(lambda: len(rows_of(engine, "carrier_events")) == 2)
        before = {table: rows_of(engine, table) for table in ("calls", "call_legs", "call_candidates")}
        for _ in range(5):
            assert dials(await call(server, business, at=NOW + 60_000), DESTINATION)
            ended = await call(server, business, "status", kind="call_ended", at=NOW + 99_000)
            assert ended.status_code == 204
        await server.exchange.writer.stop()
        assert {table: rows_of(engine, table) for table in before} == before
        assert len(rows_of(engine, "carrier_events")) == 2

    with_server(settings, use)


@ON_SQLITE
def test_requests_that_name_no_call_are_not_taken_for_one_another(
    settings: Settings, business: Business, carrier: TestCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An adapter may find no event in a routing request; each is then routed by what stands now."""
    monkeypatch.setattr(TestCarrier, "events", lambda *_: [])

    async def use(server: Server) -> None:
        assert dials(await call(server, business), DEFAULT_DESTINATION)

        def move(connection: Any) -> None:
            connection.execute(update(companies).values(default_destination="+442079460555"))

        await server.exchange.configure(business.company_id, move)
        assert dials(await call(server, business), "+442079460555")

    with_server(settings, use)


def test_an_event_that_the_database_refuses_for_good_keeps_no_other_waiting(
    engine: Engine, settings: Settings, business: Business, database_url: str
) -> None:
    """A name of four thousand letters fits into no index of PostgreSQL's."""
    long_name = "".join(chr(0x4E00 + place) for place in range(4_000))

    async def use(server: Server) -> None:
        with without_database(database_url, engine, server.exchange.engine):
            assert dials(await call(server, business, call=long_name), DESTINATION)
            assert dials(await call(server, business, call="c2"), DESTINATION)
            await until(lambda: server.carriers.troubles[Trouble.SPOOLED] == 2)
        await until(lambda: "c2" in {row["call_ref"] for row in rows_of(engine, "calls")})
        await until(lambda: server.exchange.spool.is_empty)

    with_server(settings, use)


def test_a_stop_that_comes_signed_by_twilio_is_heeded(engine: Engine, settings: Settings) -> None:
    sealed = Vault.open(settings.secret_file).seal({"account_sid": SID, "auth_token": TOKEN})
    with writing(engine) as connection:
        business = open_business(connection, carrier_kind="twilio", credentials=sealed)

    async def use(server: Server) -> None:
        path = f"/carriers/{business.carrier_id}/message"
        told = {"MessageSid": f"SM{'7' * 32}", "From": CALLER, "To": pool_number(0, 0), "Body": "Stop"}
        url = f"{settings.public_url}{path}"
        signature = RequestValidator(TOKEN).compute_signature(url, told)
        form = "application/x-www-form-urlencoded"
        for given, status in ((signature, 204), (signature, 204), ("nobody's", 403)):
            headers = {"Content-Type": form, "X-Twilio-Signature": given}
            answer = await server.client.post(path, content=urlencode(told), headers=headers)
            assert answer.status_code == status
        assert [row["number"] for row in rows_of(engine, "text_stops")] == [CALLER]
        [text] = rows_of(engine, "text_messages")
        assert (text["state"], text["body"]) == ("received", "Stop")

    with_server(settings, use)


def test_a_blocked_call_that_comes_signed_by_twilio_is_refused(engine: Engine, settings: Settings) -> None:
    sealed = Vault.open(settings.secret_file).seal({"account_sid": SID, "auth_token": TOKEN})
    with writing(engine) as connection:
        business = open_business(connection, carrier_kind="twilio", credentials=sealed)
        blocked = CallerWord("w" * 32, "+1212555*", Word.BLOCK, "", "me", NOW)
        say_of_caller(connection, business.company_id, blocked)

    async def use(server: Server) -> None:
        path = f"/carriers/{business.carrier_id}/voice"

        async def ring(ref: str, caller: str) -> str:
            told = {"CallSid": ref, "From": caller, "To": pool_number(0, 0), "CallStatus": "ringing"}
            signature = RequestValidator(TOKEN).compute_signature(f"{settings.public_url}{path}", told)
            headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
            answer = await server.client.post(path, content=urlencode(told), headers=headers)
            assert answer.status_code == 200
            return answer.text

        assert '<Reject reason="busy"' in await ring("CA" + "1" * 32, CALLER)
        assert f"{DESTINATION}</Number>" in await ring("CA" + "2" * 32, "+13105550112")
        await until(lambda: len(rows_of(engine, "calls")) == 2)
        calls = {row["call_ref"][2]: row for row in rows_of(engine, "calls")}
        assert (calls["1"]["status"], calls["1"]["is_spam"]) == ("blocked", True)
        assert calls["1"]["spam_reasons"][0][0] == "blocked"
        assert (calls["2"]["status"], calls["2"]["is_spam"]) == ("ringing", False)

    with_server(settings, use)
