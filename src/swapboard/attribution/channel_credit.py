"""How leads are shared out over channels, or whatever their visits count for: each exactly once, by each model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from swapboard.attribution.touch import WHOLE, Model, Moment, Touch, by_probability, share_out


@dataclass(frozen=True, slots=True)
class Way:
    """One way a lead may have come: how probable it is, and the visits on it, as `touch.within` gives them."""

    probability: float
    touches: Sequence[Touch]


@dataclass(slots=True)
class ChannelCredit:
    """Millionths of a lead by channel (or the like) and model; `add` lead by lead, then read."""

    models: Sequence[Model]
    leads: int = 0
    by_channel: dict[str, dict[Model, int]] = field(default_factory=dict)

    def add(self, ways: Sequence[Way], otherwise: str, moment: Moment) -> None:
        """Share one lead out; what no visit of any way earned is the channel `otherwise`'s."""
        self.leads += 1
        # Models differ over several visits only, and most people have come once.
        alike = None if any(len(way.touches) > 1 for way in ways) else _shares(ways, otherwise, Model.LAST, moment)
        for model in self.models:
            shares = _shares(ways, otherwise, model, moment) if alike is None else alike
            for channel, share in shares.items():
                of_channel = self.by_channel.setdefault(channel, dict.fromkeys(self.models, 0))
                of_channel[model] += share

    def rows(self) -> Sequence[tuple[str, Mapping[Model, float]]]:
        """Each channel with its leads by model; who earned most, by any model, first."""
        ordered = sorted(self.by_channel.items(), key=lambda each: (-max(each[1].values()), each[0]))
        return [
            (channel, {model: credit / WHOLE for model, credit in of_channel.items()})
            for channel, of_channel in ordered
        ]


def _shares(ways: Sequence[Way], otherwise: str, model: Model, moment: Moment) -> dict[str, int]:
    parts = [(way.probability, _by_channel(way.touches, model, moment)) for way in ways]
    shares = by_probability(parts)
    rest = WHOLE - sum(shares.values())
    if rest:
        shares[otherwise] = shares.get(otherwise, 0) + rest
    return shares


def _by_channel(touches: Sequence[Touch], model: Model, moment: Moment) -> dict[str, int]:
    found: dict[str, int] = {}
    for touch, share in zip(touches, share_out(touches, model, moment), strict=True):
        found[touch.counts_for] = found.get(touch.counts_for, 0) + share
    return found
