"""Commands the calls of one Asterisk: the same conversations as on the embedded engine, other means."""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from swapboard.calls.call import Outcome
from swapboard.calls.routes import CarrierAccount
from swapboard.carriers.asterisk.pbx import APP, Pbx
from swapboard.carriers.base import CarrierError, Fault
from swapboard.carriers.caller import caller_of, number_in, printable
from swapboard.carriers.lines.recordings import Recordings
from swapboard.lines.ari.channel import AriCaller, AriLeg, Channel, Means, Waiting, keep
from swapboard.lines.ari.client import AriClient, AriError
from swapboard.lines.at_home import caller_at_home, digits_in
from swapboard.lines.conversation import Conversation
from swapboard.lines.desk import Desk
from swapboard.lines.ending import ended
from swapboard.lines.media.speech import Voice
from swapboard.lines.side import Arrival, CallerSide, LegSide, Talk
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.guidance import Guide
from swapboard.switchboard.keeping import Keeper

log = logging.getLogger(__name__)

IN, LEG, SNOOP = "in", "leg", "snoop"
"""What a channel in our application is, by its first argument."""
AGAIN_SECONDS = 3.0
NO_CAUSE = 0
"""Nobody told us why a channel ended."""
MUTE_SECONDS = 5.0


class AriEngine:
    """One account's Asterisk."""

    def __init__(self, exchange: Exchange, account: CarrierAccount, pbx: Pbx) -> None:
        settings = exchange.settings
        lines_dir, private = settings.lines_dir, settings.private_addresses
        self._account = account
        self._pbx = pbx
        self._ari = AriClient(pbx, private_addresses=private)
        self._waiting = Waiting()
        self._means = Means(
            self._ari,
            Voice(lines_dir / "speech", exchange.sounds.own, private_addresses=private),
            Recordings(lines_dir / "recordings", exchange.vault),
            self._waiting,
        )
        self._keeper = Keeper(exchange)
        self._recorders = exchange.recorders
        self._desk = Desk(exchange, account, Guide(exchange), self._keeper)
        self._channels: dict[str, Channel] = {}
        self._calls: set[asyncio.Task[None]] = set()
        self._orphans: dict[str, str] = {}

    async def run(self) -> None:
        """Listen to Asterisk until cancelled; one that is not there is tried again."""
        try:
            while True:
                try:
                    await self._listen()
                except AriError as error:
                    log.warning("%s", error)
                except (AttributeError, KeyError, TypeError, ValueError) as error:
                    # A proxy before it that is being worked on, or a redirect: later it may make sense again.
                    log.warning("an answer of Asterisk's makes no sense: %r", error)
                await asyncio.sleep(AGAIN_SECONDS)
        finally:
            # Those who talk go on talking: the next server finds them (`_orphans`).
            self._ari.is_leaving = True
            await ended(*self._calls)
            await self._keeper.finish()
            await self._means.voice.close()
            await self._ari.close()

    async def _listen(self) -> None:
        # Before: as long as nobody listens, no new call can be among them.
        self._orphans = await self._talking()
        waiting = await self._waiting_alone()
        async with self._ari.events() as events:
            for channel_id in waiting:
                await self._ari.tell("POST", "channels", channel_id, "continue", label="down")
            await self._forget_the_gone()
            async for event in events:
                try:
                    await self._hear(event)
                except (KeyError, TypeError, ValueError) as error:
                    log.warning("an event of Asterisk's makes no sense: %r", error)

    async def _waiting_alone(self) -> list[str]:
        """Calls that waited in our application while we were away: they go on in the dialplan, which dials."""
        known = self._channels.keys() | self._orphans.keys()
        return [
            channel["id"]
            for channel in await self._ari.ask("GET", "channels")
            if channel.get("dialplan", {}).get("app_name") == "Stasis" and channel["id"] not in known
        ]

    async def _forget_the_gone(self) -> None:
        """Channels that ended while nobody listened, as all do when Asterisk starts anew: no event tells it."""
        # Not those that still ring: one may be on its way there, and the ringing has an end of its own.
        known = {
            channel_id
            for channel_id, channel in self._channels.items()
            if not isinstance(channel, AriLeg) or channel.outcome is not None
        }
        there = {channel["id"] for channel in await self._ari.ask("GET", "channels")}
        for channel_id in known - there:
            self._forget(channel_id, NO_CAUSE)

    def _forget(self, channel_id: str, cause: int) -> None:
        """The channel is no more."""
        channel = self._channels.pop(channel_id, None)
        if isinstance(channel, AriLeg):
            channel.destroyed(cause)
        elif channel is not None:
            channel.gone.set()

    async def _talking(self) -> dict[str, str]:
        """The bridges of those whom a server before us has joined, by channel."""
        bridges = await self._ari.ask("GET", "bridges")
        return {
            channel_id: bridge["id"]
            for bridge in bridges
            for channel_id in bridge["channels"]
            if channel_id not in self._channels
        }

    async def _part(self, bridge: str) -> None:
        """One of them has hung up: so does the other."""
        left = [channel_id for channel_id, other in self._orphans.items() if other == bridge]
        for channel_id in left:
            self._orphans.pop(channel_id, None)
            await self._ari.tell("DELETE", "channels", channel_id, reason="normal")
        await self._ari.tell("DELETE", "bridges", bridge)

    async def _hear(self, event: dict[str, Any]) -> None:
        kind = event["type"]
        bridge = self._orphans.get(event.get("channel", {}).get("id", ""))
        if bridge is not None and kind in {"StasisEnd", "ChannelDestroyed"}:
            await self._part(bridge)
        if kind == "StasisStart":
            self._start(event)
        elif kind in {"PlaybackFinished", "RecordingFinished", "RecordingFailed"}:
            told = event.get("playback") or event["recording"]
            self._waiting.end(told.get("id") or told["name"], event)
        elif (channel := self._channels.get(event.get("channel", {}).get("id", ""))) is not None:
            self._hear_of(channel, kind, event)

    def _hear_of(self, channel: Channel, kind: str, event: dict[str, Any]) -> None:
        match kind:
            case "ChannelDtmfReceived":
                channel.press(event["digit"])
            case "ChannelStateChange" if event["channel"]["state"] == "Ringing" and isinstance(channel, AriLeg):
                if channel.on_ringing is not None:
                    channel.on_ringing()
            case "ChannelHangupRequest" | "StasisEnd":
                channel.gone.set()
            case "ChannelDestroyed":
                self._forget(channel.ref, int(event["cause"]))

    def _start(self, event: dict[str, Any]) -> None:
        """A channel is ours to command: a call, a leg that was answered, or an ear on one of them."""
        channel_id, args = event["channel"]["id"], event["args"]
        known = self._channels.get(channel_id)
        if isinstance(known, AriLeg):
            known.decide(Outcome.ANSWERED)
        elif args and args[0] == SNOOP:
            self._waiting.end(channel_id, event)
        elif args and args[0] == IN and known is None:
            caller = AriCaller(channel_id, arrival_of(event), self._means)
            self._channels[channel_id] = caller
            task = asyncio.create_task(self._converse(caller))
            self._calls.add(task)
            task.add_done_callback(self._calls.discard)

    async def _converse(self, caller: AriCaller) -> None:
        await Conversation(caller, self, self._desk).run()

    async def call(self, number: str, arrival: Arrival) -> LegSide:
        """Ring a number for a caller. Raises AriError."""
        leg = AriLeg(secrets.token_hex(16), self._means)
        self._channels[leg.ref] = leg
        try:
            await self._ari.ask(
                "POST",
                "channels",
                endpoint=self._pbx.endpoint_of(number),
                app=APP,
                appArgs=LEG,
                channelId=leg.ref,
                callerId=arrival.caller or "anonymous",
                timeout=-1,
            )
        except AriError:
            self._channels.pop(leg.ref, None)
            raise
        return leg

    async def join(self, caller: CallerSide, leg: LegSide, *, records: bool) -> Talk:
        """A bridge of both, until one of them is gone; recorded by an ear on each."""
        loop = asyncio.get_running_loop()
        bridge = secrets.token_hex(16)
        await self._ari.ask("POST", "bridges", bridge, type="mixing")
        try:
            await self._ari.ask("POST", "bridges", bridge, "addChannel", channel=f"{caller.ref},{leg.ref}")
            began_at = loop.time()
            ears = await self._ears(caller.ref, leg.ref) if records else []
            leaving: set[asyncio.Future[Any]] = {asyncio.ensure_future(side.gone.wait()) for side in (caller, leg)}
            try:
                whose = self._account.company_id, self._account.carrier_id, caller.arrival.call_ref
                known = self._recorders.during(*whose, Ears(self._ari, ears))
                with known if ears else nullcontext():
                    await asyncio.wait(leaving, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in leaving:
                    each.cancel()
            seconds = round(loop.time() - began_at)
            ref = await self._kept(*ears) if ears else None
        finally:
            await self._ari.tell("DELETE", "bridges", bridge)
        while not caller.keys.empty():
            caller.keys.get_nowait()
        return Talk(seconds, ref)

    async def _ears(self, *channel_ids: str) -> list[tuple[str, str]]:
        """One on each; none when that fails, for the talk is worth more than its recording."""
        try:
            return [await self._listen_to(channel_id) for channel_id in channel_ids]
        except (AriError, TimeoutError) as error:
            log.error("a call is not recorded: %r", error)
            return []

    async def _listen_to(self, channel_id: str) -> tuple[str, str]:
        """An ear on what comes in on a channel, and its recording's name."""
        ear, name = secrets.token_hex(16), f"swapboard-{secrets.token_hex(8)}"
        there = self._waiting.expect(ear)
        await self._ari.ask("POST", "channels", channel_id, "snoop", ear, spy="in", app=APP, appArgs=SNOOP)
        await asyncio.wait_for(there, 5)
        await self._ari.ask("POST", "channels", ear, "record", name=name, format="ulaw", ifExists="fail")
        return ear, name

    async def _kept(self, first: tuple[str, str], second: tuple[str, str]) -> str | None:
        """The recording of both, ours now; Asterisk's own copies are deleted."""
        for ear, name in (first, second):
            ended = self._waiting.expect(name)
            await self._ari.tell("POST", "recordings", "live", name, "stop")
            try:
                await asyncio.wait_for(ended, 5)
            except TimeoutError:
                log.warning("Asterisk does not say that a recording has ended")
            await self._ari.tell("DELETE", "channels", ear)
        ref = await keep(self._means, first[1], 2, second[1])
        for _, name in (first, second) if ref else ():
            await self._ari.tell("DELETE", "recordings", "stored", name)
        return ref


class Ears:
    """The recordings of one talk; a pause is heard as silence, so that both channels keep their time."""

    def __init__(self, ari: AriClient, ears: Sequence[tuple[str, str]]) -> None:
        self._ari = ari
        self._names = [name for _ear, name in ears]
        self._loop = asyncio.get_running_loop()

    def pause_recording(self, _call_ref: str) -> None:
        """From another thread. Raises CarrierError."""
        self._tell("POST")

    def resume_recording(self, _call_ref: str) -> None:
        """From another thread. Raises CarrierError."""
        self._tell("DELETE")

    def _tell(self, method: str) -> None:
        try:
            asyncio.run_coroutine_threadsafe(self._mute(method), self._loop).result(MUTE_SECONDS)
        except (AriError, TimeoutError) as error:
            raise CarrierError(f"Asterisk did not do it: {error}", Fault.CARRIER) from error

    async def _mute(self, method: str) -> None:
        for name in self._names:
            await self._ari.ask(method, "recordings", "live", name, "mute")


def arrival_of(event: dict[str, Any]) -> Arrival:
    """Who calls whom: the number that the dialplan says was dialled, and the channel's caller."""
    channel, args = event["channel"], event["args"]
    told = channel.get("caller", {})
    number = str(told.get("number", ""))
    caller, dialled = caller_of(number), number_in(args[1] if len(args) > 1 else "")
    if dialled:
        caller = caller_at_home(caller, digits_in(f"sip:{number}"), dialled, ())
    return Arrival(
        call_ref=f"ast-{channel['id']}".replace(".", "-")[:64],
        dialled=dialled,
        caller=caller.number,
        withheld=caller.withheld,
        caller_name=None if caller.withheld else printable(str(told.get("name", ""))) or caller.name,
    )
