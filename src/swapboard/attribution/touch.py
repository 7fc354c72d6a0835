"""Which of a person's visits earned a lead: the models that share one lead out over the visits before it.

A share is counted in millionths of a lead, so that the shares of a lead always sum to one exactly, in every
report that adds them up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from swapboard.clock import DAY, Millis
from swapboard.visits.channel import Channel

WHOLE = 1_000_000
"""One lead."""
LOOK_BACK: Millis = 90 * DAY
HALF_LIFE: Millis = 7 * DAY
_DIRECT: Channel = "Direct"
_ENDS, _BETWEEN = 0.4, 0.2


class Model(StrEnum):
    """How a lead is shared out; as Google Analytics named them (support.google.com/analytics/answer/10596866)."""

    FIRST = "first"
    LAST = "last"
    LAST_NON_DIRECT = "last_non_direct"
    LINEAR = "linear"
    POSITION_BASED = "position_based"
    TIME_DECAY = "time_decay"
    DATA_DRIVEN = "data_driven"


@dataclass(frozen=True, slots=True)
class Touch:
    """A visit of the person before the lead."""

    session_id: str
    at: Millis
    channel: str
    told: str | None = None
    """What a share of it counts for, such as its campaign; its channel for None."""

    @property
    def counts_for(self) -> str:
        return self.channel if self.told is None else self.told


@dataclass(frozen=True, slots=True)
class Moment:
    """What a model may look at beside the touches: when the lead came, and what each channel is worth to paths.

    `effects` are `markov.removal_effects` of the company's paths; only the data-driven model asks for them.
    """

    lead_at: Millis
    effects: Mapping[str, float]


def within(touches: Sequence[Touch], lead_at: Millis, look_back: Millis = LOOK_BACK) -> tuple[Touch, ...]:
    """The touches that count, oldest first: not after the lead, nor longer before it than the look-back."""
    counted = [touch for touch in touches if lead_at - look_back <= touch.at <= lead_at]
    return tuple(sorted(counted, key=_in_order))


def share_out(touches: Sequence[Touch], model: Model, moment: Moment) -> tuple[int, ...]:
    """Each touch's share in millionths, for touches as `within` gives them; none for none."""
    if len(touches) <= 1:
        return (WHOLE,) * len(touches)
    return in_millionths(_WEIGHTS[model](touches, moment))


def in_millionths(weights: Sequence[float]) -> tuple[int, ...]:
    """The weights in proportion, as whole numbers that sum to WHOLE; equal shares where all weigh nothing."""
    return in_parts(weights, WHOLE)


def in_parts(weights: Sequence[float], parts: int) -> tuple[int, ...]:
    """The same of any number of parts, such as 100 to be shown in percent; none for none.

    What rounding leaves over goes to those that lost most by it, the earlier first (largest remainder).
    """
    weighed = weights if sum(weights) > 0 else [1.0] * len(weights)
    total = sum(weighed)
    exact = [parts * weight / total for weight in weighed]
    shares = [int(share) for share in exact]
    by_loss = sorted(range(len(exact)), key=lambda place: (shares[place] - exact[place], place))
    for place in islice(by_loss, parts - sum(shares)):
        shares[place] += 1
    return tuple(shares)


def by_probability(parts: Sequence[tuple[float, Mapping[str, int]]]) -> dict[str, int]:
    """The shares of a lead of which only probabilities are known.

    Each part is the probability that this visitor made the call, and how its visits would share the lead out.
    What is missing to WHOLE is *nobody's*.
    """
    credited: dict[str, int] = {}
    for probability, shares in parts:
        for session_id, share in shares.items():
            credited[session_id] = credited.get(session_id, 0) + int(probability * share)
    return credited


def _in_order(touch: Touch) -> tuple[Millis, str]:
    return touch.at, touch.session_id


def _only(place: int, count: int) -> list[float]:
    return [float(index == place) for index in range(count)]


def _first(touches: Sequence[Touch], _moment: Moment) -> list[float]:
    return _only(0, len(touches))


def _last(touches: Sequence[Touch], _moment: Moment) -> list[float]:
    return _only(len(touches) - 1, len(touches))


def _last_non_direct(touches: Sequence[Touch], moment: Moment) -> list[float]:
    told = [place for place, touch in enumerate(touches) if touch.channel != _DIRECT]
    return _only(told[-1], len(touches)) if told else _last(touches, moment)


def _linear(touches: Sequence[Touch], _moment: Moment) -> list[float]:
    return [1.0] * len(touches)


def _position_based(touches: Sequence[Touch], moment: Moment) -> list[float]:
    """The first and the last earn 40 % each, those between share the rest."""
    between = len(touches) - 2
    if between <= 0:
        return _linear(touches, moment)
    return [_ENDS, *([_BETWEEN / between] * between), _ENDS]


def _time_decay(touches: Sequence[Touch], _moment: Moment) -> list[float]:
    """Half as much for each week before the last touch, which cannot round down to nothing."""
    latest = touches[-1].at
    return [0.5 ** ((latest - touch.at) / HALF_LIFE) for touch in touches]


def _data_driven(touches: Sequence[Touch], moment: Moment) -> list[float]:
    return [moment.effects.get(touch.channel, 0.0) for touch in touches]


_WEIGHTS: Mapping[Model, Callable[[Sequence[Touch], Moment], list[float]]] = {
    Model.FIRST: _first,
    Model.LAST: _last,
    Model.LAST_NON_DIRECT: _last_non_direct,
    Model.LINEAR: _linear,
    Model.POSITION_BASED: _position_based,
    Model.TIME_DECAY: _time_decay,
    Model.DATA_DRIVEN: _data_driven,
}
