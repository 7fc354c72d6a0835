"""The reports that people open first are counted before anybody asks for them.

What was counted stays warm (`reports/warm.py`), but a process that has just started has counted nothing, and each
day every report has other days. So the server asks by itself what the pages of those companies ask whose people
were here lately. It is in no hurry: before each statement it rests for nine times as long as it worked since the
last rest (two seconds at most), which leaves the processor to visits and calls, and to whoever looks at a page
meanwhile. It only reads, and no lease waits for who reads.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection, event

from swapboard.accounts.company import Company
from swapboard.accounts.log_ins import companies_looked_at
from swapboard.clock import DAY, Clock, Millis
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.period import Days
from swapboard.reports.report import read_report
from swapboard.reports.report_kind import Kind
from swapboard.switchboard.sheets import read_sheet

LATELY: Millis = 3 * DAY
"""Over a weekend too."""
MOST_COMPANIES = 10
"""What more of them counted would push out what the first ones did."""
RESTS = 9
LONGEST_REST_SECONDS = 2.0
BETWEEN_SECONDS = 0.2
"""Without a transaction: SQLite's log begins anew only while nobody reads, and grows until then."""


class _Stopped(Exception):
    """The server stops; what is not warm stays so."""


class Reads(Protocol):
    """Runs a function that reads in a transaction of its own, off the event loop."""

    async def __call__(self, look: Callable[[Connection], Any], /) -> Any: ...


class Warming:
    """Asks once a day for each company; `rest` waits so many seconds, and says whether to stop."""

    def __init__(self, read: Reads, clock: Clock, rest: Callable[[float], bool]) -> None:
        self._read, self._clock, self._rest = read, clock, rest
        self._to_ask: dict[str, tuple[date, Iterator[str]]] = {}

    async def look(self) -> None:
        """Ask what was not asked today. What fails is not asked again; the next look goes on after it."""
        now = self._clock()
        companies: Sequence[Company] = await self._read(
            partial(companies_looked_at, since=now - LATELY, most=MOST_COMPANIES)
        )
        for company in companies:
            for address in self._left(company, now):
                await self._read(partial(self._ask, company=company, address=address, now=now))
                if await asyncio.to_thread(self._rest, BETWEEN_SECONDS):
                    return

    def _left(self, company: Company, now: Millis) -> Iterator[str]:
        today = read_report(Kind.OVERVIEW).span(now, company.time_zone).last
        day, left = self._to_ask.get(company.company_id, (None, iter(())))
        if day != today:
            left = first_asked()
            self._to_ask[company.company_id] = today, left
        return left

    def _ask(self, connection: Connection, company: Company, address: str, now: Millis) -> None:
        event.listen(connection, "before_cursor_execute", _Unhurried(self._rest))
        with suppress(_Stopped):
            read_sheet(connection, company, "", read_report(address), now)


class _Unhurried:
    """Rests before each statement."""

    def __init__(self, rest: Callable[[float], bool]) -> None:
        self._rest, self._since = rest, time.monotonic()

    def __call__(self, *_statement: object) -> None:
        if self._rest(min(LONGEST_REST_SECONDS, RESTS * (time.monotonic() - self._since))):
            raise _Stopped
        self._since = time.monotonic()


def first_asked() -> Iterator[str]:
    """The addresses of reports, those that most people look at first."""
    for days in (Days.MONTH, Days.QUARTER):
        for counted_by in CountedBy:
            asked = f"days={days}&counted={counted_by}"
            yield f"{Kind.OVERVIEW}?{asked}"
            yield f"{Kind.ROI}?{asked}"
            yield f"{Kind.ROI}?{asked}&by={Dimension.CAMPAIGN}&and={Dimension.KEYWORD}"
            yield f"{Kind.MODELS}?{asked}"
            yield from (f"{Kind.BREAKDOWN}{each}?{asked}" for each in Dimension)
        others = (Kind.MISSED, Kind.SUGGESTIONS, Kind.PATHS, Kind.AGENTS, Kind.SPAM, Kind.POOLS, Kind.DELIVERIES)
        yield from (f"{each}?days={days}" for each in others)
