"""Invariants 1 to 3, by a machine that does whatever visitors, clocks and processes do, on a real database.

The machine keeps its own small model of what DESIGN 6 promises, foretells each answer, and after each step
looks at the disk through a connection of its own.
"""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)
from sqlalchemy import update

from swapboard.clock import SECOND, Millis
from swapboard.numbers.pool import MISSED_BEATS
from swapboard.numbers.rules import Overflow
from swapboard.storage.commit import Job, Outcome, Piece, commit
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.schema import numbers
from swapboard.switchboard.beating import HEAR, Heard
from swapboard.switchboard.sweeping import SWEEP
from swapboard.switchboard.visiting import ADMIT, Admitted
from swapboard.visits.visit import Presence
from tests.building import (
    BEAT_SECONDS,
    FALLBACK,
    NOW,
    SESSION_SECONDS,
    TARGETS,
    a_beat,
    a_visit,
    doubly_live,
    open_business,
    pool_number,
    rows_of,
)

# Thousands of commits: on a disk they would wait for it most of the time.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
LONGEST_SILENCE = MISSED_BEATS * BEAT_SECONDS * SECOND


@dataclass
class Number:
    """What the model knows of a pool number."""

    number: str
    place: int
    session: str | None = None
    expires_at: Millis = 0
    left_at: Millis = 0
    active: bool = True


@dataclass
class Visitor:
    """What the model knows of a browser."""

    visitor_id: str
    session_id: str
    last_seen_at: Millis
    shown: dict[str, str] = field(default_factory=dict)
    """Target → number that its session shows, pool number or fallback."""
    leased: set[str] = field(default_factory=set)
    """The targets that its session ever had a pool number for: what its beats keep."""
    last: dict[str, str] = field(default_factory=dict)
    """Target → pool number that it showed last, in whatever session."""
    own: dict[str, str] = field(default_factory=dict)
    """Target → pool number that this very session showed last."""
    is_gone: bool = False
    """Its page said good-bye, and was not seen since."""

    def begin_anew(self) -> None:
        """Another session of the same browser: nothing of the one before is its own."""
        self.shown, self.leased, self.own = {}, set(), {}


class Leases(RuleBasedStateMachine):
    """Visits, beats, silence and sweeps; each answer is foretold."""

    visitors = Bundle("visitors")
    template: Path

    @initialize(
        size=st.integers(1, 3),
        overflow=st.sampled_from([Overflow.FALLBACK, Overflow.ORIGINAL]),
    )
    def open(self, size: int, overflow: Overflow) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="swapboard-leases-", dir=MEMORY))
        shutil.copy(self.template, self.folder / "swapboard.db")
        self.url = f"sqlite:///{self.folder / 'swapboard.db'}"
        self.engine = open_engine(self.url)
        self.onlooker = open_engine(self.url)
        self.now = NOW
        self.overflow = overflow
        with writing(self.engine) as connection:
            self.business = open_business(connection, numbers=size, targets=2, overflow=overflow)
        self.ids = {row["number"]: row["number_id"] for row in rows_of(self.onlooker, "numbers")}
        self.numbers = {
            target: [Number(pool_number(place, index), place) for index in range(size)]
            for place, target in enumerate(TARGETS)
        }
        self.exhausted: dict[tuple[str, str], int] = {}

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.engine.dispose()
            self.onlooker.dispose()
            shutil.rmtree(self.folder)

    # What happens.

    @rule(target=visitors, seen=st.sampled_from([TARGETS[:1], TARGETS[1:], TARGETS]))
    def somebody_new(self, seen: tuple[str, ...]) -> Visitor:
        admitted = self.admit(a_visit(self.business, targets=seen, now=self.now))
        return self.began(admitted, seen)

    @rule(target=visitors, count=st.integers(2, 5))
    def several_at_once(self, count: int) -> object:
        visits = [a_visit(self.business, targets=TARGETS[:1], now=self.now) for _ in range(count)]
        self.make_room(TARGETS[0], count)
        outcomes = commit(self.engine, [(ADMIT, visit) for visit in visits])
        return multiple(*(self.began(answer_of(outcome), TARGETS[:1]) for outcome in outcomes))

    @rule(target=visitors)
    def a_hidden_page(self) -> Visitor:
        admitted = self.admit(a_visit(self.business, visible=False, now=self.now))
        assert admitted.swaps == ()
        return Visitor(admitted.visitor_id, admitted.session_id, self.now)

    @rule(visitor=visitors, seen=st.sampled_from([TARGETS[:1], TARGETS]))
    def a_page_view(self, visitor: Visitor, seen: tuple[str, ...]) -> None:
        goes_on = self.now - visitor.last_seen_at < SESSION_SECONDS * SECOND
        visit = a_visit(
            self.business,
            visitor_id=visitor.visitor_id,
            session_id=visitor.session_id,
            targets=seen,
            now=self.now,
        )
        if not goes_on:
            visitor.begin_anew()
        foretold = self.foretell(visitor, seen, visitor.session_id if goes_on else None)
        admitted = self.admit(visit)
        assert admitted.visitor_id == visitor.visitor_id
        assert (admitted.session_id == visitor.session_id) == goes_on
        visitor.session_id, visitor.last_seen_at, visitor.is_gone = admitted.session_id, self.now, False
        self.note(visitor, seen, foretold, shown_by(admitted, seen))

    @rule(visitor=visitors)
    def a_click_on_a_campaign(self, visitor: Visitor) -> None:
        """Begins a new session, while the number of the one before is still live."""
        before = visitor.session_id
        url = f"https://www.example.com/?gclid=click{self.now}"
        visit = a_visit(
            self.business,
            visitor_id=visitor.visitor_id,
            session_id=before,
            url=url,
            targets=TARGETS[:1],
            now=self.now,
        )
        visitor.begin_anew()
        foretold = self.foretell(visitor, TARGETS[:1], None)
        admitted = self.admit(visit)
        assert admitted.visitor_id == visitor.visitor_id
        assert admitted.session_id != before
        visitor.session_id, visitor.last_seen_at, visitor.is_gone = admitted.session_id, self.now, False
        self.note(visitor, TARGETS[:1], foretold, shown_by(admitted, TARGETS[:1]))
        self.now += 1  # no two clicks are the same

    @rule(target=visitors, visitor=visitors)
    def a_click_on_a_campaign_in_another_tab(self, visitor: Visitor) -> Visitor:
        """Begins a second session of the same visitor; the first tab goes on with its own."""
        tab = replace(visitor, shown=dict(visitor.shown), leased=set(visitor.leased), own=dict(visitor.own))
        self.a_click_on_a_campaign(tab)
        return tab

    @rule(visitor=visitors, presence=st.sampled_from([Presence.VISIBLE, Presence.HIDDEN]))
    def a_beat(self, visitor: Visitor, presence: Presence) -> None:
        goes_on = self.now - visitor.last_seen_at < SESSION_SECONDS * SECOND
        had = [
            target
            for target in TARGETS
            if target in visitor.leased and (presence is Presence.VISIBLE or self.is_live(visitor, target))
        ]
        stays_gone = visitor.is_gone and presence is Presence.HIDDEN
        foretold = self.foretell(visitor, had, visitor.session_id) if goes_on and not stays_gone else {}
        before = dict(visitor.shown)
        heard: Heard = self.do(HEAR, a_beat(self.business, visitor.session_id, presence, self.now))
        assert heard.alive == goes_on
        if not goes_on:
            assert heard.swaps == ()
            return
        visitor.last_seen_at = self.now
        visitor.is_gone = stays_gone
        if stays_gone:
            assert heard.swaps == ()
            return
        changed = {swap.target: swap.number for swap in heard.swaps}
        self.note(visitor, had, foretold, {target: changed.get(target, before[target]) for target in had})

    @rule(visitor=visitors)
    def leaves(self, visitor: Visitor) -> None:
        goes_on = self.now - visitor.last_seen_at < SESSION_SECONDS * SECOND
        heard: Heard = self.do(HEAR, a_beat(self.business, visitor.session_id, Presence.GONE, self.now))
        assert heard == Heard(goes_on, ())
        if goes_on:
            visitor.last_seen_at, visitor.is_gone = self.now, True
            for number in self.every_number():
                if number.session == visitor.session_id:
                    number.session, number.left_at = None, self.now

    @rule(visitor=consumes(visitors))
    def clears_the_browser(self, visitor: Visitor) -> None:
        """Its session stays where it is, and nobody tells more of it."""

    @rule(seconds=st.sampled_from([1, 19, 61, 600, 1801]))
    def time_goes_by(self, seconds: int) -> None:
        self.now += seconds * SECOND

    @rule(seconds=st.sampled_from([1, 59, 3600]))
    def the_clock_steps_back(self, seconds: int) -> None:
        self.now -= seconds * SECOND

    @rule()
    def sweep(self) -> None:
        expired = self.expire(self.now)
        changed: list[str] = self.do(SWEEP, self.now)
        assert changed == ([self.business.company_id] if expired else [])

    @rule()
    def the_process_starts_again(self) -> None:
        self.engine.dispose()
        self.engine = open_engine(self.url)

    @precondition(lambda self: hasattr(self, "engine"))
    @rule(data=st.data(), active=st.booleans())
    def a_number_is_paused_or_not(self, data: st.DataObject, active: bool) -> None:
        number = data.draw(st.sampled_from(list(self.every_number())))
        number.active = active
        with writing(self.engine) as connection:
            connection.execute(
                update(numbers)
                .where(numbers.c.company_id == self.business.company_id, numbers.c.number == number.number)
                .values(status="active" if active else "paused")
            )

    # What must hold after each of them, on the disk, as another connection sees it.

    @invariant()
    def no_number_is_doubly_live(self) -> None:
        if hasattr(self, "engine"):
            assert doubly_live(self.onlooker) == []

    @invariant()
    def the_disk_knows_every_number_that_is_shown(self) -> None:
        if not hasattr(self, "engine"):
            return
        live = {row["number_id"]: row for row in rows_of(self.onlooker, "leases", state="live")}
        told = {self.ids[each.number]: each for each in self.every_number() if each.session}
        assert {key: row["session_id"] for key, row in live.items()} == {
            key: each.session for key, each in told.items()
        }
        assert {key: row["expires_at"] for key, row in live.items()} == {
            key: each.expires_at for key, each in told.items()
        }

    @invariant()
    def each_overflow_is_written_down(self) -> None:
        if not hasattr(self, "engine"):
            return
        on_disk: dict[tuple[str, str], int] = {}
        number_id = self.business.fallback_id if self.overflow is Overflow.FALLBACK else None
        numbers_of = {target.target_id: target.number for target in self.business.targets}
        for row in rows_of(self.onlooker, "exhaustions"):
            assert row["number_id"] == number_id
            key = row["session_id"], numbers_of[row["target_id"]]
            on_disk[key] = on_disk.get(key, 0) + 1
        assert on_disk == self.exhausted

    # The model.

    def do(self, job: Job[object, object], work: object) -> object:
        pieces: Sequence[Piece] = [(job, work)]
        return answer_of(commit(self.engine, pieces)[0])

    def admit(self, visit: object) -> Admitted:
        admitted = self.do(ADMIT, visit)
        assert isinstance(admitted, Admitted)
        return admitted

    def every_number(self) -> Sequence[Number]:
        return [number for pool in self.numbers.values() for number in pool]

    def free(self, target: str) -> list[Number]:
        free = [number for number in self.numbers[target] if number.active and number.session is None]
        return sorted(free, key=lambda each: (each.left_at, self.ids[each.number]))

    def is_live(self, visitor: Visitor, target: str) -> bool:
        return any(number.session == visitor.session_id for number in self.numbers[target])

    def expire(self, now: Millis) -> int:
        expired = [each for each in self.every_number() if each.session and each.expires_at <= now]
        for number in expired:
            number.session, number.left_at = None, number.expires_at
        return len(expired)

    def make_room(self, target: str, count: int) -> None:
        """Whoever finds too few numbers takes first those whose sessions fell silent."""
        if len(self.free(target)) < count:
            self.expire(self.now)

    def foretell(self, visitor: Visitor, targets: Sequence[str], session_id: str | None) -> dict[str, str | None]:
        """For each target the number that must be shown; None for the page's own."""
        return {target: self.foretell_one(visitor, target, session_id) for target in targets}

    def foretell_one(self, visitor: Visitor, target: str, session_id: str | None) -> str | None:
        if session_id is not None:
            for number in self.numbers[target]:
                if number.session == session_id:
                    return number.number
            if visitor.shown.get(target) == FALLBACK:
                return FALLBACK
        self.make_room(target, 1)
        free = self.free(target)
        back = visitor.own.get(target) or visitor.last.get(target)
        if any(number.number == back for number in free):
            return back
        if free:
            return free[0].number
        return FALLBACK if self.overflow is Overflow.FALLBACK else None

    def began(self, admitted: Admitted, targets: tuple[str, ...]) -> Visitor:
        """A visitor whose first visit was answered; the next in the queue gets the next number."""
        visitor = Visitor(admitted.visitor_id, admitted.session_id, self.now)
        foretold = self.foretell(visitor, targets, None)
        self.note(visitor, targets, foretold, shown_by(admitted, targets))
        return visitor

    def note(
        self,
        visitor: Visitor,
        targets: Sequence[str],
        foretold: dict[str, str | None],
        shown: dict[str, str],
    ) -> None:
        """Compare what was shown with what was foretold, and remember it."""
        for target in targets:
            own = target
            number = shown.get(target, own)
            assert number == (foretold[target] or own)
            leased = next((each for each in self.numbers[target] if each.number == number), None)
            if leased:
                leased.session = visitor.session_id
                leased.expires_at = self.now + LONGEST_SILENCE
                visitor.leased.add(target)
                visitor.last[target] = visitor.own[target] = number
            elif visitor.shown.get(target) != number or number == own:
                key = visitor.session_id, target
                self.exhausted[key] = 1
            visitor.shown[target] = number


def answer_of(outcome: Outcome) -> object:
    """The answer. Raises what there is instead."""
    answer, error = outcome
    if error is not None:
        raise error
    return answer


def shown_by(admitted: Admitted, targets: Sequence[str]) -> dict[str, str]:
    """Target → number of an answer, which speaks of nothing that was not on the page."""
    assert {swap.target for swap in admitted.swaps} <= set(targets)
    return {swap.target: swap.number for swap in admitted.swaps}


@pytest.fixture(scope="module", autouse=True)
def template(migrated_sqlite: Path) -> None:
    """A migrated database to begin from: migrating takes longer than all the rest."""
    Leases.template = migrated_sqlite


# Two thousand steps, each with its check of everything.
TestLeases = pytest.mark.slow(Leases.TestCase)
# Looking for a smaller example takes minutes, and thirty steps can be read.
TestLeases.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
