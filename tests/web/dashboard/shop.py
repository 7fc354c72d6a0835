"""A company with its numbers and people, visits and calls through the real jobs, and a browser."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, update

from swapboard.accounts import store as account_store
from swapboard.accounts.company import Company, Consent, Role, Site, User
from swapboard.accounts.people import add_user
from swapboard.accounts.secrets import hash_password
from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.store import add_carrier
from swapboard.clock import SECOND, Millis, from_iso
from swapboard.numbers import inventory, rule_store
from swapboard.numbers.conditions import Field
from swapboard.numbers.inventory import NewNumber, NumberKind
from swapboard.numbers.rules import Outcome as RuleOutcome
from swapboard.numbers.rules import Overflow, Pool, Rule, SwapTarget
from swapboard.settings import Settings, read_settings
from swapboard.storage.ids import new_id
from swapboard.storage.schema import numbers
from swapboard.switchboard.beating import HEAR, Beat, Happening
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.ringing import RECEIVE, Told
from swapboard.switchboard.visiting import ADMIT, Admitted, Visit
from swapboard.visits.visit import Presence

ORIGIN = "http://board.example.com"
PASSWORD = "correct horse battery"
PASSWORD_HASH = hash_password(PASSWORD)
TARGET, DESTINATION = "+12025550100", "+12025550101"
BILLBOARD = "+12025550120"
POOL = ("+12025550130", "+12025550131", "+12025550132")
NOON = from_iso("2026-11-24T17:00:00Z")
"""Noon in New York."""

AD = (
    "https://shop.example.com/drains?utm_source=google&utm_medium=cpc&utm_campaign=Emergency"
    "&utm_term=emergency+plumber&gclid=Cj0KCQ-test"
)


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: Millis = NOON

    def __call__(self) -> Millis:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)


@dataclass
class Shop:
    """A company with a site, a pool of three, a billboard, and people; visits and calls go through the jobs."""

    exchange: Exchange
    clock: Clock
    name: str = "Brightwater"
    company_id: str = ""
    site_id: str = ""
    carrier_id: str = ""
    pool_id: str = ""
    _sequence: list[int] = field(default_factory=lambda: [0])

    async def open(self, people: Sequence[tuple[str, Role]], seen: bool = True) -> "Shop":
        now = self.clock()
        self.company_id, self.site_id, self.carrier_id = new_id(now), new_id(now), new_id(now)
        self.pool_id = new_id(now)
        await self.exchange.configure(self.company_id, lambda connection: self._open(connection, people, seen))
        return self

    def _open(self, connection: Connection, people: Sequence[tuple[str, Role]], seen: bool) -> None:
        now, company_id = self.clock(), self.company_id
        account_store.add_company(
            connection,
            Company(company_id, new_id(now), self.name, "America/New_York", "US", DESTINATION, 1800, 25, now),
        )
        for email, role in people:
            user = User(new_id(now), company_id, email, f"{role.value} <b>person</b>", role, now)
            add_user(connection, user, PASSWORD_HASH)
        first_seen_at = now if seen else None
        account_store.add_site(
            connection,
            Site(
                self.site_id,
                company_id,
                self.site_id[-10:],
                "The shop",
                ("shop.example.com",),
                Consent.ALWAYS,
                20,
                first_seen_at,
                now,
            ),
        )
        add_carrier(connection, company_id, self.carrier_id, "sandbox", "Practice network", "sealed", now)
        target = SwapTarget(new_id(now), TARGET, DESTINATION)
        billboard_id = new_id(now)
        inventory.add_target(connection, company_id, target, "Main line", now)
        pool = Pool(self.pool_id, target.target_id, Overflow.FALLBACK, billboard_id)
        inventory.add_pool(connection, company_id, pool, "Website visitors", now)
        billboard = NewNumber(
            billboard_id,
            BILLBOARD,
            NumberKind.STATIC,
            now,
            target_id=target.target_id,
            placement="Billboard, Route 9",
            channel="Offline",
            source="billboard",
            medium="outdoor",
        )
        # Their ids are in order, so that a test can say which number is leased first.
        leased = [
            NewNumber(f"{now:012x}{place:020}", each, NumberKind.POOL, now, pool_id=self.pool_id)
            for place, each in enumerate(POOL)
        ]
        inventory.add_numbers(connection, company_id, [billboard, *leased])
        left = Rule(
            new_id(now), "Social keeps its number", RuleOutcome.LEAVE, {Field.CHANNEL: ("Organic Social",)}
        )
        everybody = Rule(new_id(now), "Everybody else", RuleOutcome.POOL, {}, pool_id=self.pool_id)
        rule_store.add_rule(connection, company_id, left, 1, now)
        rule_store.add_rule(connection, company_id, everybody, 2, now)

    async def visit(
        self, url: str = AD, referrer: str = "", title: str = "Blocked drains", visitor_id: str | None = None
    ) -> Admitted:
        """A page is opened."""
        visit = Visit(
            company_id=self.company_id,
            session_seconds=1800,
            site_id=self.site_id,
            beat_seconds=20,
            visitor_id=visitor_id,
            session_id=None,
            url=url,
            referrer=referrer,
            own_hosts=(),
            title=title,
            targets=(TARGET,),
            user_agent="Mozilla/5.0",
            time_zone="America/New_York",
            cookies={},
            opted_out=False,
            visible=True,
            now=self.clock(),
        )
        admitted = await self.exchange.writer.submit(ADMIT, visit)
        self.exchange.live.ring(self.company_id)
        return admitted

    async def beat(
        self, session_id: str, presence: Presence = Presence.VISIBLE, happenings: Sequence[Happening] = ()
    ) -> None:
        """A page says that it is still there."""
        beat = Beat(
            company_id=self.company_id,
            session_seconds=1800,
            beat_seconds=20,
            session_id=session_id,
            presence=presence,
            happenings=tuple(happenings),
            now=self.clock(),
        )
        await self.exchange.writer.submit(HEAR, beat)
        self.exchange.live.ring(self.company_id)

    async def pause(self, number: str) -> None:
        """A number is shown to nobody from now on."""

        def run(connection: Connection) -> None:
            row = (numbers.c.company_id == self.company_id, numbers.c.number == number)
            connection.execute(update(numbers).where(*row).values(status="paused"))

        await self.exchange.configure(self.company_id, run)

    async def tell(self, call_ref: str, kind: EventKind, leg_ref: str = "", **facts: Any) -> str:
        """The carrier tells of a call; the answer is the call's id."""
        self._sequence[0] += 1
        event = CallEvent(call_ref, leg_ref, kind, self._sequence[0], self.clock(), replace(Facts(), **facts))
        told = Told(self.company_id, self.carrier_id, (event,), {"CallSid": call_ref}, self.clock())
        [call_id] = await self.exchange.writer.submit(RECEIVE, told)
        self.exchange.live.ring(self.company_id)
        return call_id

    async def ring(
        self, dialled: str, caller: str | None = "+12125550111", name: str | None = None, ref: str = "CA1"
    ) -> str:
        """Somebody dials a tracking number, and it rings."""
        call_id = await self.tell(
            ref, EventKind.ARRIVED, dialled=dialled, caller=caller, withheld=caller is None, caller_name=name
        )
        await self.tell(ref, EventKind.LEG_RINGING, f"{ref}-leg", leg_number=DESTINATION)
        return call_id

    async def answer(self, ref: str = "CA1") -> str:
        """Somebody answers."""
        return await self.tell(ref, EventKind.LEG_ANSWERED, f"{ref}-leg", leg_number=DESTINATION)

    async def hang_up(self, ref: str = "CA1", talk_seconds: int = 0) -> str:
        """The call ends, answered if anybody talked."""
        outcome = Outcome.ANSWERED if talk_seconds else Outcome.NO_ANSWER
        await self.tell(
            ref,
            EventKind.LEG_ENDED,
            f"{ref}-leg",
            leg_number=DESTINATION,
            outcome=outcome,
            talk_seconds=talk_seconds,
        )
        return await self.tell(ref, EventKind.DIAL_ENDED, outcome=outcome, talk_seconds=talk_seconds)


def stamp_on(page: str) -> str:
    """What a form says of what its reader saw."""
    return str(re.findall(r'name="stamp" value="([^"]+)"', page)[0])


def settings_for(database_url: str, folder: Path, public_url: str = ORIGIN) -> Settings:
    """Settings of a server under test; a worker's work is left alone, for it comes in the middle of things."""
    environment = {
        "SWAPBOARD_DATA_DIR": str(folder),
        "SWAPBOARD_DATABASE_URL": database_url,
        "SWAPBOARD_PUBLIC_URL": public_url,
        "SWAPBOARD_WORKER_APART": "1",
    }
    return read_settings(environment)


class Browser(httpx.AsyncClient):
    """Speaks to the dashboard as a browser does: keeps cookies, and says where a form comes from."""

    async def log_in(self, email: str, password: str = PASSWORD, wanted: str = "/") -> httpx.Response:
        return await self.send_form("/login", {"email": email, "password": password, "next": wanted})

    async def send_fields(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> httpx.Response:
        return await self.post(path, data=dict(fields), headers={"Origin": ORIGIN})

    async def send_form(self, path: str, fields: dict[str, str]) -> httpx.Response:
        return await self.post(path, data=fields, headers={"Origin": ORIGIN})
