"""The law that simulated traffic follows: when people come, how long they stay, when and how they call.

Visits come as a Poisson process whose rate follows the hours of the day. A visitor stays for a log-normal time.
While the page is open, the decision to call has a hazard that depends on how long the page has been open; phones
decide more often, hidden pages less. A phone taps first, mostly, and the call follows the tap. Who leaves
undecided may still call later, after a log-normal delay. Who called may call again, from the same number.
Strangers dial numbers of the pool at random.

A law of another shape overrides what differs; the hold-out laws of the tests do.
"""

from dataclasses import dataclass
from functools import cached_property
from math import cos, exp, pi
from random import Random

from swapboard.attribution.delay import Delay, Exponential, LogNormal, defective_rate

HOUR_SECONDS = 3600.0
BUSIEST_HOUR = 14.0
LEAST_UNDECIDED = 1e-12
REGIONS: tuple[tuple[str, float, tuple[str, ...]], ...] = (
    ("US-NY", 0.34, ("212", "718", "914")),
    ("US-NJ", 0.22, ("201", "973")),
    ("US-CT", 0.12, ("203",)),
    ("US-PA", 0.14, ("215", "412")),
    ("US-MA", 0.10, ("617",)),
    ("US-CA", 0.08, ("310", "415")),
)


@dataclass(frozen=True)
class Law:
    """All parameters of simulated traffic; shares and probabilities lie between 0 and 1."""

    name: str
    says: str
    visits_a_day: float = 600.0
    rhythm: float = 0.7
    """0: the same at each hour; 1: nobody in the middle of the night."""
    phone_share: float = 0.6
    stay_seconds: float = 60.0
    """The median."""
    stay_spread: float = 1.1
    """The standard deviation of the logarithm."""
    hazard: tuple[tuple[float, float], ...] = ((10.0, 0.5), (60.0, 2.0), (300.0, 1.2), (1800.0, 0.6))
    """Decisions to call an hour on a computer, by age of the visit: (up to so many seconds, rate)."""
    phone_factor: float = 2.0
    hidden_factor: float = 0.3
    tap_share: float = 0.7
    """Of the decisions on a phone, how many begin with a tap."""
    tap_lead_seconds: float = 5.0
    """From the tap to the call, the mean."""
    idle_taps_an_hour: float = 0.4
    """Taps on phones that come to nothing."""
    late_share: float = 0.15
    """Of the visitors who call, how many do so after they left."""
    late_minutes: float = 60.0
    """From leaving to a late call, the median."""
    late_spread: float = 1.6
    repeat_share: float = 0.1
    """Of the calls, how many are followed by another from the same person."""
    repeat_minutes: float = 240.0
    repeat_spread: float = 1.5
    returning_share: float = 0.15
    """Of the visits, how many are by somebody who came before."""
    shared_share: float = 0.0
    """Of these, how many are by somebody else at the same device, who has a telephone of their own."""
    stranger_share: float = 0.03
    vanish_share: float = 0.1
    """Of the visits, how many end without a good-bye."""
    hides_an_hour: float = 12.0
    hidden_seconds: float = 40.0
    pages: float = 0.3
    """Further pages, the mean."""
    agreement: float = 0.75
    """How many callers have a number of the region they are in because they live there."""
    withheld_share: float = 0.03
    told_taps: bool = True
    """False: the site's pages do not tell of taps."""

    def kinds(self, at: float) -> "tuple[tuple[float, Law], ...]":
        """The populations that visits at a moment come from, each with its share; here there is one."""
        return ((1.0, self),)

    def rate(self, seconds: float) -> float:
        """Visits a second at a moment of the day; never zero."""
        hour = seconds / HOUR_SECONDS
        return self.visits_a_day / 86400.0 * (1.0 + self.rhythm * cos(2 * pi * (hour - BUSIEST_HOUR) / 24.0))

    @property
    def busiest(self) -> float:
        """No moment has more visits and strangers' calls a second."""
        return self.visits_a_day / 86400.0 * (1.0 + self.rhythm) * (1.0 + self.strangers_a_visit(0.0))

    def strangers_a_visit(self, _at: float) -> float:
        """Calls by strangers for each visit at a moment."""
        return self.calls_a_visit * self.stranger_share / (1.0 - self.stranger_share)

    def is_down(self, _at: float) -> bool:
        """Whether nothing of what pages say is heard at a moment."""
        return False

    def stay(self) -> Delay:
        """How long a visit lasts."""
        return LogNormal(self.stay_seconds, self.stay_spread)

    def tap_lead(self) -> Delay:
        """From the tap to the call."""
        return Exponential(self.tap_lead_seconds)

    def late(self) -> Delay:
        """From leaving to a late call."""
        return LogNormal(self.late_minutes * 60.0, self.late_spread)

    def again(self) -> Delay:
        """From a call to the next by the same person."""
        return LogNormal(self.repeat_minutes * 60.0, self.repeat_spread)

    def rings_at(self, due: float, _chance: Random) -> float:
        """When a call that comes later is really made."""
        return due

    def decision_rate(self, age: float, on_phone: bool, hidden: bool) -> float:
        """Decisions to call a second, so long after the visit began."""
        an_hour = next((rate for until, rate in self.hazard if age < until), self.hazard[-1][1])
        factor = (self.phone_factor if on_phone else 1.0) * (self.hidden_factor if hidden else 1.0)
        return an_hour * factor / HOUR_SECONDS

    def highest_decision_rate(self, on_phone: bool) -> float:
        """No visible moment has more."""
        return max(
            self.decision_rate(age, on_phone, hidden=False) for age in (0.0, *(end for end, _ in self.hazard))
        )

    @cached_property
    def live_probability(self) -> float:
        """How many visitors decide to call while they are there, hidden pages left aside."""
        stays = [self.stay().quantile((index + 0.5) / 200) for index in range(200)]
        shares = ((True, self.phone_share), (False, 1.0 - self.phone_share))
        found = sum(
            share * (1.0 - exp(-self.cumulated(stay, on_phone))) / len(stays)
            for on_phone, share in shares
            for stay in stays
        )
        # Two hundred two-hundredths are a little more than one.
        return min(1.0, found)

    @cached_property
    def late_probability(self) -> float:
        """How many of those who leave undecided call later, so that `late_share` comes true."""
        live = self.live_probability
        undecided = max(LEAST_UNDECIDED, 1.0 - live)
        return min(0.9, self.late_share * live / ((1.0 - self.late_share) * undecided))

    @cached_property
    def calls_a_visit(self) -> float:
        """First calls and calls again, for each visit."""
        first = self.live_probability + (1.0 - self.live_probability) * self.late_probability
        return first / (1.0 - self.repeat_share)

    def cumulated(self, stay: float, on_phone: bool) -> float:
        """The expected number of decisions in a visible stay of that length."""
        total, begin = 0.0, 0.0
        for until, an_hour in self.hazard:
            total += max(0.0, min(stay, until) - begin) * an_hour
            begin = until
        total += max(0.0, stay - begin) * self.hazard[-1][1]
        return total * (self.phone_factor if on_phone else 1.0) / HOUR_SECONDS

    def late_rate(self, left: float, at: float) -> float:
        """Late calls a second at a moment, of somebody who left earlier and has not called."""
        return self.delayed_rate(left, at, self.late_probability, self.late())

    def again_rate(self, last: float, at: float) -> float:
        """Calls again a second at a moment, of somebody who called earlier."""
        return self.delayed_rate(last, at, self.repeat_share, self.again())

    def delayed_rate(self, since: float, at: float, probability: float, delay: Delay) -> float:
        """What comes with a probability, after a delay that began at a moment."""
        return defective_rate(at - since, probability, delay)


LAWS: tuple[Law, ...] = (
    Law(
        "corner-shop",
        "A quiet local business: a visit every few minutes, phones and computers.",
        visits_a_day=240.0,
    ),
    Law(
        "emergency",
        "Busy, nearly all phones, decided within a minute, nearly all tap first, hardly anybody calls later.",
        visits_a_day=4000.0,
        rhythm=0.3,
        phone_share=0.92,
        stay_seconds=35.0,
        hazard=((5.0, 1.0), (30.0, 6.0), (120.0, 2.0), (1800.0, 0.5)),
        tap_share=0.85,
        tap_lead_seconds=3.0,
        late_share=0.05,
        late_minutes=8.0,
        stranger_share=0.01,
        returning_share=0.05,
        repeat_share=0.05,
        agreement=0.9,
    ),
    Law(
        "clinic",
        "Computers at work, long reading, four callers in ten ring later, up to days; many come back.",
        visits_a_day=1200.0,
        rhythm=0.9,
        phone_share=0.25,
        stay_seconds=110.0,
        hazard=((30.0, 0.2), (120.0, 0.8), (600.0, 1.8), (1800.0, 1.0)),
        phone_factor=1.5,
        tap_share=0.4,
        tap_lead_seconds=8.0,
        late_share=0.4,
        late_minutes=180.0,
        late_spread=1.9,
        stranger_share=0.05,
        returning_share=0.35,
        repeat_share=0.1,
        agreement=0.6,
    ),
    Law(
        "law-firm",
        "People call again and again from the number they saved; one call in ten is a stranger's.",
        visits_a_day=700.0,
        phone_share=0.5,
        late_share=0.25,
        late_minutes=30.0,
        repeat_share=0.35,
        repeat_minutes=600.0,
        returning_share=0.25,
        stranger_share=0.1,
        agreement=0.85,
        withheld_share=0.08,
    ),
    Law(
        "vanishing",
        "Tabs that vanish without a good-bye or lie hidden, and pages that do not tell of taps.",
        visits_a_day=2500.0,
        rhythm=0.5,
        phone_share=0.75,
        stay_seconds=45.0,
        stay_spread=1.4,
        hazard=((15.0, 2.5), (120.0, 1.0), (1800.0, 1.0)),
        phone_factor=1.3,
        hidden_factor=1.5,
        late_share=0.2,
        late_minutes=20.0,
        late_spread=1.3,
        stranger_share=0.02,
        vanish_share=0.75,
        hides_an_hour=60.0,
        hidden_seconds=90.0,
        told_taps=False,
        agreement=0.5,
    ),
)


def law_named(name: str) -> Law:
    """One of the five. Raises KeyError."""
    return {law.name: law for law in LAWS}[name]
