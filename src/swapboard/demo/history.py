"""The past of the invented business: visits and calls of many days, by the real code on a virtual clock.

Nothing is written past the code that a live visit or call takes: visits are admitted, pages say good-bye and
carriers' events are received in the order of a calendar, only faster. Beats between arriving and leaving are
left out, so the history's leases are given time enough to last without them.
"""

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.clock import DAY, HOUR, MINUTE, SECOND, Millis
from swapboard.demo.arrivals import ARRIVALS, Arrival
from swapboard.demo.business import BILLBOARD, DESTINATION, FLYER, LISTING, TARGET, Ids
from swapboard.switchboard.beating import Beat, Happening, hear
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.visiting import Admitted, Visit, admit
from swapboard.visits.visit import EventKind as VisitEventKind
from swapboard.visits.visit import Presence

SITE = "https://brightwater.example.com"
VISITS_A_DAY = 26
RETURNING_SHARE = 0.15
STATIC_CALLS_A_DAY = 1.3
LASTING_SECONDS = 2 * 60 * 60

_HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 12, 12, 11, 10, 9, 9, 9, 9, 10, 11, 10, 8, 7, 6, 4, 2)
_AT_THE_DESK = (*[0.45] * 7, *[1.0] * 5, 0.7, *[1.0] * 6, *[0.6] * 5)
"""How much of what is answered by day is answered at each hour."""
_WEEKDAYS = (1.15, 1.05, 1.0, 1.0, 1.1, 0.85, 0.7)
_PAGES = (
    ("/", "Home"),
    ("/emergency", "Emergency plumber"),
    ("/drains", "Blocked drains"),
    ("/contact", "Contact"),
)
_TITLES = dict(_PAGES)
_BROWSERS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/19.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 "
    "Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 "
    "Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 "
    "Safari/605.1.15",
)
_SURE_HOUR = 8
_SURE = replace(ARRIVALS[0], call_share=1.0, answered_share=1.0)
"""Chance alone leaves days, even five in a row, without any answered call of an ad, and a demo shows one."""
_AREA_CODES = (202, 212, 301, 410, 571, 703)


@dataclass(order=True, slots=True)
class _Due:
    at: Millis
    order: int
    act: Callable[[Connection], None] = field(compare=False)


class History:
    """Writes the past, a day at a time, each in a transaction of its own."""

    def __init__(self, ids: Ids, zone: ZoneInfo, seed: int = 1) -> None:
        self._ids = ids
        self._zone = zone
        self._random = random.Random(seed)  # noqa: S311 a simulation, the same each time
        self._due: list[_Due] = []
        self._count = 0
        self._visitors: list[str] = []

    def write(self, start: Millis, end: Millis) -> Iterator[Callable[[Connection], None]]:
        """For each day from start to end, a function that writes it. The last leaves nobody on the site."""
        day = start
        while day < end:
            self._plan_day(day, min(day + DAY, end))
            yield self._until(min(day + DAY, end))
            day += DAY
        yield self._until(end + DAY)

    def _until(self, end: Millis) -> Callable[[Connection], None]:
        def run(connection: Connection) -> None:
            while self._due and self._due[0].at < end:
                heapq.heappop(self._due).act(connection)

        return run

    def _plan_day(self, start: Millis, end: Millis) -> None:
        for hour_start in range(start, end, HOUR):
            local = datetime.fromtimestamp(hour_start / 1000, self._zone)
            share = _HOURS[local.hour] / sum(_HOURS) * _WEEKDAYS[local.weekday()]
            for _ in range(self._some(VISITS_A_DAY * share)):
                self._at(self._moment(hour_start, end), self._arrive_somehow)
            for _ in range(self._some(STATIC_CALLS_A_DAY * share)):
                number = self._random.choice((BILLBOARD, FLYER, LISTING, LISTING))
                self._at(self._moment(hour_start, end), self._dials(number))
            if local.hour == _SURE_HOUR:
                self._at(self._moment(hour_start, end), partial(self._arrive, arrival=_SURE))

    def _some(self, mean: float) -> int:
        """A whole number with that mean."""
        return int(mean) + (self._random.random() < mean % 1)

    def _moment(self, hour_start: Millis, end: Millis) -> Millis:
        return min(hour_start + self._random.randrange(HOUR), end - 1)

    def _at(self, at: Millis, act: Callable[[Connection, Millis], None]) -> None:
        self._count += 1
        heapq.heappush(self._due, _Due(at, self._count, lambda connection: act(connection, at)))

    def _arrive_somehow(self, connection: Connection, now: Millis) -> None:
        self._arrive(connection, now, self._random.choices(ARRIVALS, [each.weight for each in ARRIVALS])[0])

    def _arrive(self, connection: Connection, now: Millis, arrival: Arrival) -> None:
        returning = bool(self._visitors) and self._random.random() < RETURNING_SHARE
        visitor_id = self._random.choice(self._visitors[-400:]) if returning else None
        click = f"Cj0KCQ{self._random.randrange(16**12):012x}"
        browser = self._random.choices(_BROWSERS, (38, 24, 26, 12))[0]
        [admitted] = admit(connection, [self._visit(arrival, click, visitor_id, browser, now)])
        self._visitors.append(admitted.visitor_id)
        self._stay(admitted, arrival, now)

    def _visit(self, arrival: Arrival, click: str, visitor_id: str | None, browser: str, now: Millis) -> Visit:
        url = SITE + arrival.path.format(click=click)
        return Visit(
            company_id=self._ids.company_id,
            session_seconds=30 * 60,
            site_id=self._ids.site_id,
            beat_seconds=LASTING_SECONDS,
            visitor_id=visitor_id,
            session_id=None,
            url=url,
            referrer=arrival.referrer,
            own_hosts=("brightwater.example.com",),
            title=_TITLES[arrival.path.split("?")[0]],
            targets=(TARGET,),
            user_agent=browser,
            time_zone="America/New_York",
            cookies={"_ga": f"GA1.1.{self._random.randrange(10**9)}.{now // 1000}"},
            opted_out=False,
            visible=True,
            now=now,
        )

    def _stay(self, admitted: Admitted, arrival: Arrival, arrived_at: Millis) -> None:
        """The session's pages, perhaps a call from one of them, and its end."""
        stay = int(self._random.lognormvariate(4.2, 1.0) * SECOND)
        leaves_at = arrived_at + max(5 * SECOND, min(stay, 25 * MINUTE))
        pages = self._random.choices((0, 1, 2, 3), (45, 30, 17, 8))[0]
        happenings = tuple(
            Happening(VisitEventKind.PAGE, self._random.randrange(leaves_at - arrived_at), SITE + path, title)
            for path, title in self._random.sample(_PAGES, pages)
        )
        if self._random.random() < arrival.call_share and admitted.swaps:
            self._call_from(admitted, arrival, arrived_at, leaves_at)
        if self._random.random() < arrival.form_share:
            happenings = (*happenings, self._form(leaves_at - arrived_at))
        self._at(leaves_at, self._beats(admitted.session_id, Presence.GONE, happenings))

    def _form(self, stay: Millis) -> Happening:
        who = f"visitor{self._random.randrange(10**6)}@example.com"
        return Happening(
            VisitEventKind.FORM,
            self._random.randrange(stay),
            f"{SITE}/contact",
            "Contact",
            properties={"name": "Ask for a visit"},
            fields={"email": who},
        )

    def _call_from(self, admitted: Admitted, arrival: Arrival, arrived_at: Millis, leaves_at: Millis) -> None:
        number = admitted.swaps[0].number
        late = self._random.random() < 0.18
        if late:
            self._at(
                leaves_at + int(self._random.expovariate(1 / (25 * MINUTE))),
                self._dials(number, arrival.answered_share),
            )
            return
        calls_at = arrived_at + int((leaves_at - arrived_at) * self._random.uniform(0.4, 1.0))
        self._at(calls_at, self._dials(number, arrival.answered_share))
        if self._random.random() < 0.6:
            tap = Happening(VisitEventKind.TAP, 0, properties={"target": TARGET})
            self._at(
                max(arrived_at, calls_at - 2 * SECOND),
                self._beats(admitted.session_id, Presence.VISIBLE, (tap,)),
            )

    def _beats(
        self, session_id: str, presence: Presence, happenings: tuple[Happening, ...]
    ) -> Callable[[Connection, Millis], None]:
        def beat(connection: Connection, now: Millis) -> None:
            told = Beat(
                company_id=self._ids.company_id,
                session_seconds=30 * 60,
                beat_seconds=LASTING_SECONDS,
                session_id=session_id,
                presence=presence,
                happenings=happenings,
                now=now,
            )
            hear(connection, [told])

        return beat

    def _dials(self, number: str, answered_share: float = 0.9) -> Callable[[Connection, Millis], None]:
        def ring(connection: Connection, now: Millis) -> None:
            receive(connection, [self._told(number, now, answered_share * _AT_THE_DESK[self._hour(now)])])

        return ring

    def _hour(self, at: Millis) -> int:
        return datetime.fromtimestamp(at / 1000, self._zone).hour

    def _told(self, number: str, now: Millis, answered_share: float) -> Told:
        call_ref = f"CA{self._random.randrange(16**32):032x}"
        leg_ref = f"CA{self._random.randrange(16**32):032x}"
        caller = f"+1{self._random.choice(_AREA_CODES)}555{self._random.randrange(100, 200):04d}"
        withheld = self._random.random() < 0.04
        arrived = Facts(dialled=number, caller=None if withheld else caller, withheld=withheld)
        shares = (answered_share, (1 - answered_share) * 0.8, (1 - answered_share) * 0.2)
        outcome = self._random.choices((Outcome.ANSWERED, Outcome.NO_ANSWER, Outcome.BUSY), shares)[0]
        ring = self._random.randrange(2, 20) * SECOND if outcome is Outcome.ANSWERED else 25 * SECOND
        talk = max(8, int(self._random.lognormvariate(4.6, 0.9))) if outcome is Outcome.ANSWERED else 0
        ended = now + ring + talk * SECOND
        leg = Facts(leg_number=DESTINATION)
        story = [
            CallEvent(call_ref, "", EventKind.ARRIVED, 0, now, arrived),
            CallEvent(call_ref, leg_ref, EventKind.LEG_STARTED, 0, now + 200, leg),
            CallEvent(call_ref, leg_ref, EventKind.LEG_RINGING, 1, now + 900, leg),
            *([CallEvent(call_ref, leg_ref, EventKind.LEG_ANSWERED, 2, now + ring, leg)] if talk else []),
            CallEvent(
                call_ref,
                leg_ref,
                EventKind.LEG_ENDED,
                3,
                ended,
                Facts(leg_number=DESTINATION, outcome=outcome, talk_seconds=talk),
            ),
            CallEvent(call_ref, "", EventKind.DIAL_ENDED, 0, ended, Facts(outcome=outcome, talk_seconds=talk)),
            CallEvent(call_ref, "", EventKind.CALL_ENDED, 0, ended + 300),
        ]
        return Told(self._ids.company_id, self._ids.carrier_id, tuple(story), {"from": "the demo's history"}, now)
