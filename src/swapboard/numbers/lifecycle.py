"""The life of a number: shown, paused, in quarantine, released; which step may follow which."""

from collections.abc import Mapping
from enum import StrEnum

from swapboard.clock import DAY, Millis
from swapboard.language import Words, _
from swapboard.numbers.inventory import NumberStatus


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


class NotPossibleWith(NotPossible):
    """Of many numbers, with this one (E.164)."""

    def __init__(self, number: str, why: str) -> None:
        super().__init__(f"{number}: {why}")
        self.number, self.why = number, why


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
        possible = ", ".join(_TO_DO[each] for each in actions_for(status)) or _("nothing")
        said = _("A number that is %(status)s cannot be %(done)s; possible: %(possible)s.")
        raise NotPossible(said % {"status": _IS[status], "done": _DONE[action], "possible": possible})
    return _LEADS_TO.get(action, status)


def status_by(action: Action) -> NumberStatus | None:
    """Where the step leads from anywhere; None for one that changes no status."""
    return _LEADS_TO.get(action)


def quarantine_ends_at(quarantined_at: Millis, days: int) -> Millis:
    """From when on a number in quarantine may be released without regret."""
    return quarantined_at + days * DAY


_IS: Mapping[NumberStatus, str] = Words(
    {
        NumberStatus.ACTIVE: _("active"),
        NumberStatus.PAUSED: _("paused"),
        NumberStatus.QUARANTINED: _("quarantined"),
        NumberStatus.RELEASED: _("released"),
    }
)
_TO_DO: Mapping[Action, str] = Words(
    {
        Action.ACTIVATE: _("activate"),
        Action.PAUSE: _("pause"),
        Action.QUARANTINE: _("quarantine"),
        Action.RELEASE: _("release"),
        Action.ASSIGN: _("assign"),
    }
)
_DONE: Mapping[Action, str] = Words(
    {
        Action.ACTIVATE: _("activated"),
        Action.PAUSE: _("paused"),
        Action.QUARANTINE: _("put in quarantine"),
        Action.RELEASE: _("released"),
        Action.ASSIGN: _("assigned"),
    }
)
