"""A stand-in for Asterisk's REST interface, which holds callers of it to what its documents say.

Basic authentication or an api_key; parameters that no operation has are refused, as are commands to channels that
are not there (404) or not in our application (409); a recording's name can be taken once. Channels make the events
that Asterisk makes, in its order.
"""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

USER, PASSWORD = "swapboard", "open sesame"
CAUSES = {"normal": 16, "busy": 17, "no_answer": 19}
PARAMETERS = {
    "play": {"media", "lang", "offsetms", "skipms"},
    "record": {
        "name",
        "format",
        "maxDurationSeconds",
        "maxSilenceSeconds",
        "ifExists",
        "beep",
        "terminateOn",
    },
    "snoop": {"spy", "whisper", "app", "appArgs"},
    "originate": {
        "endpoint",
        "extension",
        "context",
        "priority",
        "label",
        "app",
        "appArgs",
        "callerId",
        "timeout",
        "channelId",
        "originator",
    },
    "hangup": {"reason_code", "reason"},
    "bridge": {"type", "name"},
    "addChannel": {"channel", "role"},
    "continue": {"context", "extension", "priority", "label"},
}


@dataclass
class ChannelThere:
    """A channel of Asterisk's."""

    channel_id: str
    number: str
    state: str = "Ring"
    in_app: bool = False
    bridge: str | None = None
    heard: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    recording: str | None = None
    is_muted: bool = False
    """Of the recording."""

    def told(self) -> dict[str, Any]:
        app = {"app_name": "Stasis" if self.in_app else "Dial"}
        return {
            "id": self.channel_id,
            "state": self.state,
            "caller": {"number": self.number, "name": ""},
            "dialplan": app,
        }


class Refused(Exception):
    """What Asterisk answers."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class AsteriskThere:
    """The whole Asterisk."""

    def __init__(self) -> None:
        self.channels: dict[str, ChannelThere] = {}
        self.bridges: dict[str, list[str]] = {}
        self.stored: dict[str, bytes] = {}
        self.outcomes: dict[str, str] = {}
        """By the number that is rung: answered (the default), busy, silent."""
        self.dialled: list[tuple[str, str]] = []
        self.commands: list[str] = []
        self.keys_of_leg = ""
        self._sockets: set[WebSocket] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.listened = asyncio.Event()

    def routes(self) -> list[Route | WebSocketRoute]:
        return [
            WebSocketRoute("/ari/events", self._listen),
            Route("/ari/{path:path}", self._answer, methods=["GET", "POST", "DELETE"]),
        ]

    async def call(self, channel_id: str, dialled: str, caller: str) -> ChannelThere:
        """Somebody calls: the dialplan gives the channel to our application."""
        channel = self.channels[channel_id] = ChannelThere(channel_id, caller)
        channel.in_app = True
        await self.tell("StasisStart", channel, args=["in", dialled])
        return channel

    async def press(self, channel: ChannelThere, key: str) -> None:
        await self.tell("ChannelDtmfReceived", channel, digit=key, duration_ms=100)

    async def leave(self, channel: ChannelThere, cause: int = 16) -> None:
        """A channel ends."""
        if self.channels.pop(channel.channel_id, None) is None:
            return
        if channel.recording:
            await self._recorded(channel)
        if channel.in_app:
            await self.tell("ChannelHangupRequest", channel, cause=cause)
            await self.tell("StasisEnd", channel)
        for channels in self.bridges.values():
            channels[:] = [each for each in channels if each != channel.channel_id]
        await self.tell("ChannelDestroyed", channel, cause=cause, cause_txt="")

    async def tell(self, kind: str, channel: ChannelThere | None = None, **more: Any) -> None:
        told = {"type": kind, "application": "swapboard", **more}
        if channel is not None:
            told["channel"] = channel.told()
        for each in tuple(self._sockets):
            await each.send_json(told)

    async def _listen(self, websocket: WebSocket) -> None:
        if websocket.query_params.get("api_key") != f"{USER}:{PASSWORD}" or not websocket.query_params.get("app"):
            await websocket.close()
            return
        await websocket.accept()
        self._sockets.add(websocket)
        self.listened.set()
        try:
            while True:
                await websocket.receive_text()
        except WebSocketDisconnect:
            pass
        finally:
            self._sockets.discard(websocket)

    async def _answer(self, request: Request) -> Response:
        wanted = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {wanted}":
            return JSONResponse({"message": "Authentication required"}, 401)
        path = request.path_params["path"].split("/")
        self.commands.append(f"{request.method} {'/'.join(path)}")
        try:
            answer = await self._do(request.method, path, dict(request.query_params))
        except Refused as refused:
            return JSONResponse({"message": str(refused)}, refused.status)
        if isinstance(answer, bytes):
            return Response(answer)
        return Response(status_code=204) if answer is None else JSONResponse(answer)

    async def _do(  # noqa: C901, PLR0911, PLR0912 one case for each operation
        self, method: str, path: list[str], told: dict[str, str]
    ) -> Any:
        match method, path:
            case "GET", ["channels"]:
                return [each.told() for each in self.channels.values()]
            case "GET", ["bridges"]:
                return [{"id": name, "channels": channels} for name, channels in self.bridges.items()]
            case "POST", ["channels"]:
                return await self._originate(told)
            case _, ["channels", channel_id, *rest]:
                return await self._command(method, self._channel(channel_id), rest, told)
            case "POST", ["bridges", bridge]:
                _check("bridge", told)
                self.bridges[bridge] = []
                return {"id": bridge}
            case "POST", ["bridges", bridge, "addChannel"]:
                return self._add(bridge, told)
            case "DELETE", ["bridges", bridge]:
                if self.bridges.pop(bridge, None) is None:
                    raise Refused(404, "Bridge not found")
                return None
            case "POST", ["recordings", "live", name, "stop"]:
                await self._recorded(self._recording(name))
                return None
            case "POST" | "DELETE", ["recordings", "live", name, "mute"]:
                self._recording(name).is_muted = method == "POST"
                return None
            case "GET", ["recordings", "stored", name, "file"] if name in self.stored:
                return self.stored[name]
            case "DELETE", ["recordings", "stored", name] if name in self.stored:
                del self.stored[name]
                return None
            case "DELETE", ["playbacks", _]:
                return None
        raise Refused(404, "Resource not found")

    async def _command(  # noqa: C901 one case for each operation
        self, method: str, channel: ChannelThere, rest: list[str], told: dict[str, str]
    ) -> Any:
        if (method, rest) == ("DELETE", []):
            _check("hangup", told)
            reason = told.get("reason", "normal")
            channel.done.append(f"hangup {reason}")
            self._later(self.leave(channel, CAUSES[reason]))
            return None
        if not channel.in_app:
            raise Refused(409, "Channel not in Stasis application")
        match method, rest:
            case "POST", ["answer"]:
                channel.state = "Up"
                channel.done.append("answer")
            case "POST" | "DELETE", ["ring"]:
                channel.done.append("ring" if method == "POST" else "silent")
            case "POST", ["continue"]:
                _check("continue", told)
                channel.in_app = False
                channel.done.append(f"continue {told.get('label')}")
            case "POST", ["play", playback]:
                _check("play", told)
                channel.heard.append(told["media"])
                self._later(self._played(playback))
                return {"id": playback, "state": "queued"}
            case "POST", ["record"]:
                return self._record(channel, told)
            case "POST", ["snoop", ear]:
                _check("snoop", told)
                made = self.channels[ear] = ChannelThere(ear, channel.channel_id, "Up", in_app=True)
                self._later(self.tell("StasisStart", made, args=told["appArgs"].split(",")))
                return made.told()
            case _:
                raise Refused(404, "Resource not found")
        return None

    def _record(self, channel: ChannelThere, told: dict[str, str]) -> dict[str, str]:
        _check("record", told)
        if told["name"] in self.stored or any(each.recording == told["name"] for each in self.channels.values()):
            raise Refused(409, "Recording with the given name already exists")
        if told["format"] not in {"ulaw", "wav", "gsm", "alaw"}:
            raise Refused(422, "Unknown Format")
        channel.recording = told["name"]
        return {"name": told["name"], "state": "queued"}

    def _recording(self, name: str) -> ChannelThere:
        """The channel that is recorded under this name."""
        channel = next((each for each in self.channels.values() if each.recording == name), None)
        if channel is None:
            raise Refused(404, "Recording not found")
        return channel

    async def _recorded(self, channel: ChannelThere) -> None:
        name, channel.recording = channel.recording, None
        assert name is not None
        self.stored[name] = channel.number[-1:].encode() * 8_000
        told = {"name": name, "format": "ulaw", "state": "done", "duration": 3, "talking_duration": 2}
        await self.tell("RecordingFinished", None, recording=told)

    async def _originate(self, told: dict[str, str]) -> dict[str, Any]:
        _check("originate", told)
        number = told["endpoint"].partition("/")[2].partition("@")[0]
        self.dialled.append((number, told["callerId"]))
        leg = self.channels[told["channelId"]] = ChannelThere(told["channelId"], number, "Down")
        self._later(self._rings(leg, told))
        return leg.told()

    async def _rings(self, leg: ChannelThere, told: dict[str, str]) -> None:
        outcome = self.outcomes.get(leg.number, "answered")
        if outcome == "busy":
            await self.leave(leg, 17)
            return
        leg.state = "Ringing"
        await self.tell("ChannelStateChange", leg)
        if outcome == "answered" and leg.channel_id in self.channels:
            leg.state, leg.in_app = "Up", True
            await self.tell("ChannelStateChange", leg)
            await self.tell("StasisStart", leg, args=told["appArgs"].split(","))

    async def _played(self, playback: str) -> None:
        await self.tell("PlaybackFinished", None, playback={"id": playback, "state": "done"})

    def _add(self, bridge: str, told: dict[str, str]) -> None:
        _check("addChannel", told)
        if bridge not in self.bridges:
            raise Refused(404, "Bridge not found")
        for channel_id in told["channel"].split(","):
            channel = self.channels.get(channel_id)
            if channel is None:
                raise Refused(400, "Channel not found")
            if not channel.in_app:
                raise Refused(409, "Channel not in Stasis application")
            channel.bridge = bridge
            self.bridges[bridge].append(channel_id)

    def _channel(self, channel_id: str) -> ChannelThere:
        if channel_id not in self.channels:
            raise Refused(404, "Channel not found")
        return self.channels[channel_id]

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _check(operation: str, told: dict[str, str]) -> None:
    unknown = set(told) - PARAMETERS[operation]
    if unknown:
        raise Refused(400, f"{operation} has no parameter {sorted(unknown)}")


@asynccontextmanager
async def asterisk() -> AsyncIterator[tuple[AsteriskThere, str]]:
    """One that runs, and its address."""
    there = AsteriskThere()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        app = Starlette(routes=there.routes())
        config = uvicorn.Config(app, log_level="warning", ws="websockets-sansio", access_log=False)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[taken]))
        try:
            while not server.started and not serving.done():
                await asyncio.sleep(0.01)
            yield there, f"http://127.0.0.1:{taken.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving
