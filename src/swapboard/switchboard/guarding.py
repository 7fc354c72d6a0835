"""Stands at the door: what happens to a call that arrives, by what is in memory.

Who is put through costs no look into the database. Who would be refused is looked up first, for whoever talked to
somebody here before is never cut off; when the database does not say so at once, the call is put through.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from swapboard.accounts.store import company_by_id
from swapboard.calls.call import Facts
from swapboard.calls.routes import CompanyRoutes
from swapboard.calls.spam import (
    Assessment,
    Attestation,
    Earlier,
    Ringing,
    Signal,
    Treatment,
    assess,
    pumping,
    treat,
    word_on,
)
from swapboard.calls.spam_store import callers_of, earlier_of, seconds_since, traffic_of
from swapboard.clock import HOUR, SECOND, Millis
from swapboard.switchboard.condition import Trouble

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

Look = Callable[[Callable[[Connection], Sequence[Earlier] | None]], Awaitable[Sequence[Earlier] | None]]
"""Looks into the database for a moment at most; None when it does not answer."""
MOST_RECENT = 5_000
PUMPING_EVERY = 20
"""Looks at the whole day's traffic: once in so many of the others."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a company's calls at the last look."""

    over_cap: bool = False
    robots: Mapping[str, Earlier] = field(default_factory=dict)
    """Callers that rang a honeypot lately, each with that call."""


_NOTHING_SEEN = Seen()


class _Recent:
    """A company's calls of the last hour, by caller: a busy one has thousands, and each new call asks."""

    def __init__(self) -> None:
        self._order: deque[tuple[str, Earlier]] = deque()
        self._by_caller: dict[str, deque[Earlier]] = defaultdict(deque)

    def of(self, caller: str | None) -> Sequence[Earlier]:
        """The caller's, the oldest first."""
        return tuple(self._by_caller.get(caller or "", ()))

    def add(self, facts: Facts, at: Millis) -> None:
        """One more; forgets what is older than an hour, and the oldest of too many."""
        while self._order and (self._order[0][1].at < at - HOUR or len(self._order) >= MOST_RECENT):
            caller, _ = self._order.popleft()
            self._by_caller[caller].popleft()
            if not self._by_caller[caller]:
                del self._by_caller[caller]
        if facts.caller:
            call = Earlier(facts.dialled, at)
            self._order.append((facts.caller, call))
            self._by_caller[facts.caller].append(call)


class Guard:
    """The guard of one process, who remembers the last hour's callers."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._recent: dict[str, _Recent] = defaultdict(_Recent)
        self._seen: dict[str, Seen] = {}
        self._looks = 0

    async def meet(
        self, company: CompanyRoutes, facts: Facts, at: Millis, look: Look
    ) -> tuple[Treatment, Assessment]:
        """What happens to a call that arrives, and how probable it is that it is spam."""
        ringing = self._ringing(company, facts, at)
        self._recent[company.company_id].add(facts, at)
        found, over_cap = assess(ringing), self._seen.get(company.company_id, _NOTHING_SEEN).over_cap
        treatment = treat(found, company.policy, ringing, over_cap=over_cap)
        if treatment is Treatment.PUT_THROUGH or Signal.BLOCKED in {each.signal for each in found.reasons}:
            return treatment, found
        earlier = await look(lambda connection: earlier_of(connection, company.company_id, facts.caller, at))
        if earlier is None:
            return Treatment.PUT_THROUGH, found
        ringing = self._ringing(company, facts, at, earlier)
        return treat(found, company.policy, ringing, over_cap=over_cap), found

    async def look_around(self) -> None:
        """See how much was talked today, and who rang a honeypot."""
        is_long = self._looks % PUMPING_EVERY == 0
        self._looks += 1
        for company in list(self._exchange.directory.routes.companies.values()):
            read = partial(_look_around, company=company, now=self._exchange.clock(), is_long=is_long)
            seen, is_pumped = await self._exchange.read(read)
            self._seen[company.company_id] = seen
            self._exchange.condition.note(Trouble.CAP_REACHED, seen.over_cap, company.company_id)
            if is_long:
                self._exchange.condition.note(Trouble.PUMPED, is_pumped, company.company_id)
            await asyncio.sleep(0)

    def _ringing(self, company: CompanyRoutes, facts: Facts, at: Millis, known: Sequence[Earlier] = ()) -> Ringing:
        recent = self._recent[company.company_id].of(facts.caller)
        robot = self._seen.get(company.company_id, _NOTHING_SEEN).robots.get(facts.caller or "")
        return Ringing(
            at=at,
            dialled=facts.dialled,
            caller=facts.caller,
            withheld=facts.withheld,
            attestation=Attestation(facts.attestation) if facts.attestation in set(Attestation) else None,
            word=word_on(facts.caller, company.words),
            earlier=(*known, *recent, *([robot] if robot else [])),
            honeypots=company.honeypots,
        )


def _look_around(connection: Connection, company: CompanyRoutes, now: Millis, is_long: bool) -> tuple[Seen, bool]:
    cap, over_cap = company.policy.cap_seconds, False
    if cap is not None:
        known = company_by_id(connection, company.company_id)
        since = day_start(known.time_zone if known else "UTC", now)
        over_cap = seconds_since(connection, company.company_id, since) >= cap
    robots = callers_of(connection, company.company_id, company.honeypots, now) if company.honeypots else {}
    is_pumped = is_long and pumping(traffic_of(connection, company.company_id, now)) is not None
    return Seen(over_cap, robots), is_pumped


def day_start(time_zone: str, now: Millis) -> Millis:
    """The midnight before, where the company is."""
    local = datetime.fromtimestamp(now / SECOND, ZoneInfo(time_zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return round(midnight.timestamp() * SECOND)
