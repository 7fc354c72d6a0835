"""The life of a number: shown, paused, in quarantine, released; which step may follow which."""

from collections.abc import Mapping
from enum import StrEnum

from swapboard.clock import DAY, Millis
from swapboard.numbers.inventory import NumberStatus

QUARANTINE_DAYS = 30
"""Long enough for a printed or remembered number's last callers."""


class Action(StrEnum):
    """What a person does with a number."""

    ACTIVATE = "activate"
    """It is shown again."""
    PAUSE = "pause"
    """It still rings, and is shown to nobody new."""
    QUARANTINE = "quarantine"
    """It still rings, its calls are marked late, and it will be given up."""
    RELEASE = "release"
    """It is given up: it is nobody's that we know."""
    ASSIGN = "assign"
    """It goes to another pool, or to one place."""


class NotPossible(ValueError):
    """The step does not follow from where the number is; the message says what does."""


_FOLLOWS: Mapping[Action, frozenset[NumberStatus]] = {
    Action.ACTIVATE: frozenset({NumberStatus.PAUSED, NumberStatus.QUARANTINED}),
    Action.PAUSE: frozenset({NumberStatus.ACTIVE}),
    Action.QUARANTINE: frozenset({NumberStatus.ACTIVE, NumberStatus.PAUSED}),
    Action.RELEASE: frozenset({NumberStatus.ACTIVE, NumberStatus.PAUSED, NumberStatus.QUARANTINED}),
    Action.ASSIGN: frozenset({NumberStatus.ACTIVE, NumberStatus.PAUSED}),
}
_LEADS_TO: Mapping[Action, NumberStatus] = {
    Action.ACTIVATE: NumberStatus.ACTIVE,
    Action.PAUSE: NumberStatus.PAUSED,
    Action.QUARANTINE: NumberStatus.QUARANTINED,
    Action.RELEASE: NumberStatus.RELEASED,
}


def actions_for(status: NumberStatus) -> list[Action]:
    """What may be done with a number of this status."""
    return [action for action, before in _FOLLOWS.items() if status in before]


def status_after(status: NumberStatus, action: Action) -> NumberStatus:
    """Where the step leads. Raises NotPossible."""
    if status not in _FOLLOWS[action]:
        possible = ", ".join(actions_for(status)) or "nothing"
        raise NotPossible(f"A number that is {status.value} cannot be {_DONE[action]}; possible: {possible}.")
    return _LEADS_TO.get(action, status)


def quarantine_ends_at(quarantined_at: Millis, days: int = QUARANTINE_DAYS) -> Millis:
    """From when on a number in quarantine may be released without regret."""
    return quarantined_at + days * DAY


_DONE: Mapping[Action, str] = {
    Action.ACTIVATE: "activated",
    Action.PAUSE: "paused",
    Action.QUARANTINE: "put in quarantine",
    Action.RELEASE: "released",
    Action.ASSIGN: "assigned",
}
