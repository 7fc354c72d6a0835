"""Calls that an Asterisk carries and we command: by a stand-in that holds us to ARI's documents."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response

from swapboard.accounts.secrets import Vault
from swapboard.calls.flow_store import add_flow
from swapboard.calls.nodes import ConsentNotice, Dial, Flow, Menu, Record, Refuse, Target, Voicemail
from swapboard.carriers.asterisk.pbx import Pbx
from swapboard.carriers.lines.recordings import Recordings
from swapboard.lines.ari import engine as ari_engine
from swapboard.lines.ari.channel import AriCaller, Means, Waiting
from swapboard.lines.ari.client import AriClient, AriError
from swapboard.lines.ari.engine import AriEngine
from swapboard.lines.ari.watch import AsteriskWatch
from swapboard.lines.media import speech
from swapboard.lines.media.sound_hosts import NoSound
from swapboard.lines.side import Arrival, Recorded
from swapboard.recordings.wave import read_wave
from swapboard.storage.engine import writing
from tests.building import (
    BILLBOARD,
    DEFAULT_DESTINATION,
    DESTINATION,
    NOW,
    ON_SQLITE,
    TARGETS,
    Server,
    open_business,
    rows_of,
    run,
    served,
    settings_of,
    until,
)
from tests.lines.ari_stand_in import PASSWORD, USER, AsteriskThere, ChannelThere, Refused, asterisk
from tests.lines.test_calls import flow, legs_of, rings
from tests.patience import HANGS_AFTER_SECONDS

ANN, BEN = "+12025550101", "+12025550102"
CALLER = "+12125550111"


@dataclass
class Stage:
    """An Asterisk, and the server that commands it."""

    there: AsteriskThere
    server: Server
    engine: Engine
    watching: "asyncio.Task[None]"

    async def restart(self) -> None:
        """Our side stops as a server stops, and begins anew."""
        self.watching.cancel()
        await asyncio.gather(self.watching, return_exceptions=True)
        self.watching = asyncio.create_task(AsteriskWatch(self.server.exchange).run())

    async def call(self, caller: str = CALLER) -> ChannelThere:
        return await self.there.call("1795.1", BILLBOARD, caller)

    async def ended(self) -> dict[str, Any]:
        await until(lambda: any(row["ended_at"] for row in rows_of(self.engine, "calls")))
        (call,) = rows_of(self.engine, "calls")
        return dict(call)

    def muted(self) -> list[bool]:
        """Of each channel that is recorded, whether the recording is muted."""
        return [each.is_muted for each in self.there.channels.values() if each.recording is not None]

    async def bridged(self) -> list[str]:
        """Both channels of the bridge, once they are in it."""
        await waits(lambda: any(len(each) == 2 for each in self.there.bridges.values()))
        return next(each for each in self.there.bridges.values() if len(each) == 2)


async def waits(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(HANGS_AFTER_SECONDS):
        while not condition():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def stage(engine: Engine, folder: Path, url: str, installed: Flow | None = None) -> AsyncIterator[Stage]:
    """A business whose calls an Asterisk carries."""
    async with asterisk() as (there, address):
        settings = settings_of(folder, url)
        credentials = {
            "url": address,
            "username": USER,
            "password": PASSWORD,
            "endpoint": "PJSIP/{number}@trunk",
            "numbers": BILLBOARD,
        }
        with writing(engine) as connection:
            sealed = Vault.open(settings.secret_file).seal(credentials)
            business = open_business(connection, carrier_kind="asterisk", credentials=sealed)
            if installed:
                add_flow(connection, business.company_id, "f1", "Shop", installed, TARGETS[:1], NOW)
        async with served(settings) as server:
            play = Stage(there, server, engine, asyncio.create_task(AsteriskWatch(server.exchange).run()))
            try:
                await asyncio.wait_for(there.listened.wait(), 20)
                yield play
            finally:
                play.watching.cancel()
                await asyncio.gather(play.watching, return_exceptions=True)


@ON_SQLITE
def test_a_call_is_bridged_and_the_caller_hangs_up(engine: Engine, tmp_path: Path, migrated_url: str) -> None:
    async def use() -> None:
        async with stage(engine, tmp_path, migrated_url) as play:
            caller = await play.call()
            both = await play.bridged()
            assert caller.channel_id in both
            assert play.there.dialled == [(DESTINATION, CALLER)]
            await play.there.leave(caller)
            call = await play.ended()
            assert (call["status"], call["caller_number"]) == ("answered", CALLER)
            assert legs_of(engine) == [(DESTINATION, "answered")]
            await waits(lambda: not play.there.channels and not play.there.bridges)

    run(use())


@ON_SQLITE
def test_a_menu_a_ring_group_and_a_recording_in_two_channels(
    engine: Engine, tmp_path: Path, migrated_url: str
) -> None:
    installed = flow(
        menu=Menu(text="Press 1.", keys={"1": "record"}, otherwise=""),
        record=Record(then="ring"),
        ring=rings(ANN, BEN, at_once=True),
    )

    async def use() -> None:
        async with stage(engine, tmp_path, migrated_url, installed) as play:
            play.there.outcomes[ANN] = "silent"
            caller = await play.call()
            await waits(lambda: caller.heard)
            assert caller.heard[0].startswith("sound:/")
            await play.there.press(caller, "1")
            both = await play.bridged()
            await waits(lambda: len(play.muted()) == 2)
            await until(lambda: bool(rows_of(engine, "calls")))
            call = rows_of(engine, "calls")[0]
            company_id, carrier_id, ref = (str(call[name]) for name in ("company_id", "carrier_id", "call_ref"))
            recorders = play.server.exchange.recorders
            await waits(lambda: recorders.of(company_id, carrier_id, ref))
            recorder = recorders.of(company_id, carrier_id, ref)
            assert recorders.of("another", carrier_id, ref) is None
            assert recorder is not None
            await asyncio.to_thread(recorder.pause_recording, ref)
            assert play.muted() == [True, True]
            await asyncio.to_thread(recorder.resume_recording, ref)
            assert play.muted() == [False, False]
            leg = next(play.there.channels[each] for each in both if each != caller.channel_id)
            await play.there.leave(leg)
            call = await play.ended()
            assert call["status"] == "answered"
            assert legs_of(engine) == sorted([(ANN, "canceled"), (BEN, "answered")], key=lambda each: each[0])
            await until(lambda: bool(rows_of(engine, "calls")[0]["recording_ref"]))
            shelf = Recordings(tmp_path / "lines" / "recordings", Vault.open(tmp_path / "secret.key"))
            wave = read_wave(shelf.wav(rows_of(engine, "calls")[0]["recording_ref"]))
            assert len(wave.channels) == 2
            await waits(lambda: not play.there.stored and not play.there.channels)
            assert recorders.of(company_id, carrier_id, ref) is None

    run(use())


@ON_SQLITE
def test_whoever_could_not_be_told_is_not_recorded(
    engine: Engine,
    tmp_path: Path,
    migrated_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def dumb(_text: str, _language: str) -> bytes:
        raise NoSound("nobody speaks here")

    recorded: list[object] = []
    ears = AriEngine._ears

    async def hears(self: AriEngine, *channel_ids: str) -> list[tuple[str, str]]:
        recorded.append(channel_ids)
        return await ears(self, *channel_ids)

    monkeypatch.setattr(speech, "spoken", dumb)
    monkeypatch.setattr(AriEngine, "_ears", hears)
    installed = flow(
        told=ConsentNotice(text="You are recorded.", then="record"),
        record=Record(then="ring"),
        ring=rings(ANN),
    )

    async def use() -> None:
        async with stage(engine, tmp_path, migrated_url, installed) as play:
            caller = await play.call()
            await play.bridged()
            assert [each.partition(":")[0] for each in caller.heard] == ["tone"]
            await play.there.leave(caller)
            call = await play.ended()
            assert (call["status"], call["recording_ref"]) == ("answered", None)
            assert "could not be told" in caplog.text
            assert recorded == []

    run(use())


@ON_SQLITE
@pytest.mark.parametrize(("key", "status"), [("1", "answered"), ("3", "missed")])
def test_a_whisper_and_a_key_from_whoever_answers(
    engine: Engine, tmp_path: Path, migrated_url: str, key: str, status: str
) -> None:
    async def use() -> None:
        installed = flow(ring=rings(ANN, whisper="A call.", press_1=True))
        async with stage(engine, tmp_path, migrated_url, installed) as play:
            caller = await play.call()
            await waits(lambda: any(each.number == ANN and each.heard for each in play.there.channels.values()))
            leg = next(each for each in play.there.channels.values() if each.number == ANN)
            await play.there.press(leg, key)
            if key == "1":
                await play.bridged()
                await play.there.leave(caller)
            call = await play.ended()
            assert call["status"] == status
            assert ("answer" in caller.done) is (key == "1")

    run(use())


@ON_SQLITE
def test_busy_then_the_mailbox(engine: Engine, tmp_path: Path, migrated_url: str) -> None:
    async def use() -> None:
        installed = flow(ring=rings(ANN, otherwise="mailbox"), mailbox=Voicemail(text="Speak."))
        async with stage(engine, tmp_path, migrated_url, installed) as play:
            play.there.outcomes[ANN] = "busy"
            caller = await play.call("anonymous")
            await waits(lambda: caller.recording)
            await play.there.leave(caller)
            call = await play.ended()
            assert (call["status"], call["voicemail_seconds"]) == ("voicemail", 2)
            assert (call["caller_number"], call["caller_withheld"]) == (None, True)
            assert call["recording_ref"]
            assert legs_of(engine) == [(ANN, "busy")]

    run(use())


@ON_SQLITE
def test_turned_away_as_busy(engine: Engine, tmp_path: Path, migrated_url: str) -> None:
    async def use() -> None:
        async with stage(engine, tmp_path, migrated_url, flow(no=Refuse(busy=True))) as play:
            caller = await play.call()
            assert (await play.ended())["status"] == "blocked"
            await waits(lambda: bool(caller.done))
            assert caller.done == ["hangup busy"]

    run(use())


@ON_SQLITE
def test_calls_that_waited_while_we_were_away_go_on_in_the_dialplan(
    engine: Engine, tmp_path: Path, migrated_url: str
) -> None:
    async def use() -> None:
        async with asterisk() as (there, address):
            waiting = await there.call("1795.9", BILLBOARD, CALLER)
            client = AriClient(Pbx(address, USER, PASSWORD, "PJSIP/{number}@trunk", ()))
            settings = settings_of(tmp_path, migrated_url)
            credentials = {"url": address, "username": USER, "password": PASSWORD, "numbers": BILLBOARD}
            with writing(engine) as connection:
                sealed = Vault.open(settings.secret_file).seal(credentials | {"endpoint": "PJSIP/{number}@trunk"})
                open_business(connection, carrier_kind="asterisk", credentials=sealed)
            async with served(settings) as server:
                watching = asyncio.create_task(AsteriskWatch(server.exchange).run())
                try:
                    await waits(lambda: waiting.done)
                finally:
                    watching.cancel()
                    await asyncio.gather(watching, return_exceptions=True)
            assert waiting.done == ["continue down"]
            await client.close()

    run(use())


@ON_SQLITE
def test_who_talks_goes_on_talking_while_the_server_restarts(
    engine: Engine, tmp_path: Path, migrated_url: str
) -> None:
    async def use() -> None:
        async with stage(engine, tmp_path, migrated_url) as play:
            caller = await play.call()
            await play.bridged()
            play.there.listened.clear()
            await play.restart()
            await asyncio.wait_for(play.there.listened.wait(), 20)
            assert len(await play.bridged()) == 2
            done = [each for channel in play.there.channels.values() for each in channel.done]
            assert not [each for each in done if each.startswith(("hangup", "continue"))]
            await play.there.leave(caller)
            await waits(lambda: not play.there.channels and not play.there.bridges)

    run(use())


@ON_SQLITE
def test_an_asterisk_behind_a_proxy_that_is_worked_on_is_asked_again(
    engine: Engine, tmp_path: Path, migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = AsteriskThere._answer
    meanwhile = ["<html>We will be back soon.</html>", '{"message": "soon"}', ""]

    async def at_work(self: AsteriskThere, request: Request) -> Response:
        return Response(meanwhile.pop()) if meanwhile else await answer(self, request)

    monkeypatch.setattr(AsteriskThere, "_answer", at_work)
    monkeypatch.setattr(ari_engine, "AGAIN_SECONDS", 0.05)

    async def use() -> None:
        async with stage(engine, tmp_path, migrated_url):
            assert not meanwhile

    run(use())


def test_an_asterisk_in_a_private_network_is_asked_where_that_is_allowed_only() -> None:
    async def use() -> None:
        async with asterisk() as (_there, address):
            pbx = Pbx(address, USER, PASSWORD, "PJSIP/{number}@trunk", ())
            client = AriClient(pbx, private_addresses=False)
            with pytest.raises(AriError, match="private network"):
                await client.ask("GET", "channels")
            with pytest.raises(AriError, match="private network"):
                async with client.events():
                    pass
            await client.close()

    run(use())


def test_the_stand_in_refuses_what_ari_refuses() -> None:
    async def use() -> None:
        async with asterisk() as (there, address):
            client = AriClient(Pbx(address, USER, PASSWORD, "PJSIP/{number}@trunk", ()))
            stranger = AriClient(Pbx(address, USER, "another", "PJSIP/{number}@trunk", ()))
            channel = await there.call("1795.1", BILLBOARD, CALLER)
            channel.in_app = False
            for who, status, command in (
                (stranger, 401, ("GET", "channels")),
                (client, 404, ("POST", "channels", "none", "answer")),
                (client, 409, ("POST", "channels", "1795.1", "answer")),
            ):
                with pytest.raises(AriError) as refused:
                    await who.ask(*command)
                assert refused.value.status == status
            with pytest.raises(AriError, match="no parameter"):
                await client.ask("POST", "bridges", "b1", kind="mixing")
            await client.close()
            await stranger.close()

    run(use())


@ON_SQLITE
def test_a_destination_that_cannot_be_rung_leads_to_the_next(
    engine: Engine, tmp_path: Path, migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flow that breaks ends in the default destination (invariant 4)."""

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("swapboard.switchboard.guidance.next_step", broken)

    async def use() -> None:
        async with stage(engine, tmp_path, migrated_url) as play:
            caller = await play.call()
            await play.bridged()
            assert play.there.dialled == [(DEFAULT_DESTINATION, CALLER)]
            await play.there.leave(caller)

    run(use())


@ON_SQLITE
def test_a_leg_that_cannot_be_joined_is_hung_up_and_the_next_is_rung(
    engine: Engine, tmp_path: Path, migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever picked up may be gone again before the bridge: the caller is not."""
    add, refused = AsteriskThere._add, [Refused(409, "Channel not in Stasis application")]

    def first_refused(self: AsteriskThere, bridge: str, told: dict[str, str]) -> None:
        if refused:
            raise refused.pop()
        add(self, bridge, told)

    monkeypatch.setattr(AsteriskThere, "_add", first_refused)
    installed = flow(ring=Dial(targets=(Target(ANN), Target(BEN))))

    async def use() -> None:
        async with stage(engine, tmp_path, migrated_url, installed) as play:
            caller = await play.call()
            both = await play.bridged()
            assert play.there.dialled == [(ANN, CALLER), (BEN, CALLER)]
            assert set(play.there.channels) == set(both), "the first phone is not left off the hook"
            await play.there.leave(caller)
            assert (await play.ended())["status"] == "answered"

    run(use())


@ON_SQLITE
def test_a_full_disk_costs_the_recording_and_not_the_call(
    engine: Engine, tmp_path: Path, migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Recordings, channels: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Recordings, "begin", full)
    installed = flow(mailbox=Voicemail(text="Please speak."))

    async def use() -> None:
        async with stage(engine, tmp_path, migrated_url, installed) as play:
            caller = await play.call()
            await waits(lambda: caller.recording)
            await play.there._recorded(caller)
            call = await play.ended()
            assert (call["status"], call["voicemail_seconds"], call["recording_ref"]) == ("voicemail", 2, None)
            assert play.there.dialled == [], "who has left a message is not put through after it"
            assert play.there.stored, "what we could not keep stays with Asterisk"

    run(use())


@ON_SQLITE
def test_who_left_while_nobody_listened_has_left(
    engine: Engine, tmp_path: Path, migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An Asterisk that is started anew forgets its channels, and tells nobody that they ended."""
    monkeypatch.setattr(ari_engine, "AGAIN_SECONDS", 0.05)

    async def use() -> None:
        async with stage(engine, tmp_path, migrated_url) as play:
            await play.call()
            await play.bridged()
            play.there.channels.clear()
            play.there.bridges.clear()
            for each in tuple(play.there._sockets):
                await each.close()
            assert (await play.ended())["status"] == "answered"
            assert legs_of(engine) == [(DESTINATION, "answered")]

    run(use())


@pytest.mark.parametrize("status", [404, 409])
def test_who_hangs_up_just_before_the_tone_left_no_message(status: int) -> None:
    class Leaving:
        async def ask(self, *_path: str, **_parameters: object) -> None:
            raise AriError("Channel not found", status)

    waiting = Waiting()

    async def use() -> None:
        means = Means(Leaving(), None, None, waiting)  # type: ignore[arg-type]
        caller = AriCaller("c1", Arrival("c1", BILLBOARD, CALLER, False, None), means)
        assert await caller.take_message(60) == Recorded(None, 0)
        assert caller.gone.is_set()
        assert not waiting.ends

    run(use())


@pytest.mark.parametrize(
    ("dialled", "told", "caller"),
    [
        ("+12025550100", "3125550143", "+13125550143"),
        ("+12025550100", "13125550143", "+13125550143"),
        ("+12025550100", "4930123456", "+4930123456"),
        ("+442079460999", "02079460123", "+442079460123"),
        ("+442079460999", "anonymous", None),
    ],
)
def test_a_caller_is_read_as_people_dial_where_our_number_is(dialled: str, told: str, caller: str | None) -> None:
    channel = {"id": "1.1", "caller": {"number": told, "name": ""}}
    assert ari_engine.arrival_of({"channel": channel, "args": ["in", dialled]}).caller == caller
