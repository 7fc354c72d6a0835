"""A carrier's signed webhooks: routing requests, alone and beside the news of calls (DESIGN 10 (c))."""

import asyncio
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import uvloop
from twilio.request_validator import RequestValidator

from swapboard.bench.load import Figures, press, request
from swapboard.bench.place import ACCOUNT, TARGET, TOKEN, Place, opened

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
WARM_SECONDS = 3
"""Until the process that writes has begun and knows its way."""


def measure_webhooks(seconds: float) -> Figures:
    """A hundred signed routing requests for new calls a second, on SQLite; every answer must dial."""
    with opened(None, DIALLED) as place:
        signed = _Signed(place)
        uvloop.run(_call(signed, WARM_SECONDS, first=0))
        figures = uvloop.run(_call(signed, seconds, first=10**6))
    if figures.unexpected:
        raise RuntimeError(f"{figures.unexpected} routing answers did not dial")
    return figures


def measure_webhooks_beside_events(seconds: float, database_url: str | None = None) -> Figures:
    """The same, and five hundred status events a second beside them.

    Every routing answer must dial, and every event be taken; the figures are the routing answers'. SQLite when no
    database is given.
    """
    with opened(database_url, DIALLED) as place:
        signed = _Signed(place)
        uvloop.run(_ring(signed, WARM_SECONDS, first=0))
        figures, events = uvloop.run(_ring(signed, seconds, first=WARM_SECONDS * CALLS_PER_SECOND))
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

    def __init__(self, place: Place) -> None:
        self.place = place
        self._validator = RequestValidator(TOKEN)

    def routing(self, first: int, count: int) -> bytes:
        """A new call; those of one run are counted from `first` on."""
        return self._made("voice", call_parameters(first + count))

    def event(self, first: int, count: int) -> bytes:
        """What becomes of the same calls at the same pace: four pieces of a leg's news for each, and its end.

        They come half a second apart, so that there is seldom more to be written of a call at once.
        """
        calls, which = divmod(count, len(NEWS_OF_LEG) + 1)
        call = max(0, first + calls - which * CALLS_BETWEEN_NEWS)
        own = call_parameters(call)
        if which == len(NEWS_OF_LEG):
            return self._made("status", own | END)
        return self._made("status", own | leg_parameters(call) | NEWS_OF_LEG[which])

    def _made(self, door: str, parameters: dict[str, str]) -> bytes:
        port = self.place.port
        path = f"/carriers/{self.place.carrier_id}/{door}"
        signature = self._validator.compute_signature(f"http://127.0.0.1:{port}{path}", parameters)
        body = urlencode(parameters).encode()
        return request(path, port, body, "application/x-www-form-urlencoded", signature)


NEWS_OF_LEG: tuple[dict[str, str], ...] = (
    {"CallStatus": "initiated", "SequenceNumber": "0"},
    {"CallStatus": "ringing", "SequenceNumber": "1"},
    {"CallStatus": "in-progress", "SequenceNumber": "2"},
    {"CallStatus": "completed", "SequenceNumber": "3", "CallDuration": "63"},
)
END = {"CallStatus": "completed", "SequenceNumber": "0", "CallDuration": "66"}
"""Of the call itself: it is credited once more, and what is to be told of it is put in the outbox."""


def leg_parameters(count: int) -> dict[str, str]:
    parent = call_parameters(count)["CallSid"]
    return {"CallSid": f"CB{count:032x}", "ParentCallSid": parent, "Direction": "outbound-dial", "To": TARGET}


def call_parameters(count: int) -> dict[str, str]:
    return {
        "CallSid": f"CA{count:032x}",
        "AccountSid": ACCOUNT,
        "From": f"+1212{2_000_000 + count % 7_000_000}",
        "To": f"+1555{count % DIALLED:07d}",
        "CallStatus": "ringing",
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
    }
