"""Whoever makes the events of the outbox under fire: people who ring, and people who judge calls afterwards."""

import asyncio
import random
import time
from dataclasses import dataclass, field

import httpx
from twilio.request_validator import RequestValidator

from tests.building import DESTINATION, Business
from tests.faults.phone_side import put_on_list
from tests.twilio_stand_in import SID, TOKEN, Twilio

CALLS_A_SECOND = 26
"""Each is told to two destinations: fifty-two events a second."""
VALUED_SHARE = 1 / 5
"""Of so many calls somebody says later what they were worth: ten events a second more."""
TAKEN_BACK_SHARE = 1 / 2
"""And so many of those are spam after all: four more."""
ONCE_SHARE = 1 / 8
"""So many calls are made by somebody who rings this once: whose call is spam is not put through again."""
AREAS = ("303", "404", "512", "602", "702", "808", "917", "206", "312", "415")
LINES = 12
"""Requests under way at once: what is not told waits in line, as at a carrier, and does not knock by itself."""


@dataclass
class Callers:
    """Each call is told when it has ended, until the server says that it knows."""

    url: str
    business: Business
    phones: list[tuple[str, str]]
    """(caller, number that they were shown)"""
    twilio: Twilio
    api_key: str
    placed: list[str] = field(default_factory=list)
    valued: list[str] = field(default_factory=list)
    """Calls that were said to be worth something."""
    taken_back: list[str] = field(default_factory=list)
    """Those of them that were said to be spam."""
    _once: set[str] = field(default_factory=set)
    """Numbers of those who ring once."""
    _lines: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LINES))

    async def go_on(self, over: asyncio.Event) -> None:
        """Calls at random moments, until it is over and all are told."""
        async with httpx.AsyncClient(timeout=10) as client:
            async with asyncio.TaskGroup() as told:
                # By the clock, whatever else the machine does: callers do not wait for one another.
                next_at = time.monotonic()
                while not over.is_set():
                    told.create_task(self._tell(client))
                    if random.random() < VALUED_SHARE:
                        told.create_task(self._judge(client, random.random() < TAKEN_BACK_SHARE))
                    next_at += random.expovariate(CALLS_A_SECOND)
                    await asyncio.sleep(max(0.0, next_at - time.monotonic()))
            # Now there is one that is over, however short and busy the trial was.
            await self._judge(client, True)
            await self._judge(client, False)

    async def _tell(self, client: httpx.AsyncClient) -> None:
        caller, number = random.choice(self.phones)
        if random.random() < ONCE_SHARE and len(self._once) < 100 * len(AREAS):
            area, place = divmod(len(self._once), 100)
            caller = f"+1{AREAS[area]}55501{place:02d}"
            self._once.add(caller)
        call_ref = f"CA{len(self.placed):032x}"
        self.placed.append(call_ref)
        call = {"AccountSid": SID, "CallSid": call_ref, "Direction": "inbound", "From": caller, "To": number}
        put_on_list(self.twilio, call, f"CB{call_ref[2:]}", 63)
        over = {"CallStatus": "completed", "CallDuration": "63", "SequenceNumber": "0"}
        leg = {"CallSid": f"CB{call_ref[2:]}", "ParentCallSid": call_ref, "Direction": "outbound-dial"}
        for told in (call | over | leg | {"To": DESTINATION}, call | over):
            await self._post(client, told)

    async def _post(self, client: httpx.AsyncClient, told: dict[str, str]) -> None:
        address = f"{self.url}/carriers/{self.business.carrier_id}/status"
        headers = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(address, told)}
        async with self._lines:
            while True:
                try:
                    if (await client.post(address, data=told, headers=headers)).status_code == 204:
                        return
                except httpx.TransportError:
                    """It is down."""
                await a_moment()

    async def _judge(self, client: httpx.AsyncClient, takes_back: bool) -> None:
        """Say of one of the latest calls what it was worth, then perhaps that it was none."""
        async with self._lines:
            call_id = await self._one_that_is_over(client, takes_back)
            if not call_id:
                return
            self.valued.append(call_id)
            await self._patch(client, call_id, {"value": random.randrange(1, 500)})
            if takes_back:
                self.taken_back.append(call_id)
                await self._patch(client, call_id, {"spam": True})

    async def _one_that_is_over(self, client: httpx.AsyncClient, of_once: bool) -> str:
        while True:
            try:
                listed = await client.get(f"{self.url}/api/v1/calls", headers=self._key, params=_ANSWERED)
                over = listed.json()["data"]
                these = (each["id"] for each in over if (each["caller"]["number"] in self._once) is of_once)
                return next((each for each in these if each not in self.valued), "")
            except (httpx.TransportError, ValueError, KeyError):
                """It is down, or too busy."""
            await a_moment()

    async def _patch(self, client: httpx.AsyncClient, call_id: str, said: dict[str, object]) -> None:
        while True:
            try:
                answer = await client.patch(f"{self.url}/api/v1/calls/{call_id}", headers=self._key, json=said)
                if answer.status_code == 200:
                    return
                assert answer.status_code == 429 or answer.status_code >= 500, answer.text
            except httpx.TransportError:
                """It is down."""
            await a_moment()

    @property
    def _key(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.api_key}"}


_ANSWERED = {"status": "answered", "limit": "100"}


async def a_moment() -> None:
    """Until somebody tries again."""
    await asyncio.sleep(random.uniform(0.1, 0.4))
