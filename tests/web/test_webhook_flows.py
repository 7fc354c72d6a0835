"""Invariants 4 and 5 within flows: whatever breaks, the caller gets through; whatever comes twice, counts once."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, update

from swapboard.accounts.secrets import Vault
from swapboard.calls.flow_store import add_flow, change_flow
from swapboard.calls.nodes import (
    Answer,
    Asked,
    Branch,
    Case,
    Dial,
    Flow,
    Gate,
    GeoRoute,
    Menu,
    RoundRobin,
    Survey,
    Target,
    Voicemail,
)
from swapboard.settings import Settings
from swapboard.storage.engine import writing
from swapboard.storage.schema import calls
from tests.building import (
    DEFAULT_DESTINATION,
    DESTINATION,
    NOW,
    ON_SQLITE,
    TARGETS,
    Business,
    Server,
    open_business,
    pool_number,
    rows_of,
    served,
    settings_of,
    until,
)
from tests.web.test_webhooks import TestCarrier, carrier, dials, post, with_server

__all__ = ["carrier"]

DIALLED = pool_number(0, 0)
ANN, BEN = "+12025550101", "+12025550102"
FLOW = Flow(
    "menu",
    {
        "menu": Menu(
            text="1 ring, 2 mailbox, 3 team.", keys={"1": "ring", "2": "mailbox", "3": "team"}, otherwise="ring"
        ),
        "ring": Dial(press_1=True, whisper="{source}", then="survey", otherwise="mailbox"),
        "team": RoundRobin(targets=(Target(ANN), Target(BEN)), otherwise="mailbox"),
        "survey": Survey(text="How?", answers={"1": Answer("sale", True)}),
        "mailbox": Voicemail(text="Speak."),
    },
)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_of(tmp_path, database_url)


@pytest.fixture
def business(engine: Engine, settings: Settings, carrier: TestCarrier) -> Business:
    del carrier
    credentials = Vault.open(settings.secret_file).seal({"key": "value"})
    with writing(engine) as connection:
        business = open_business(connection, credentials=credentials)
        add_flow(connection, business.company_id, "f1", "Shop", FLOW, TARGETS[:1], NOW)
    return business


class Caller:
    """One call, as the carrier tells it: each answer says with which state to come back."""

    def __init__(self, server: Server, business: Business, call: str = "c1") -> None:
        self._server, self._business, self._call = server, business, call
        self.state = ""

    async def tell(self, kind: str, *, state: str | None = None, **told: Any) -> httpx.Response:
        """What the carrier tells, with the state of the last answer, unless another is given."""
        query = f"?state={state or self.state}" if state or self.state else ""
        said = {"call": self._call, "kind": kind, "to": DIALLED, "from": "+12125550111"} | told
        path = f"/carriers/{self._business.carrier_id}/voice{query}"
        answer = await post(self._server, path, json.dumps(said).encode())
        if not told.get("leg"):
            self.state = answer.text.partition(" then ")[2].partition(" at ")[0]
        return answer


def test_a_caller_presses_2_and_the_message_is_written_down(
    engine: Engine, settings: Settings, business: Business
) -> None:
    async def use(server: Server) -> None:
        caller = Caller(server, business)
        assert (await caller.tell("arrived")).text.startswith("ask then keys~f1~menu")
        assert (await caller.tell("keys", keys="2")).text.startswith("message then")
        assert (await caller.tell("message", message=21)).text.startswith("hang_up then")
        await until(lambda: [row["status"] for row in rows_of(engine, "calls")] == ["voicemail"])
        (row,) = rows_of(engine, "calls")
        assert (row["voicemail_seconds"], row["flow_path"]) == (21, ["menu", "mailbox"])

    with_server(settings, use)


@ON_SQLITE
def test_other_keys_at_the_same_menu_have_other_answers(settings: Settings, business: Business) -> None:
    async def use(server: Server) -> None:
        caller = Caller(server, business)
        await caller.tell("arrived")
        menu = caller.state
        first = await caller.tell("keys", state=menu, keys="2")
        assert first.text.startswith("message")
        assert dials(await caller.tell("keys", state=menu, keys="1"), DESTINATION)
        assert (await caller.tell("keys", state=menu, keys="2")).text == first.text

    with_server(settings, use)


def test_two_diallings_of_one_call_are_two_events(engine: Engine, settings: Settings, business: Business) -> None:
    async def use(server: Server) -> None:
        caller = Caller(server, business)
        await caller.tell("arrived")
        await caller.tell("keys", keys="3")
        await caller.tell("dial_ended", outcome="busy")
        await caller.tell("dial_ended", outcome="no_answer")
        await until(lambda: [e["kind"] for e in rows_of(engine, "carrier_events")].count("dial_ended") == 2)
        assert [row["ended_at"] for row in rows_of(engine, "calls")] == [None]
        await caller.tell("message", message=5)
        await until(lambda: [row["status"] for row in rows_of(engine, "calls")] == ["voicemail"])

    with_server(settings, use)


@ON_SQLITE
def test_a_round_robin_goes_on_from_call_to_call(settings: Settings, business: Business) -> None:
    async def use(server: Server) -> None:
        rung = []
        for number in range(4):
            caller = Caller(server, business, f"c{number}")
            await caller.tell("arrived", **{"from": None})
            answer = await caller.tell("keys", keys="3", **{"from": None})
            rung.append(answer.text.split()[1])
        assert rung == [ANN, BEN, ANN, BEN]

    with_server(settings, use)


def test_a_round_robin_goes_on_after_a_restart(settings: Settings, business: Business) -> None:
    rung: list[str] = []

    def one_call(server_of: int) -> Callable[[Server], Awaitable[None]]:
        async def use(server: Server) -> None:
            caller = Caller(server, business, f"c{server_of}")
            await caller.tell("arrived", **{"from": None})
            answer = await caller.tell("keys", keys="3", **{"from": None})
            rung.append(answer.text.split()[1])

        return use

    for server_of in range(4):
        with_server(settings, one_call(server_of))
    assert rung == [ANN, BEN, ANN, BEN]


def test_a_round_robin_goes_on_without_the_database(
    engine: Engine, settings: Settings, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def use(server: Server) -> None:
        rung = []
        for number in range(3):
            caller = Caller(server, business, f"c{number}")
            await caller.tell("arrived", **{"from": None})
            answer = await caller.tell("keys", keys="3", **{"from": None})
            rung.append(answer.text.split()[1])
            monkeypatch.setattr(server.exchange.directory, "degraded", number == 0)
        assert rung == [ANN, BEN, ANN]
        await server.exchange.turns.finish()
        assert [row["turn"] for row in rows_of(engine, "flows")] == [3]

    with_server(settings, use)


def test_the_caller_is_rung_through_to_whoever_talked_to_them(
    engine: Engine, settings: Settings, business: Business
) -> None:
    async def use(server: Server) -> None:
        for number, expected in enumerate((ANN, ANN)):
            caller = Caller(server, business, f"c{number}")
            await caller.tell("arrived", at=NOW + number * 1000)
            assert dials(await caller.tell("keys", keys="3"), expected)
            await caller.tell("dial_ended", outcome="answered", at=NOW + number * 1000 + 10)
            await until(lambda: {r["status"] for r in rows_of(engine, "calls")} == {"answered"})
            with writing(engine) as connection:
                of_ours = calls.c.company_id == business.company_id
                connection.execute(update(calls).where(of_ours).values(destination=ANN))

    with_server(settings, use)


def test_a_survey_is_what_stands_of_the_call(engine: Engine, settings: Settings, business: Business) -> None:
    async def use(server: Server) -> None:
        caller = Caller(server, business)
        await caller.tell("arrived")
        await caller.tell("keys", keys="1")
        assert (await caller.tell("dial_ended", outcome="answered")).text.startswith("ask then")
        for _ in range(2):
            state = caller.state
            assert (await caller.tell("keys", keys="1")).text.startswith("hang_up")
            caller.state = state
        await until(lambda: [(r["tags"], r["qualified"]) for r in rows_of(engine, "calls")] == [(["sale"], True)])

    with_server(settings, use)


def test_the_visits_campaign_chooses_the_way(engine: Engine, settings: Settings, business: Business) -> None:
    by_source = Flow(
        "which",
        {
            "which": Branch(cases=(Case(Asked.SOURCE, "billboard", "ann"),), otherwise="ben"),
            "ann": Dial(targets=(Target(ANN),), otherwise="mailbox"),
            "ben": Dial(targets=(Target(BEN),), otherwise="mailbox"),
            "mailbox": Voicemail(),
        },
    )
    with writing(engine) as connection:
        change_flow(connection, business.company_id, "f1", "Shop", by_source, TARGETS[:1])

    async def use(server: Server) -> None:
        assert dials(await Caller(server, business, "c1").tell("arrived", to="+442079460202"), ANN)
        assert dials(await Caller(server, business, "c2").tell("arrived"), BEN)

    with_server(settings, use)


# What may break.


@ON_SQLITE
@pytest.mark.parametrize("error", [RuntimeError("broken"), KeyError("gone"), RecursionError(), MemoryError()])
def test_any_exception_in_a_flow_ends_in_dialling_the_default_destination(
    settings: Settings, business: Business, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def use(server: Server) -> None:
        caller = Caller(server, business)
        await caller.tell("arrived")
        state = caller.state

        def broken(*_: object) -> None:
            raise error

        monkeypatch.setattr("swapboard.switchboard.guidance.next_step", broken)
        assert dials(await caller.tell("keys", keys="2"), DEFAULT_DESTINATION)
        assert dials(await Caller(server, business, "c2").tell("arrived"), DEFAULT_DESTINATION)
        # A talk that was had is over, and a leg that was answered is joined.
        assert (await caller.tell("dial_ended", state=state, outcome="answered")).text == "hang_up"
        leg = await caller.tell("leg_asks", state="screen~f1~ring~0~0~2~0~", leg="l1")
        assert leg.text == "join"

    with_server(settings, use)


@ON_SQLITE
def test_a_flow_that_is_removed_while_a_call_is_in_it_still_dials(
    engine: Engine, settings: Settings, business: Business
) -> None:
    async def use(server: Server) -> None:
        caller = Caller(server, business)
        await caller.tell("arrived")
        menu = caller.state
        other = Flow("mailbox", {"mailbox": Voicemail(text="Speak.")})
        await server.exchange.configure(
            business.company_id,
            lambda connection: change_flow(connection, business.company_id, "f1", "Shop", other, TARGETS[:1]),
        )
        assert dials(await caller.tell("keys", state=menu, keys="1"), DEFAULT_DESTINATION)
        assert (
            await caller.tell("dial_ended", state="dial~f1~ring~0~0~2~0~", outcome="answered")
        ).text.startswith("hang_up")

    with_server(settings, use)


@ON_SQLITE
@pytest.mark.parametrize(
    "state", ["nonsense", "keys~f1~gone~0~0~1~0~", "keys~other~menu~0~0~1~0~", "~~~~~~~", "%00"]
)
def test_no_state_however_odd_loses_a_call(settings: Settings, business: Business, state: str) -> None:
    async def use(server: Server) -> None:
        answer = await Caller(server, business).tell("arrived", state=state)
        assert answer.status_code == 200
        assert answer.text.startswith(("dial ", "ask then", "hang_up then"))

    with_server(settings, use)


def test_a_screened_leg_is_asked_and_joined(engine: Engine, settings: Settings, business: Business) -> None:
    async def use(server: Server) -> None:
        caller = Caller(server, business)
        await caller.tell("arrived")
        await caller.tell("keys", keys="1")
        leg_state = caller.state.replace("dial~", "screen~", 1)
        asked = await caller.tell("leg_asks", state=leg_state, leg="l1")
        assert asked.text.startswith("ask then press~")
        pressing = asked.text.partition(" then ")[2].partition(" at ")[0]
        assert (await caller.tell("leg_keys", state=pressing, leg="l1", keys="1")).text.startswith("join then")

    with_server(settings, use)


@ON_SQLITE
@pytest.mark.parametrize("area", ["US-NY", "+1212"])
def test_a_carrier_that_names_the_caller_once_still_has_them_sent_by_where_they_are_from(
    engine: Engine, settings: Settings, business: Business, area: str
) -> None:
    """Vonage tells of a key and of a dialling's end without the caller."""
    by_area = Flow(
        "menu",
        {
            "menu": Menu(text="Press 1.", keys={"1": "area"}, otherwise=""),
            "area": GeoRoute(areas={area: "ann"}, otherwise="ben"),
            "ann": Dial(targets=(Target(ANN),)),
            "ben": Dial(targets=(Target(BEN),)),
        },
    )
    with writing(engine) as connection:
        change_flow(connection, business.company_id, "f1", "Shop", by_area, TARGETS[:1])

    async def use(server: Server) -> None:
        caller = Caller(server, business)
        await caller.tell("arrived")
        await until(lambda: len(rows_of(engine, "calls")) == 1)
        assert dials(await caller.tell("keys", keys="1", **{"from": None}), ANN)

    with_server(settings, use)


@ON_SQLITE
@pytest.mark.parametrize(("score", "met"), [(0.9, "ask then"), (0.1, f"dial {ANN}")])
def test_a_suspect_is_asked_for_a_key_after_a_menu_too(
    engine: Engine, settings: Settings, business: Business, score: float, met: str
) -> None:
    gated = Flow(
        "menu",
        {
            "menu": Menu(text="Press 1.", keys={"1": "gate"}, otherwise=""),
            "gate": Gate(text="Press 1 to go on.", from_percent=50, then="ann"),
            "ann": Dial(targets=(Target(ANN),)),
        },
    )
    with writing(engine) as connection:
        change_flow(connection, business.company_id, "f1", "Shop", gated, TARGETS[:1])

    async def use(server: Server) -> None:
        caller = Caller(server, business)
        await caller.tell("arrived")
        await until(lambda: len(rows_of(engine, "calls")) == 1)
        with writing(engine) as connection:
            connection.execute(
                update(calls).where(calls.c.company_id == business.company_id).values(spam_score=score)
            )
        assert (await caller.tell("keys", keys="1")).text.startswith(met)

    with_server(settings, use)


@pytest.mark.parametrize(("keys", "goes_on"), [("1", "ask then keys~f1~survey"), ("2", "message then")])
def test_a_screened_call_of_which_several_servers_hear_is_taken_by_who_pressed_1(
    engine: Engine, settings: Settings, business: Business, keys: str, goes_on: str
) -> None:
    async def use(first: Server) -> None:
        async with served(settings) as second:
            caller, leg = Caller(first, business), Caller(second, business)
            await caller.tell("arrived")
            assert (await caller.tell("keys", keys="1")).text.startswith("dial ")
            dialling = caller.state
            of_leg = {"leg": "l1", "screened": True}
            screening = dialling.replace("dial~", "screen~", 1)
            asked = await caller.tell("leg_asks", state=screening, sequence=0, **of_leg)
            pressing = asked.text.partition(" then ")[2].partition(" at ")[0]
            await leg.tell("leg_keys", state=pressing, sequence=1, keys=keys, **of_leg)
            await until(lambda: _has_heard_a_key(engine))
            for teller in (caller, leg):
                teller.state = dialling
                answer = await teller.tell("dial_ended", outcome="answered")
                assert answer.text.startswith(goes_on), teller

    with_server(settings, use)


def _has_heard_a_key(engine: Engine) -> bool:
    return bool(rows_of(engine, "carrier_events", kind="routed", leg_ref="l1", sequence=1))
