"""The server of the API's tests, and everybody's way to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import Connection

from swapboard.accounts.company import ApiKey, Company, Role
from swapboard.accounts.keys import add_key, revoke_key
from swapboard.accounts.secrets import new_api_key
from swapboard.accounts.store import add_company
from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.store import add_carrier
from swapboard.clock import SECOND, Millis, from_iso
from swapboard.storage.ids import new_id
from swapboard.switchboard.beating import HEAR, Beat, Happening
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.ringing import RECEIVE, Told
from swapboard.switchboard.visiting import ADMIT, Admitted, Visit
from swapboard.visits.forms import list_forms
from swapboard.visits.visit import EventKind as PageEvent
from swapboard.visits.visit import Presence

TARGET, DESTINATION = "+12025550100", "+12025550101"
BILLBOARD = "+12025550120"
POOL = ("+12025550130", "+12025550131", "+12025550132")
CALLER = "+12125550111"
AD = (
    "https://shop.example.com/drains?utm_source=google&utm_medium=cpc&utm_campaign=Emergency"
    "&utm_term=emergency+plumber&gclid=Cj0KCQ-test"
)
START = from_iso("2026-11-24T07:00:00Z")
ANOTHER_HOST = "http://api.example.com"


CAST = {"owner": Role.OWNER, "admin": Role.ADMIN, "analyst": Role.ANALYST, "agent": Role.AGENT}


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: Millis = START

    def __call__(self) -> Millis:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)


@dataclass
class House:
    """The server, and everybody's way to it."""

    exchange: Exchange
    clock: Clock
    client: httpx.AsyncClient
    keys: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """What `furnish` made, by what it is."""

    async def ask(
        self, method: str, path: str, json: object = None, *, who: str = "owner", **more: Any
    ) -> httpx.Response:
        """One request by one of the cast; `nobody` sends no key."""
        headers: Mapping[str, str] = more.pop("headers", {})
        if who != "nobody":
            headers = {"Authorization": f"Bearer {self.keys[who]}", **headers}
        body: dict[str, Any] = {"json": json} if json is not None else {}
        return await self.client.request(method, f"/api/v1{path}", headers=headers, **body, **more)

    async def get(self, path: str, who: str = "owner", **params: Any) -> dict[str, Any]:
        answer = await self.ask("GET", path, who=who, params=params)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def make(self, path: str, json: object, who: str = "owner", **more: Any) -> dict[str, Any]:
        answer = await self.ask("POST", path, json, who=who, **more)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def patch(self, path: str, json: object) -> dict[str, Any]:
        answer = await self.ask("PATCH", path, json)
        assert answer.status_code == 200, answer.text
        changed: dict[str, Any] = answer.json()
        return changed

    async def delete(self, path: str) -> None:
        answer = await self.ask("DELETE", path)
        assert (answer.status_code, answer.content) == (204, b""), answer.text

    async def furnish(self, who: str = "owner") -> dict[str, str]:
        """A site, a target, a pool with three numbers, a billboard and a rule, all made through the API."""
        site = await self.make("/sites", {"name": "Shop", "hosts": ["shop.example.com"]}, who)
        target = await self.make("/swap-targets", {"number": TARGET, "destination": DESTINATION}, who)
        pool = await self.make("/pools", {"name": "Visitors", "target_id": target["id"]}, who)
        static = {"target_id": target["id"], "placement": "Billboard, Route 9", "channel": "Offline"}
        billboard = await self.make("/numbers", {"number": BILLBOARD, **static}, who)
        numbers = await self.make("/numbers/bulk", {"numbers": list(POOL), "pool_id": pool["id"]}, who)
        rule = await self.make("/rules", {"name": "All", "outcome": "pool", "pool_id": pool["id"]}, who)
        return {
            "site": site["id"],
            "target": target["id"],
            "pool": pool["id"],
            "billboard": billboard["id"],
            "number": numbers["data"][0]["id"],
            "rule": rule["id"],
            "company": site["company_id"],
        }

    async def visit(self, company_id: str, site_id: str, url: str = AD) -> Admitted:
        """A page is opened."""
        visit = Visit(
            company_id=company_id,
            session_seconds=1800,
            site_id=site_id,
            beat_seconds=20,
            visitor_id=None,
            session_id=None,
            url=url,
            referrer="",
            own_hosts=(),
            title="Blocked drains",
            targets=(TARGET,),
            user_agent="Mozilla/5.0",
            time_zone="America/New_York",
            cookies={},
            opted_out=False,
            visible=True,
            now=self.clock(),
        )
        return await self.exchange.writer.submit(ADMIT, visit)

    async def send_form(self, company_id: str, site_id: str, session_id: str, fields: Mapping[str, str]) -> str:
        """A visitor sends a form; the answer is its id."""
        sent = Happening(PageEvent.FORM, 0, "https://www.example.com/quote", "", {"name": "quote"}, fields)
        beat = Beat(company_id, 1800, 20, session_id, Presence.VISIBLE, (sent,), self.clock(), site_id)
        await self.exchange.writer.submit(HEAR, beat)
        page = await self.exchange.read(lambda connection: list_forms(connection, company_id))
        return page.rows[0].form_id

    async def ring(
        self, company_id: str, dialled: str, caller: str | None = CALLER, ref: str = "CA1", talk_seconds: int = 63
    ) -> str:
        """Somebody dials and hangs up; the answer is the call's id."""
        carrier_id, at = self.ids[f"carrier of {company_id}"], self.clock()
        arrived = Facts(dialled=dialled, caller=caller, withheld=caller is None)
        outcome = Outcome.ANSWERED if talk_seconds else Outcome.NO_ANSWER
        ended = Facts(leg_number=DESTINATION, outcome=outcome, talk_seconds=talk_seconds)
        end = at + (4 + talk_seconds) * SECOND
        events = (
            CallEvent(ref, "", EventKind.ARRIVED, 0, at, arrived),
            CallEvent(ref, "leg", EventKind.LEG_ENDED, 1, end, ended),
            CallEvent(ref, "", EventKind.DIAL_ENDED, 2, end, Facts(outcome=outcome)),
        )
        told = Told(company_id, carrier_id, events, {}, end)
        [call_id] = await self.exchange.writer.submit(RECEIVE, told)
        return call_id


def open_company(connection: Connection, house: House, name: str, roles: Mapping[str, Role]) -> None:
    now = house.clock()
    company_id = house.ids[name] = new_id(now)
    company = Company(company_id, new_id(now), name, "America/New_York", "US", None, 1800, 25, now)
    add_company(connection, company)
    carrier_id = house.ids[f"carrier of {company_id}"] = new_id(now)
    add_carrier(connection, company_id, carrier_id, "sandbox", "Sandbox", "sealed", now)
    for who, role in roles.items():
        key_id = house.ids[f"key of {who}"] = new_id(now)
        house.keys[who], secret_hash = new_api_key(company_id, key_id)
        add_key(connection, ApiKey(key_id, company_id, who, role, now, None, None), secret_hash)
    if "revoked" in roles:
        revoke_key(connection, company_id, house.ids["key of revoked"], now)
