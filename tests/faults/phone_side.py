"""The phone side of the fault trials: a carrier that rings our doors, and does what carriers do when we fail.

A routing request that fails is asked once more, then the number's static document is read. Other news is sent once
and lost if nobody takes it. What really happened stands in the carrier's own list, as at Twilio.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import httpx
from twilio.request_validator import RequestValidator

from tests.building import DESTINATION
from tests.twilio_stand_in import SID, TOKEN, Twilio

# Each rings once: who rings five numbers within minutes is spam, and makes no conversion.
CALLERS = [f"+1{area}55501{last:02d}" for area in range(212, 252) for last in range(100)]
PATIENCE_SECONDS = 15.0
"""How long Twilio waits for a document."""


@dataclass
class PhoneSide:
    """Places calls, and notes who dialled for each of them."""

    url: str
    carrier_id: str
    numbers: Sequence[str]
    fallback_dir: Path
    twilio: Twilio
    copies: int = 1
    """How often each piece of news is sent, at once."""
    slow_seconds: float = 0.0
    """How long a routing request takes to arrive, a piece at a time."""
    dialled: Counter[str] = field(default_factory=Counter)
    """By the server, by the fallback document, by nobody."""
    placed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """Calls that nobody dialled for, with the last that we answered."""
    answers_differ: int = 0
    """Copies of one routing request that got different documents."""

    def __post_init__(self) -> None:
        self._validator = RequestValidator(TOKEN)
        limits = httpx.Limits(max_connections=400, keepalive_expiry=1)
        self._http = httpx.AsyncClient(timeout=PATIENCE_SECONDS, limits=limits)

    async def close(self) -> None:
        await self._http.aclose()

    async def call(self, talk_seconds: int = 63) -> None:
        """One call from its arrival to its end; somebody answers."""
        call_ref = f"CA{len(self.placed):032x}"
        self.placed.append(call_ref)
        own = {
            "AccountSid": SID,
            "CallSid": call_ref,
            "CallStatus": "ringing",
            "Direction": "inbound",
            "From": CALLERS[len(self.placed) % len(CALLERS)],
            "To": random.choice(self.numbers),
        }
        document, by = await self._route(own)
        self.dialled[by] += 1
        leg_ref = f"CB{call_ref[2:]}"
        put_on_list(self.twilio, own, leg_ref, talk_seconds)
        dial = document.find("./Dial") if document is not None else None
        if dial is None:
            return
        leg = own | {
            "CallSid": leg_ref,
            "ParentCallSid": call_ref,
            "Direction": "outbound-dial",
            "To": DESTINATION,
        }
        number = dial.find("./Number")
        callback = number.get("statusCallback") if number is not None else None
        if callback:
            for sequence, status in enumerate(("initiated", "ringing", "in-progress")):
                await self._tell(callback, leg | {"CallStatus": status, "SequenceNumber": str(sequence)})
            over = {"CallStatus": "completed", "SequenceNumber": "3", "CallDuration": str(talk_seconds)}
            await self._tell(callback, leg | over)
        if action := dial.get("action"):
            ended = {"DialCallStatus": "completed", "DialCallSid": leg_ref, "DialCallDuration": str(talk_seconds)}
            await self._tell(action, own | {"CallStatus": "in-progress", "DialBridged": "true"} | ended)
        end = {"CallStatus": "completed", "CallDuration": str(talk_seconds + 4), "SequenceNumber": "0"}
        await self._tell(f"{self.url}/carriers/{self.carrier_id}/status", own | end)

    async def _route(self, told: dict[str, str]) -> tuple[ET.Element | None, str]:
        """The document that the call goes by, and whose it is."""
        documents: list[str] = []
        door = f"{self.url}/carriers/{self.carrier_id}/voice"
        for _attempt in range(2):
            copies = await asyncio.gather(*(self._post(door, told) for _ in range(self.copies)))
            documents = [answer.text for answer in copies if answer is not None and answer.status_code == 200]
            self.answers_differ += len(set(documents)) > 1
            if documents and "<Dial" in documents[0]:
                return ET.fromstring(documents[0]), "server"
        static = self.fallback_dir / self.carrier_id / f"{told['To'].removeprefix('+')}.xml"
        if static.exists() and "<Dial" in static.read_text():
            return ET.fromstring(static.read_text()), "fallback"
        self.lost.append(f"{told['CallSid']} dialled by nobody: {documents[:1]}")
        return None, "nobody"

    async def _tell(self, address: str, told: dict[str, str]) -> None:
        copies = [self._post(address, told) for _ in range(self.copies)]
        random.shuffle(copies)
        await asyncio.gather(*copies)

    async def _post(self, address: str, told: dict[str, str]) -> httpx.Response | None:
        signature = self._validator.compute_signature(address, told)
        request = self._http.build_request("POST", address, data=told, headers={"X-Twilio-Signature": signature})
        is_routing = "ParentCallSid" not in told and urlsplit(address).path.endswith("/voice")
        try:
            if self.slow_seconds and is_routing:
                return await self._dribble(request)
            return await self._http.send(request)
        except httpx.TransportError:
            return None

    async def _dribble(self, request: httpx.Request) -> httpx.Response:
        body = request.content
        pieces = [body[start : start + len(body) // 3 + 1] for start in range(0, len(body), len(body) // 3 + 1)]

        async def slowly() -> AsyncIterator[bytes]:
            for piece in pieces:
                await asyncio.sleep(self.slow_seconds / len(pieces))
                yield piece

        return await self._http.post(request.url, content=slowly(), headers=dict(request.headers))


def put_on_list(twilio: Twilio, own: dict[str, str], leg_ref: str, talk_seconds: int) -> None:
    """It really happened, and so it stands in the carrier's list."""
    at = datetime.now(UTC)
    entry = {
        "sid": own["CallSid"],
        "parent_call_sid": None,
        "direction": "inbound",
        "status": "completed",
        "from": own["From"],
        "to": own["To"],
        "start_time": format_datetime(at),
        "end_time": format_datetime(at),
        "date_created": format_datetime(at),
        "duration": str(talk_seconds),
        "caller_name": None,
    }
    leg = entry | {
        "sid": leg_ref,
        "parent_call_sid": own["CallSid"],
        "direction": "outbound-dial",
        "to": DESTINATION,
    }
    twilio.calls += [entry, leg]
