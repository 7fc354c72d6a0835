"""Is a call spam, and what happens to it? A score that says why, from facts that come in; no I/O.

Each fact adds points, which are log-odds: before anything is known one call in fifty is held to be spam, four
points make it one in two, eight nearly certain. The points are judgements, not learned; they stand in one table,
and every call shows which of them counted. A person's word stands above them all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import exp, log
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from swapboard.clock import DAY, HOUR, MINUTE, Millis
from swapboard.numbers.e164 import is_valid

BEFORE_ANYTHING = 0.02
VELOCITY_WITHIN: Millis = 10 * MINUTE
MANY_NUMBERS = 3
"""So many of the company's numbers in ten minutes: who looks for help rings one or two."""
MANY_CALLS = 6
REMEMBERED: Millis = 30 * DAY
"""For so long a caller is known by a honeypot that it rang."""
REAL_TALK_SECONDS = 30
NEIGHBOUR_DIGITS = 6
"""`+1 202 555` of a North American number: spoofed callers often take the called number's own beginning."""


class Word(StrEnum):
    """What a person said of a number, or of all that begin alike."""

    BLOCK = "block"
    ALLOW = "allow"


class Attestation(StrEnum):
    """What the caller's carrier vouches for (STIR/SHAKEN, ATIS-1000074).

    A: the caller and the number. B: the caller. C: only where the call came in.
    """

    A = "A"
    B = "B"
    C = "C"


class Signal(StrEnum):
    """What speaks for spam, or against it."""

    BLOCKED = "blocked"
    ALLOWED = "allowed"
    HONEYPOT = "honeypot"
    NUMBERS = "numbers"
    CALLS = "calls"
    ATTESTED_C = "attested_c"
    ATTESTED_A = "attested_a"
    IMPOSSIBLE = "impossible"
    NEIGHBOUR = "neighbour"
    WITHHELD = "withheld"
    SPAM_BEFORE = "spam_before"
    TALKED_BEFORE = "talked_before"


POINTS: Mapping[Signal, float] = {
    Signal.BLOCKED: 100.0,
    Signal.ALLOWED: -100.0,
    Signal.HONEYPOT: 7.0,
    Signal.NUMBERS: 3.0,
    Signal.CALLS: 2.0,
    Signal.ATTESTED_C: 0.7,
    Signal.ATTESTED_A: -1.0,
    Signal.IMPOSSIBLE: 2.5,
    Signal.NEIGHBOUR: 0.7,
    Signal.WITHHELD: 0.5,
    Signal.SPAM_BEFORE: 4.0,
    Signal.TALKED_BEFORE: -5.0,
}
"""Of `NUMBERS`, for each number from the third on."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A call of the same caller before this one."""

    dialled: str | None
    at: Millis
    talk_seconds: int = 0
    is_spam: bool = False


@dataclass(frozen=True, slots=True)
class Ringing:
    """What is known of a call when it arrives."""

    at: Millis
    dialled: str | None
    caller: str | None
    withheld: bool = False
    attestation: Attestation | None = None
    word: Word | None = None
    """What a person said of this caller."""
    earlier: Sequence[Earlier] = ()
    honeypots: frozenset[str] = frozenset()

    @property
    def has_talked(self) -> bool:
        """True for a caller with whom somebody here has really talked."""
        return any(each.talk_seconds >= REAL_TALK_SECONDS and not each.is_spam for each in self.earlier)


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal, and how often it counts."""

    signal: Signal
    count: int = 1

    @property
    def points(self) -> float:
        """How much it adds to the log-odds."""
        return POINTS[self.signal] * self.count


@dataclass(frozen=True, slots=True)
class Assessment:
    """How probable it is that a call is spam, and every reason."""

    score: float
    reasons: tuple[Reason, ...] = ()


Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a company does about spam; by default it marks, and refuses nobody but who is on its list.

    A score is a guess, and a call that was turned away by mistake is lost: who wants that says so.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    mark_from: Share = 0.8
    """From this score on a call is marked, and counted nowhere."""
    reject_from: Share | None = None
    """From this score on it is refused before it is answered; None refuses only who is on the list."""
    cap_minutes: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Minutes of talk a day; beyond them only known callers are put through. None sets no cap."""
    cap_cents: Annotated[int, Field(ge=1, le=10**9)] | None = None
    """The same in money, by `cents_a_minute`."""
    cents_a_minute: Annotated[float, Field(gt=0, le=10_000)] | None = None

    @property
    def cap_seconds(self) -> int | None:
        """Seconds of talk a day, by whichever cap is reached first; None without one."""
        caps = [self.cap_minutes] if self.cap_minutes else []
        by_money = self.cap_cents / self.cents_a_minute if self.cap_cents and self.cents_a_minute else None
        found = [*caps, *([by_money] if by_money is not None else [])]
        return round(min(found) * 60) if found else None


class Treatment(StrEnum):
    """What happens to a call."""

    PUT_THROUGH = "put_through"
    REJECT = "reject"
    OVER_CAP = "over_cap"
    """Refused, only because the day's cap is reached."""


def assess(ringing: Ringing) -> Assessment:
    """How probable it is that the call is spam, and why."""
    reasons = tuple(_reasons(ringing))
    odds = log(BEFORE_ANYTHING / (1 - BEFORE_ANYTHING)) + sum(reason.points for reason in reasons)
    return Assessment(1 / (1 + exp(-max(-50.0, min(50.0, odds)))), reasons)


def treat(assessment: Assessment, policy: Policy, ringing: Ringing, *, over_cap: bool) -> Treatment:
    """What happens to it. Whoever talked to somebody here before is put through, unless a person blocked them."""
    signals = {reason.signal for reason in assessment.reasons}
    if Signal.BLOCKED in signals:
        return Treatment.REJECT
    if Signal.ALLOWED in signals or ringing.has_talked:
        return Treatment.PUT_THROUGH
    if policy.reject_from is not None and assessment.score >= policy.reject_from:
        return Treatment.REJECT
    return Treatment.OVER_CAP if over_cap else Treatment.PUT_THROUGH


def word_on(caller: str | None, words: Mapping[str, Word]) -> Word | None:
    """What was said of a caller: of the number itself, else of the longest beginning (`+1900*`)."""
    if caller is None:
        return None
    if caller in words:
        return words[caller]
    beginnings = (f"{caller[:length]}*" for length in range(len(caller), 1, -1))
    return next((words[beginning] for beginning in beginnings if beginning in words), None)


def _reasons(ringing: Ringing) -> Iterator[Reason]:
    if ringing.word is not None:
        yield Reason(Signal.BLOCKED if ringing.word is Word.BLOCK else Signal.ALLOWED)
    yield from _of_caller(ringing)
    yield from _of_past(ringing)


def _of_caller(ringing: Ringing) -> Iterator[Reason]:
    if signal := _ATTESTED.get(ringing.attestation):
        yield Reason(signal)
    caller, dialled = ringing.caller, ringing.dialled or ""
    if caller is None:
        if ringing.withheld:
            yield Reason(Signal.WITHHELD)
        return
    if not is_valid(caller):
        yield Reason(Signal.IMPOSSIBLE)
    beginning = dialled[: 2 + NEIGHBOUR_DIGITS]
    if caller.startswith("+1") and caller.startswith(beginning) and len(beginning) == 2 + NEIGHBOUR_DIGITS:
        yield Reason(Signal.NEIGHBOUR)


_ATTESTED: Mapping[Attestation | None, Signal] = {
    Attestation.C: Signal.ATTESTED_C,
    Attestation.A: Signal.ATTESTED_A,
}


def _of_past(ringing: Ringing) -> Iterator[Reason]:
    past = [each for each in ringing.earlier if each.at <= ringing.at]
    rung = {each.dialled for each in past if each.at > ringing.at - REMEMBERED} | {ringing.dialled}
    if ringing.caller is not None and rung & ringing.honeypots:
        yield Reason(Signal.HONEYPOT)
    lately = {each.dialled for each in past if each.at > ringing.at - VELOCITY_WITHIN} | {ringing.dialled}
    if len(lately) >= MANY_NUMBERS:
        yield Reason(Signal.NUMBERS, len(lately) - MANY_NUMBERS + 1)
    if sum(each.at > ringing.at - HOUR for each in past) + 1 >= MANY_CALLS:
        yield Reason(Signal.CALLS)
    if any(each.is_spam for each in past):
        yield Reason(Signal.SPAM_BEFORE)
    if ringing.has_talked:
        yield Reason(Signal.TALKED_BEFORE)


PUMPED_SHARE = 0.5
PUMPED_MINUTES = 60
PUMPED_TIMES = 3
PREFIX_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Traffic:
    """The talk of a day, and of a usual one."""

    seconds_by_caller: Mapping[str, int] = field(default_factory=dict)
    """Since a day ago, by caller (E.164)."""
    usual_seconds: float = 0.0
    """Of a day, by the four weeks before."""


@dataclass(frozen=True, slots=True)
class Pumping:
    """Calls that somebody seems to make for the minutes: from one range of numbers, and far more than usual."""

    prefix: str
    minutes: int
    all_minutes: int
    usual_minutes: int


def pumping(traffic: Traffic) -> Pumping | None:
    """Whether the day's traffic looks pumped: an hour at least, half of it from one range, thrice the usual."""
    by_prefix: dict[str, int] = {}
    for caller, seconds in traffic.seconds_by_caller.items():
        prefix = caller[: 1 + PREFIX_DIGITS]
        by_prefix[prefix] = by_prefix.get(prefix, 0) + seconds
    total = sum(by_prefix.values())
    if not by_prefix or total < max(PUMPED_MINUTES * 60, PUMPED_TIMES * traffic.usual_seconds):
        return None
    prefix = max(by_prefix, key=lambda each: (by_prefix[each], each))
    if by_prefix[prefix] < PUMPED_SHARE * total:
        return None
    return Pumping(prefix, by_prefix[prefix] // 60, total // 60, round(traffic.usual_seconds / 60))
