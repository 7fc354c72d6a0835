"""People who come, call and send forms while reports are read, by what the server itself does for them."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from random import Random
from typing import Any, TypeVar

from rich.console import Console
from sqlalchemy import Engine, insert, select

from benchmarks.report_company import session_at
from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.clock import SECOND, Millis, system_clock
from swapboard.storage.commit import Job, commit
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.schema import carriers, sessions, sites, swap_targets
from swapboard.switchboard.beating import HEAR, Beat, Happening
from swapboard.switchboard.lead_filing import keep_credited, to_credit
from swapboard.switchboard.ringing import RECEIVE, Told
from swapboard.switchboard.visiting import ADMIT, Admitted, Visit
from swapboard.visits.form_words import give_words, wordless
from swapboard.visits.visit import EventKind as Deed
from swapboard.visits.visit import Presence

_SESSION_SECONDS = 1_800
_BEAT_SECONDS = 20
_CALLERS_FOR_A_FORM = 3
_TALKING = 3
"""So many calls go on at once."""
_CALLED_BEFORE = 0.1
_CAMPAIGNS, _KEYWORDS, _PAGES = 40, 400, 30
_LEG = "leg"
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"
_VISITS_A_SECOND = 50
_SETTLES_EVERY = 60.0
Answer = TypeVar("Answer")


@contextmanager
def written_beside(engine: Engine, company_id: str) -> Iterator[None]:
    """Visits go on while the reports are read."""
    stop = threading.Event()

    def write() -> None:
        random = Random(1)  # noqa: S311 no secret
        while not stop.wait(1 / _VISITS_A_SECOND):
            with writing(engine) as connection:
                connection.execute(insert(sessions), [session_at(company_id, "0" * 32, random, system_clock())])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


@contextmanager
def called_beside(engine: Engine, company_id: str, a_second: float, console: Console) -> Iterator[None]:
    """People call and send forms while the reports are read: in a process of their own, as the server writes."""
    if not a_second:
        yield
        return
    apart = get_context("spawn")
    stop, told = apart.Event(), apart.Queue()
    url = engine.url.render_as_string(hide_password=False)
    others = apart.Process(target=_go_on, args=(url, company_id, 1 / a_second, stop, told))
    others.start()
    # Once the first has called: to load the server takes longer than a report.
    told.get(timeout=60)
    try:
        yield
    finally:
        stop.set()
        calls, forms = told.get(timeout=60)
        others.join()
        console.print(f"{calls} calls and {forms} forms came in beside")


def _go_on(url: str, company_id: str, pause: float, stop: Event, told: "Queue[tuple[int, int]]") -> None:
    engine = open_engine(url)
    callers, settles_at = Callers(engine, company_id), time.monotonic() + _SETTLES_EVERY
    callers.next()
    told.put((callers.calls, callers.forms))
    next_at = time.monotonic() + pause
    while not stop.wait(max(0.0, next_at - time.monotonic())):
        callers.next()
        next_at += pause
        if time.monotonic() > settles_at:
            callers.settle()
            settles_at += _SETTLES_EVERY
    engine.dispose()
    told.put((callers.calls, callers.forms))


class Callers:
    """The company's, one after the other."""

    def __init__(self, engine: Engine, company_id: str) -> None:
        self._engine, self._company_id = engine, company_id
        self._random = Random(2)  # noqa: S311 no secret
        self._talking: deque[str] = deque()
        self.calls, self.forms = 0, 0
        self._site_id, self._carrier_id = self._own(sites, "site_id")[0], self._own(carriers, "carrier_id")[0]
        self._targets = self._own(swap_targets, "number")

    def next(self) -> None:
        """Somebody comes, taps the number that they see, and calls; who called a while ago hangs up."""
        now = system_clock()
        guest = self._do(ADMIT, self._visit(now))
        deeds = [Happening(Deed.TAP, 0), *self._forms()]
        self._do(HEAR, self._beat(guest, Presence.VISIBLE, *deeds))
        self._ring(guest.swaps[0].number, now)
        self._do(HEAR, self._beat(guest, Presence.GONE))
        if len(self._talking) > _TALKING:
            self._hang_up(self._talking.popleft())

    def settle(self) -> None:
        """What the server does each minute: it files what people's visits earned, and what forms count for."""
        now = system_clock()
        with reading(self._engine) as connection:
            credited, words = to_credit(connection, self._company_id, now), wordless(connection, self._company_id)
        with writing(self._engine) as connection:
            keep_credited(connection, self._company_id, credited, now)
            give_words(connection, self._company_id, words)

    def _own(self, table: Any, column: str) -> tuple[str, ...]:
        mine = select(table.c[column]).where(table.c.company_id == self._company_id)
        with reading(self._engine) as connection:
            return tuple(connection.execute(mine).scalars())

    def _do(self, job: Job[Any, Answer], work: object) -> Answer:
        ((answer, error),) = commit(self._engine, [(job, work)])
        if error:
            raise error
        done: Answer = answer
        return done

    def _visit(self, now: Millis) -> Visit:
        campaign, keyword, page = (self._random.randrange(most) for most in (_CAMPAIGNS, _KEYWORDS, _PAGES))
        said = f"utm_source=google&utm_medium=cpc&utm_campaign=campaign+{campaign}&utm_term=keyword+{keyword}"
        return Visit(
            company_id=self._company_id,
            session_seconds=_SESSION_SECONDS,
            site_id=self._site_id,
            beat_seconds=_BEAT_SECONDS,
            visitor_id=None,
            session_id=None,
            url=f"https://www.example.com/services/{page}?{said}",
            referrer="https://www.google.com/",
            own_hosts=(),
            title="Services",
            targets=self._targets,
            user_agent=_BROWSER,
            time_zone="America/New_York",
            cookies={},
            opted_out=False,
            visible=True,
            now=now,
        )

    def _forms(self) -> Iterator[Happening]:
        if self.calls % _CALLERS_FOR_A_FORM == 0:
            self.forms += 1
            yield Happening(Deed.FORM, 0, fields={"email": f"{new_id(system_clock())}@example.com"})

    def _beat(self, guest: Admitted, presence: Presence, *deeds: Happening) -> Beat:
        told = self._company_id, _SESSION_SECONDS, _BEAT_SECONDS, guest.session_id, presence
        return Beat(*told, deeds, system_clock(), self._site_id)

    def _ring(self, number: str, now: Millis) -> None:
        self.calls += 1
        before = self._random.random() < _CALLED_BEFORE
        caller = self._random.randrange(20_000) if before else 1_000_000 + now // SECOND % 1_000_000
        ref, facts = new_id(now), Facts(number, f"+1212{5550000 + caller:07d}")
        self._hear(CallEvent(ref, "", EventKind.ARRIVED, 0, now, facts))
        self._hear(CallEvent(ref, _LEG, EventKind.LEG_STARTED, 1, now, Facts(leg_number="+12025550100")))
        self._hear(CallEvent(ref, _LEG, EventKind.LEG_ANSWERED, 2, system_clock()))
        self._talking.append(ref)

    def _hang_up(self, ref: str) -> None:
        answered = Facts(outcome=Outcome.ANSWERED, talk_seconds=_TALKING)
        self._hear(CallEvent(ref, "", EventKind.DIAL_ENDED, 3, system_clock(), answered))
        self._hear(CallEvent(ref, "", EventKind.CALL_ENDED, 4, system_clock()))

    def _hear(self, event: CallEvent) -> None:
        self._do(RECEIVE, Told(self._company_id, self._carrier_id, (event,), {}, event.happened_at))
