"""The rules of the outbox: when what could not be told is tried again, when it is given up, when a destination
that fails is left alone. Pure: `now` and `chance` (0 to 1) come in.
"""

from dataclasses import dataclass
from enum import StrEnum

from swapboard.clock import DAY, MINUTE, Millis
from swapboard.patience import wait_after

CLAIMED_FOR: Millis = 2 * MINUTE
"""Whoever claims a delivery has so long for it; then it is anybody's again."""
TOLD_WITHIN: Millis = CLAIMED_FOR // 2
"""Of a batch nothing is begun later than so long after it was claimed: what was begun has as long again to end."""
GIVEN_UP_AFTER: Millis = 3 * DAY
LEAST_TRIES = 8
"""Before it is given up: with their pauses some two hours."""
ASKED_AFTER: Millis = 30 * MINUTE
"""What was taken for now is asked after so much later, and again after as long."""
ASKED_UNTIL: Millis = 2 * DAY
OPEN_AFTER = 5
"""So many failures in a row, and the destination is left alone for a while."""


ALARM_AFTER = 10
"""So many in a row, in about an hour, and its owner is told."""


class Outcome(StrEnum):
    """How one attempt ended."""

    TAKEN = "taken"
    REFUSED = "refused"
    """For good: the same again would be refused again."""
    FAILED = "failed"
    """It may pass: no answer, too many requests, the platform's own fault."""
    EARLY = "early"
    """We did not ask yet: the platform would not know it, or had just failed several times in a row."""
    WITHHELD = "withheld"
    """We did not ask: consent, age, nothing that the platform would know it by."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one message in one attempt, in the platform's own words, or ours where we did not ask."""

    outcome: Outcome
    words: str
    retry_after_seconds: float | None = None
    """The platform's own wish, if it said one; of what is early, how long it is so."""
    receipt: str | None = None
    """What the platform answers to when it is asked later what it made of this (`Confirming`)."""

    def __post_init__(self) -> None:
        # PostgreSQL keeps no NUL: what cannot be written down would be sent again and again.
        object.__setattr__(self, "words", self.words.replace("\0", "\ufffd"))


class State(StrEnum):
    """Where a delivery is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Settled:
    """What a delivery becomes; `due_at` only matters while it waits."""

    state: State
    due_at: Millis


_ENDS = {Outcome.TAKEN: State.SENT, Outcome.REFUSED: State.FAILED, Outcome.WITHHELD: State.WITHHELD}


def settle(result: Result, attempts: int, said_at: Millis, now: Millis, chance: float) -> Settled:
    """What becomes of a delivery after its `attempts`th attempt since it was put in: backoff with jitter, not
    before Retry-After."""
    if result.outcome in _ENDS:
        return Settled(_ENDS[result.outcome], now)
    # What was not asked yet did not fail, however often its turn came.
    failures = 1 if result.outcome is Outcome.EARLY else attempts
    due_at = now + max(wait_after(failures, chance), round(1000 * (result.retry_after_seconds or 0)))
    if result.outcome is not Outcome.EARLY and _is_given_up(due_at, attempts, said_at, now):
        return Settled(State.FAILED, now)
    return Settled(State.WAITING, due_at)


def _is_given_up(due_at: Millis, attempts: int, said_at: Millis, now: Millis) -> bool:
    # While we were down or the destination was off, time passed without a try: one busy answer is no reason then.
    was_tried = attempts >= LEAST_TRIES or due_at - now > GIVEN_UP_AFTER
    return was_tried and due_at - said_at > GIVEN_UP_AFTER


@dataclass(frozen=True, slots=True)
class Circuit:
    """How a destination has been lately."""

    failures: int = 0
    """In a row."""
    closed_until: Millis = 0
    """Nothing is sent before then."""


def learn(circuit: Circuit, result: Result, now: Millis, chance: float) -> Circuit:
    """What one attempt tells of the destination: whatever it answered for good, it is there."""
    match result.outcome:
        case Outcome.WITHHELD | Outcome.EARLY:
            return circuit
        case Outcome.TAKEN | Outcome.REFUSED:
            return Circuit()
        case Outcome.FAILED:
            failures = circuit.failures + 1
            wait = wait_after(failures - OPEN_AFTER + 1, chance) if failures >= OPEN_AFTER else 0
            asked = round(1000 * (result.retry_after_seconds or 0))
            return Circuit(failures, max(circuit.closed_until, now + max(wait, asked)))


def needs_people(circuit: Circuit, dead: int) -> bool:
    """True when a destination will not mend by itself: something of it was refused or given up (`dead` of the last
    batch), or it has failed for long."""
    return dead > 0 or circuit.failures >= ALARM_AFTER
