"""Every kind of call, with SIPp at both ends of our lines and real sound between them."""

import wave
from array import array
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from swapboard.calls.nodes import (
    ConsentNotice,
    Dial,
    EndCall,
    Flow,
    Greeting,
    Menu,
    Node,
    Record,
    Refuse,
    Target,
    Voicemail,
)
from swapboard.lines import bridge
from swapboard.lines.media import message, speech
from swapboard.lines.media.sound_hosts import NoSound
from swapboard.lines.side import Arrival
from swapboard.switchboard.recorders import Recorders
from tests.building import BILLBOARD, ON_SQLITE, rows_of, run, until
from tests.lines.conftest import Lines
from tests.lines.sipp import NEEDS_SIPP, Sipp, sipp
from tests.lines.tone_phone import TonePhone, share_of, tone_phone

pytestmark = [NEEDS_SIPP, ON_SQLITE]

OF_CALLER, OF_AGENT = 440, 1_000
ANSWERS, BUSY, SILENT, LEAVES, ASKS, REFUSES = (f"+1202555010{digit}" for digit in (1, 3, 4, 5, 6, 7))
ALL_PORTS = 100
"""Of the engine's range, for sound."""
Opened = Callable[[], AbstractAsyncContextManager[Lines]]
WithFlow = Callable[[Flow], None]


def flow(**steps: Node) -> Flow:
    """A flow that begins with its first step."""
    return Flow(next(iter(steps)), steps)


def rings(*numbers: str, seconds: int = 30, **more: Any) -> Dial:
    return Dial(targets=tuple(Target(number, seconds) for number in numbers), **more)


@dataclass
class Stage:
    """A caller, a trunk, and us between them."""

    lines: Lines
    caller: TonePhone
    agent: TonePhone
    trunk: Sipp
    folder: Path

    @asynccontextmanager
    async def calling(self, scenario: str = "caller", **more: Any) -> AsyncIterator[Sipp]:
        """A SIPp that calls."""
        known = {"to": self.lines.port, "audio_port": self.caller.port, "dialled": BILLBOARD} | more
        async with sipp(scenario, self.folder, **known) as running:
            yield running


@asynccontextmanager
async def stage(lines: Opened, folder: Path, legs: int = 1) -> AsyncIterator[Stage]:
    """Everything that a call needs; so many numbers will be rung."""
    async with lines() as opened, tone_phone(OF_CALLER) as caller, tone_phone(OF_AGENT) as agent:
        more: dict[str, Any] = {
            "port": opened.trunk_port,
            "audio_port": agent.port,
            "talk_ms": 500,
            "own": BILLBOARD[1:],
        }
        async with sipp("trunk", folder, calls=legs, **more) as trunk:
            yield Stage(opened, caller, agent, trunk, folder)


async def the_call(engine: Engine, status: str) -> dict[str, Any]:
    """The one call, once it has ended so."""
    await until(lambda: any(row["ended_at"] for row in rows_of(engine, "calls")))
    (call,) = rows_of(engine, "calls")
    assert call["status"] == status
    return dict(call)


def legs_of(engine: Engine) -> list[tuple[str, str]]:
    rows = sorted(rows_of(engine, "call_legs"), key=lambda row: row["started_at"])
    return [(row["number"], row["status"]) for row in rows]


@pytest.mark.parametrize(
    ("step", "status", "told"),
    [
        pytest.param(rings(BUSY), "busy", 486, id="busy"),
        pytest.param(Refuse(busy=True), "blocked", 486, id="turned away, as busy"),
        pytest.param(Refuse(), "blocked", 480, id="turned away"),
        pytest.param(rings(SILENT, seconds=5), "missed", 480, id="nobody answers"),
    ],
)
def test_a_call_that_nobody_takes(
    lines: Opened, with_flow: WithFlow, tmp_path: Path, engine: Engine, step: Node, status: str, told: int
) -> None:
    with_flow(flow(first=step))

    async def use() -> None:
        async with stage(lines, tmp_path) as play, play.calling("refused", status=told) as refused:
            assert await refused.finished() == 0
            await the_call(engine, status)

    run(use())


def test_the_caller_hangs_up_while_it_rings(
    lines: Opened, with_flow: WithFlow, tmp_path: Path, engine: Engine
) -> None:
    with_flow(flow(ring=rings(SILENT)))

    async def use() -> None:
        async with stage(lines, tmp_path) as play, play.calling("leaves", talk_ms=300) as leaving:
            assert await leaving.finished() == 0
            assert await play.trunk.finished() == 0
            await the_call(engine, "missed")
            assert legs_of(engine) == [(SILENT, "canceled")]

    run(use())


def test_a_key_in_the_menu_then_a_talk_that_is_recorded_in_two_channels(
    lines: Opened, with_flow: WithFlow, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    during = Recorders.during
    monkeypatch.setattr(Recorders, "during", lambda self, *of: told.append(of[:3]) or during(self, *of))
    with_flow(
        flow(
            menu=Menu(text="Press 1.", keys={"1": "record"}, otherwise="bye"),
            record=Record(then="ring"),
            ring=rings(ANSWERS),
            bye=EndCall(),
        )
    )

    async def use() -> None:
        async with stage(lines, tmp_path) as play, play.calling() as dialling:
            play.caller.to = await dialling.partner()
            await play.caller.hears()
            await play.caller.press("1")
            play.agent.to = await play.trunk.partner()
            assert await dialling.finished() == 0
            call = await the_call(engine, "answered")
            assert call["flow_path"] == ["menu", "record", "ring"]
            key = tuple(call[name] for name in ("company_id", "carrier_id", "call_ref"))
            assert told == [key], "whoever pauses a recording finds it by the call"
            sound = await recorded(engine, play.lines)
            assert share_of(list(sound[0][4_000:8_000]), OF_CALLER) > 0.99
            assert share_of(list(sound[1][4_000:8_000]), OF_AGENT) > 0.99

    run(use())


def test_a_trunk_that_leaves_the_offer_to_us_is_spoken_with(
    lines: Opened, with_flow: WithFlow, tmp_path: Path, engine: Engine
) -> None:
    with_flow(flow(ring=rings(ANSWERS)))

    async def use() -> None:
        async with stage(lines, tmp_path) as play, play.calling("offerless") as dialling:
            play.caller.to = await dialling.partner()
            play.agent.to = await play.trunk.partner()
            assert await dialling.finished() == 0
            await the_call(engine, "answered")
            assert share_of(play.agent.samples[4_000:8_000], OF_CALLER) > 0.99
            assert share_of(play.caller.samples[4_000:8_000], OF_AGENT) > 0.99

    run(use())


def test_whoever_could_not_be_told_is_not_recorded(
    lines: Opened,
    with_flow: WithFlow,
    tmp_path: Path,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def dumb(_text: str, _language: str) -> bytes:
        raise NoSound("nobody speaks here")

    recorded: list[object] = []
    monkeypatch.setattr(speech, "spoken", dumb)
    monkeypatch.setattr(Recorders, "during", lambda _self, *of: recorded.append(of) or nullcontext())
    with_flow(
        flow(
            told=ConsentNotice(text="You are recorded.", then="record"),
            record=Record(then="ring"),
            ring=rings(ANSWERS),
        )
    )

    async def use() -> None:
        async with stage(lines, tmp_path) as play, play.calling() as dialling:
            play.caller.to = await dialling.partner()
            play.agent.to = await play.trunk.partner()
            assert await dialling.finished() == 0
            assert (await the_call(engine, "answered"))["recording_ref"] is None
            assert recorded == []
            assert "could not be told" in caplog.text

    run(use())


async def recorded(engine: Engine, lines: Lines) -> list["array[int]"]:
    """The channels of the call's recording."""
    await until(lambda: bool(rows_of(engine, "calls")[0]["recording_ref"]))
    with wave.open(BytesIO(lines.engine.recordings.wav(rows_of(engine, "calls")[0]["recording_ref"]))) as file:
        samples = array("h", file.readframes(file.getnframes()))
        return [samples[channel :: file.getnchannels()] for channel in range(file.getnchannels())]


def test_a_key_by_info_leads_to_the_mailbox_and_the_message_is_kept(
    lines: Opened, with_flow: WithFlow, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message, "SILENT_SECONDS", 1.0)
    with_flow(
        flow(
            menu=Menu(text="Press 2.", keys={"2": "mailbox"}, otherwise="bye"),
            mailbox=Voicemail(text="Speak.", longest_seconds=5),
            bye=EndCall(),
        )
    )

    async def use() -> None:
        async with stage(lines, tmp_path) as play, play.calling("informs", key=2) as staying:
            play.caller.to = await staying.partner()
            assert await staying.finished() == 0
            call = await the_call(engine, "voicemail")
            assert (call["voicemail_seconds"], call["flow_path"]) == (5, ["menu", "mailbox"])
            (sound,) = await recorded(engine, play.lines)
            assert share_of(list(sound[8_000:16_000]), OF_CALLER) > 0.99

    run(use())


@pytest.mark.parametrize(("key", "status"), [("1", "answered"), ("2", "missed")])
def test_whoever_answers_hears_who_it_is_and_takes_the_call_or_not(
    lines: Opened, with_flow: WithFlow, tmp_path: Path, engine: Engine, key: str, status: str
) -> None:
    with_flow(flow(ring=rings(ANSWERS, whisper="A call.", press_1=True)))

    async def use() -> None:
        scenario = "caller" if key == "1" else "refused"
        async with stage(lines, tmp_path) as play, play.calling(scenario, status=480) as dialling:
            play.agent.to = await play.trunk.partner()
            await play.agent.hears()
            await play.agent.press(key)
            if key == "1":
                play.caller.to = await dialling.partner()
            assert await dialling.finished() == 0
            assert await play.trunk.finished() == 0
            call = await the_call(engine, status)
            assert bool(call["talk_seconds"]) is (key == "1")
            assert (share_of(play.caller.samples[800:8_000], OF_AGENT) > 0.99) is (key == "1")

    run(use())


def test_one_after_the_other_then_both_at_once(
    lines: Opened, with_flow: WithFlow, tmp_path: Path, engine: Engine
) -> None:
    at_once = rings(SILENT, ANSWERS, at_once=True)
    with_flow(flow(ring=rings(BUSY, SILENT, seconds=5, otherwise="all"), all=at_once))

    async def use() -> None:
        async with stage(lines, tmp_path, legs=4) as play, play.calling() as dialling:
            assert await dialling.finished() == 0
            assert await play.trunk.finished() == 0
            await the_call(engine, "answered")
            legs = [(BUSY, "busy"), (SILENT, "no_answer"), (SILENT, "canceled"), (ANSWERS, "answered")]
            assert sorted(legs_of(engine)) == sorted(legs)

    run(use())


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(LEAVES, id="the called hang up first"),
        pytest.param(ASKS, id="the trunk asks for the password"),
        pytest.param(REFUSES, id="the trunk refuses the caller's number, and takes ours"),
    ],
)
def test_a_leg_that_is_not_so_simple(
    lines: Opened, with_flow: WithFlow, tmp_path: Path, engine: Engine, number: str
) -> None:
    with_flow(flow(ring=rings(number)))

    async def use() -> None:
        scenario = "stays" if number == LEAVES else "caller"
        async with stage(lines, tmp_path) as play, play.calling(scenario) as dialling:
            assert await dialling.finished() == 0
            assert await play.trunk.finished() == 0
            await the_call(engine, "answered")

    run(use())


def test_a_greeting_is_heard_and_the_caller_who_leaves_in_it_is_abandoned(
    lines: Opened, with_flow: WithFlow, tmp_path: Path, engine: Engine
) -> None:
    with_flow(flow(hello=Greeting(text="Welcome to the shop. " * 10, then="ring"), ring=rings(ANSWERS)))

    async def use() -> None:
        async with stage(lines, tmp_path) as play, play.calling(talk_ms=4_000) as dialling:
            await play.caller.hears(50)
            assert await dialling.finished() == 0
            call = await the_call(engine, "abandoned")
            assert call["greeting_seconds"] > 0

    run(use())


def test_a_talk_goes_on_when_the_disk_does_not_take_its_recording(
    lines: Opened, with_flow: WithFlow, tmp_path: Path, engine: Engine
) -> None:
    with_flow(flow(record=Record(then="ring"), ring=rings(ANSWERS)))
    (tmp_path / "lines").write_text("a file where a folder should be")

    async def use() -> None:
        async with stage(lines, tmp_path) as play, play.calling() as dialling:
            assert await dialling.finished() == 0
            call = await the_call(engine, "answered")
            assert (call["talk_seconds"] > 0, call["recording_ref"]) == (True, None)

    run(use())


def test_a_talk_whose_sides_are_silent_and_say_no_good_bye_is_ended(
    lines: Opened, with_flow: WithFlow, tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge, "DEAD_SECONDS", 0.5)
    monkeypatch.setattr(bridge, "LOOK_SECONDS", 0.1)
    with_flow(flow(ring=rings(ANSWERS)))

    async def use() -> None:
        async with stage(lines, tmp_path) as play, play.calling("stays") as staying:
            assert await staying.finished() == 0
            assert await play.trunk.finished() == 0
            await the_call(engine, "answered")

    run(use())


@pytest.mark.parametrize("most_calls", [0])
def test_a_call_too_many_is_told_so(lines: Opened, tmp_path: Path, most_calls: int) -> None:
    del most_calls

    async def use() -> None:
        async with stage(lines, tmp_path) as play, play.calling("refused", status=503) as refused:
            assert await refused.finished() == 0

    run(use())


def test_a_network_that_is_down_uses_up_no_ports(
    lines: Opened, with_flow: WithFlow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_flow(flow(ring=rings(ANSWERS)))
    arrival = Arrival("c1", BILLBOARD, "+12125550111", withheld=False, caller_name=None)

    def nowhere(_peer: object, _listens_on: str) -> str:
        raise OSError(101, "Network is unreachable")

    async def use() -> None:
        async with stage(lines, tmp_path) as play:
            engine = play.lines.engine
            (trunk,) = engine.trunks.known
            with monkeypatch.context() as patched:
                patched.setattr("swapboard.lines.engine.own_host_towards", nowhere)
                for _ in range(ALL_PORTS):
                    with pytest.raises(OSError, match="unreachable"):
                        await engine.call(trunk, "+12025550199", arrival)
                async with play.calling("refused", status=503) as refused:
                    assert await refused.finished() == 0
            async with play.calling() as dialling:
                assert await dialling.finished() == 0

    run(use())
