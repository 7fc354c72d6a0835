"""Whoever talked is asked how it went, once the caller has hung up: on the lines that both engines share."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from swapboard.calls.call import EventKind
from swapboard.calls.event_store import events_of_calls
from swapboard.calls.flow_store import add_flow
from swapboard.calls.nodes import Answer, Dial, Flow, Survey
from swapboard.carriers.sandbox.dialling import DialRequest
from swapboard.clock import SECOND
from swapboard.lines.conversation import Conversation
from swapboard.lines.desk import Desk
from swapboard.lines.side import Arrival, CallerSide, LegSide, Talk
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.guidance import Guide
from swapboard.switchboard.keeping import Keeper
from tests.building import NOW, open_business, pool_number, rows_of, settings_of
from tests.lines.actors import CallerActor, Network, Phone
from tests.lines.virtual_loop import VirtualLoop

LINE, CALLER = pool_number(0, 0), "+12125550111"
SURVEY = Survey(
    text="How was it? 1 sale, 2 nothing.",
    answers={"1": Answer("sale", True), "2": Answer("nothing", False)},
    ask_value=True,
    value_text="Its worth, then the hash key?",
)
FLOW = Flow("ring", {"ring": Dial(survey="asked", whisper="{source}"), "asked": SURVEY})


class Talks(Network):
    """After the talk one of both hangs up first."""

    is_caller_first = True

    async def join(self, caller: CallerSide, leg: LegSide, *, records: bool) -> Talk:
        talk = await super().join(caller, leg, records=records)
        (caller if self.is_caller_first else leg).gone.set()
        return talk


async def play(folder: Path, press: str, *, is_caller_first: bool) -> Phone:
    loop = asyncio.get_running_loop()
    url = f"sqlite:///{folder / 'swapboard.db'}"
    exchange = Exchange(settings_of(folder, url), lambda: NOW + round(loop.time() * 1_000))
    await exchange.start()
    try:
        [account] = exchange.directory.routes.carriers.values()
        request = DialRequest(to=LINE, caller=CALLER, talk_seconds=63)
        caller = CallerActor(Arrival("c1", LINE, CALLER, False, None), request)
        network = Talks(request)
        network.is_caller_first = is_caller_first
        network.request = DialRequest(to=LINE, caller=CALLER, talk_seconds=63, agent_press=press)
        keeper = Keeper(exchange)
        await Conversation(caller, network, Desk(exchange, account, Guide(exchange), keeper)).run()
        await keeper.finish()
        return network.rung[0]
    finally:
        await exchange.stop()


@pytest.mark.parametrize(
    ("press", "is_caller_first", "tags", "qualified", "value_cents", "questions"),
    [
        ("1150#", True, ["sale"], True, 15_000, 2),
        ("1.", True, ["sale"], True, None, 2),
        ("2#", True, ["nothing"], False, None, 2),
        (".", True, [], None, None, 1),
        ("9", True, [], None, None, 1),
        ("1150#", False, [], None, None, 0),
    ],
)
def test_the_call_has_what_was_keyed_in(
    tmp_path: Path,
    migrated_sqlite: Path,
    press: str,
    is_caller_first: bool,
    tags: list[str],
    qualified: bool | None,
    value_cents: int | None,
    questions: int,
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "swapboard.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'swapboard.db'}")
    with writing(engine) as connection:
        business = open_business(connection, carrier_kind="lines")
        add_flow(connection, business.company_id, "f1", "Shop", FLOW, [LINE], NOW)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        phone = runner.run(play(tmp_path, press, is_caller_first=is_caller_first))
    [call] = rows_of(engine, "calls")
    said: dict[str, Any] = {name: call[name] for name in ("tags", "qualified", "value_cents")}
    assert said == {"tags": tags, "qualified": qualified, "value_cents": value_cents}
    # The survey is no part of the call: it is over when the caller hangs up.
    assert (call["status"], call["talk_seconds"]) == ("answered", 63)
    assert 63 <= (call["ended_at"] - call["answered_at"]) / SECOND < 65
    assert [SURVEY.text, SURVEY.value_text][:questions] == phone.heard[1:]
    assert phone.gone.is_set()
    with reading(engine) as connection:
        events = events_of_calls(connection, business.company_id, business.carrier_id, ["c1"])["c1"]
    engine.dispose()
    assert sum(event.kind is EventKind.LEG_LEFT for event in events) == is_caller_first
