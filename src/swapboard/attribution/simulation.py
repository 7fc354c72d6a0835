"""Draws traffic from a law, in the log's format and order, in constant memory."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import msgspec

from swapboard.attribution.law import REGIONS, Law

BEAT_SECONDS = 20.0
VISITORS_REMEMBERED = 3000
LONGEST_STAY = 3600.0
_PHONES = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/19.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 "
    "Mobile Safari/537.36",
)
_COMPUTERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 "
    "Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 "
    "Safari/605.1.15",
)
_ARRIVALS = (
    ("https://www.example.com/?utm_source=google&utm_medium=cpc&utm_campaign=local", "https://www.google.com/"),
    ("https://www.example.com/", "https://www.google.com/"),
    ("https://www.example.com/services", "https://www.bing.com/"),
    ("https://www.example.com/contact", ""),
)
_AREAS = tuple((area, weight / len(areas)) for _, weight, areas in REGIONS for area in areas)


@dataclass(slots=True)
class _Person:
    visitor: str
    region: str
    on_phone: bool
    user_agent: str
    caller: str | None
    lot: float
    """Which of the law's populations: all its life the same, as long as the law has the same."""


@dataclass(slots=True)
class Simulation:
    """A law at work; the same seed gives the same traffic."""

    law: Law
    chance: Random
    _due: list[tuple[float, int, dict[str, Any]]] = field(default_factory=list)
    _count: int = 0
    _people: list[_Person] = field(default_factory=list)
    _visits: int = 0
    _most: int = 0
    _strangers: int = 0
    _calls: int = 0

    def lines(self, visits: int) -> Iterator[bytes]:
        """The log's lines of so many visits, with the calls that come of them."""
        encode = msgspec.json.Encoder().encode
        for record in self.records(visits):
            yield encode(record) + b"\n"

    def records(self, visits: int) -> Iterator[dict[str, Any]]:
        """The same as records, ordered by time."""
        at = 0.0
        self._most = visits
        while self._visits < visits:
            at = self._next_arrival(at)
            while self._due and self._due[0][0] <= at:
                yield heapq.heappop(self._due)[2]
            if self._is_stranger(at):
                self._put(at, type="call", id=self._call_id(), dialled_by=None, caller=self._stranger())
            elif not self.law.is_down(at):
                self._visit(at)
        while self._due:
            yield heapq.heappop(self._due)[2]

    def _put(self, at: float, **record: Any) -> None:
        if record["type"] != "call" and self.law.is_down(at):
            return
        self._count += 1
        at = round(at, 3)
        # Its type first: a reader that knows what a line is reads it a sixth sooner.
        heapq.heappush(self._due, (at, self._count, {"type": record["type"], "t": at, **record}))

    def _next_arrival(self, at: float) -> float:
        """Of visits and strangers' calls together, by thinning the busiest hour's rate."""
        law, chance = self.law, self.chance
        most = law.busiest
        while True:
            at += chance.expovariate(most)
            if chance.random() * most <= law.rate(at) * (1.0 + law.strangers_a_visit(at)):
                return at

    def _is_stranger(self, at: float) -> bool:
        each = self.law.strangers_a_visit(at)
        return self.chance.random() < each / (1.0 + each)

    def _visit(self, at: float) -> None:
        chance = self.chance
        self._visits += 1
        session = f"s{self._visits}"
        person = self._person(at)
        law = _kind(self.law.kinds(at), person.lot)
        stay = min(LONGEST_STAY, max(1.0, law.stay().draw(chance)))
        hidden = list(self._hidden(law, stay))
        url, referrer = chance.choice(_ARRIVALS)
        view = {
            "type": "visit",
            "visitor": person.visitor,
            "session": session,
            "url": url,
            "referrer": referrer,
            "user_agent": person.user_agent,
            "region": person.region,
        }
        self._put(at, **view)
        self._beats(law, at, session, stay, hidden)
        self._other_pages(law, at, stay, view)
        self._call(law, at, session, stay, hidden, person)

    def _person(self, at: float) -> _Person:
        chance = self.chance
        if self._people and chance.random() < self.law.returning_share:
            person = chance.choice(self._people)
            shared = self.law.shared_share
            return self._another(person) if shared and chance.random() < shared else person
        kinds = self.law.kinds(at)
        lot = chance.random() if len(kinds) > 1 else 0.0
        law = _kind(kinds, lot)
        region, _, areas = chance.choices(REGIONS, [weight for _, weight, _ in REGIONS])[0]
        on_phone = chance.random() < law.phone_share
        area = chance.choice(areas) if chance.random() < law.agreement else self._any_area()
        person = _Person(
            visitor=f"v{self._visits}",
            region=region,
            on_phone=on_phone,
            user_agent=chance.choice(_PHONES if on_phone else _COMPUTERS),
            caller=None if chance.random() < law.withheld_share else self._number(area),
            lot=lot,
        )
        if len(self._people) < VISITORS_REMEMBERED:
            self._people.append(person)
        else:
            self._people[chance.randrange(VISITORS_REMEMBERED)] = person
        return person

    def _another(self, person: _Person) -> _Person:
        """Somebody else at the same device, with a number from anywhere near."""
        withheld = self.chance.random() < self.law.withheld_share
        return replace(person, caller=None if withheld else self._number(self._any_area()))

    def _hidden(self, law: Law, stay: float) -> Iterator[tuple[float, float]]:
        """When the page was hidden, as ages from and to."""
        chance = self.chance
        age = 0.0
        while law.hides_an_hour > 0.0:
            begin = age + chance.expovariate(law.hides_an_hour / 3600.0)
            age = begin + chance.expovariate(1.0 / law.hidden_seconds)
            if begin >= stay:
                return
            yield begin, min(age, stay)

    def _beats(self, law: Law, at: float, session: str, stay: float, hidden: list[tuple[float, float]]) -> None:
        age = BEAT_SECONDS
        while age < stay:
            state = "hidden" if _within(age, hidden) else "visible"
            self._put(at + age, type="beat", session=session, state=state)
            age += BEAT_SECONDS
        for begin, end in hidden:
            self._put(at + begin, type="beat", session=session, state="hidden")
            if end < stay:
                self._put(at + end, type="beat", session=session, state="visible")
        if self.chance.random() >= law.vanish_share:
            self._put(at + stay, type="beat", session=session, state="gone")

    def _other_pages(self, law: Law, at: float, stay: float, view: dict[str, str]) -> None:
        """Each page says good-bye when the next is opened."""
        chance = self.chance
        pages = min(5, int(chance.expovariate(1.0) * law.pages * 1.5)) if law.pages else 0
        pages = min(pages, self._most - self._visits)
        self._visits += pages
        for age in sorted(chance.uniform(0.0, stay) for _ in range(pages)):
            self._put(at + age, type="beat", session=view["session"], state="gone")
            self._put(at + age, **view)

    def _call(
        self, law: Law, at: float, session: str, stay: float, hidden: list[tuple[float, float]], person: _Person
    ) -> None:
        chance = self.chance
        age = self._decides(law, stay, hidden, person.on_phone)
        if law.told_taps and person.on_phone and law.idle_taps_an_hour:
            idle = chance.expovariate(law.idle_taps_an_hour / 3600.0)
            while idle < stay:
                self._put(at + idle, type="tap", session=session)
                idle += chance.expovariate(law.idle_taps_an_hour / 3600.0)
        if age is not None:
            lead = 0.0
            if person.on_phone and chance.random() < law.tap_share:
                lead = law.tap_lead().draw(chance)
                if law.told_taps:
                    self._put(at + age, type="tap", session=session)
            self._dial(law, at + age + lead, session, person)
        elif chance.random() < law.late_probability:
            self._dial(law, law.rings_at(at + stay + law.late().draw(chance), chance), session, person)

    def _decides(self, law: Law, stay: float, hidden: list[tuple[float, float]], on_phone: bool) -> float | None:
        """The age at which the visitor decides to call, by thinning the highest rate."""
        chance = self.chance
        most = law.highest_decision_rate(on_phone) * max(1.0, law.hidden_factor)
        age = 0.0
        while most > 0.0:
            age += chance.expovariate(most)
            if age >= stay:
                return None
            if chance.random() * most <= law.decision_rate(age, on_phone, _within(age, hidden)):
                return age
        return None

    def _dial(self, law: Law, at: float, session: str, person: _Person) -> None:
        chance = self.chance
        while True:
            self._put(at, type="call", id=self._call_id(), dialled_by=session, caller=person.caller)
            if chance.random() >= law.repeat_share:
                return
            at = law.rings_at(at + law.again().draw(chance), chance)

    def _call_id(self) -> str:
        self._calls += 1
        return f"c{self._calls}"

    def _stranger(self) -> str | None:
        self._strangers += 1
        if self.chance.random() < self.law.withheld_share:
            return None
        return self._number(self._any_area())

    def _any_area(self) -> str:
        return self.chance.choices([area for area, _ in _AREAS], [weight for _, weight in _AREAS])[0]

    def _number(self, area: str) -> str:
        """A number of the area; only 555-01XX is kept for examples, too few for callers by the thousand."""
        return f"+1{area}{self.chance.randrange(2_000_000, 10_000_000)}"


def _kind(kinds: tuple[tuple[float, Law], ...], lot: float) -> Law:
    for share, law in kinds:
        lot -= share
        if lot < 0.0:
            return law
    return kinds[-1][1]


def _within(age: float, hidden: list[tuple[float, float]]) -> bool:
    return any(begin <= age < end for begin, end in hidden)
