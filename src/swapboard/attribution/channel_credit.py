"""How leads are shared out over channels, or whatever their visits count for: each exactly once, by each model."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from swapboard.attribution.touch import WHOLE, Model, Moment, Touch, by_probability, in_parts, share_out


@dataclass(frozen=True, slots=True)
class Way:
    """One way a lead may have come: how probable it is, and the visits on it, as `touch.within` gives them."""

    probability: float
    touches: Sequence[Touch]


def is_plain(ways: Sequence[Way]) -> bool:
    """Whether all models say the same: they differ over several visits only, and most people have come once."""
    return all(len(way.touches) <= 1 for way in ways)


def shares_of(ways: Sequence[Way], models: Sequence[Model], moment: Moment) -> Iterator[dict[str, int]]:
    """By each model what each visit earned; what is missing to WHOLE, none did."""
    if is_plain(ways):
        yield from [_shares(ways, Model.LAST, moment)] * len(models)
    else:
        yield from (_shares(ways, model, moment) for model in models)


@dataclass(slots=True)
class ChannelCredit:
    """Millionths of a lead by channel (or the like) and model; `add` lead by lead, then read."""

    models: Sequence[Model]
    leads: int = 0
    by_channel: dict[str, dict[Model, int]] = field(default_factory=dict)

    def add(self, ways: Sequence[Way], otherwise: str, moment: Moment) -> None:
        """Share one lead out; what no visit of any way earned is the channel `otherwise`'s."""
        self.leads += 1
        counts_for = {touch.session_id: touch.counts_for for way in ways for touch in way.touches}
        for model, shares in zip(self.models, shares_of(ways, self.models, moment), strict=True):
            for session_id, share in shares.items():
                self.put(counts_for[session_id], model, share)
            self.put(otherwise, model, WHOLE - sum(shares.values()))

    def put(self, channel: str, model: Model, credit: int) -> None:
        """Add what was summed up already, of no further lead."""
        if credit:
            of_channel = self.by_channel.setdefault(channel, dict.fromkeys(self.models, 0))
            of_channel[model] += credit

    @property
    def is_whole(self) -> bool:
        """Whether nobody's credit is shared out between several, so that there is nothing behind the point."""
        return not any(credit % WHOLE for by_model in self.by_channel.values() for credit in by_model.values())

    def rows(self) -> Sequence[tuple[str, Mapping[Model, float]]]:
        """Each channel with its leads by model; who earned most, by any model, first."""
        ordered = sorted(self.by_channel.items(), key=lambda each: (-max(each[1].values()), each[0]))
        return [
            (channel, {model: credit / WHOLE for model, credit in of_channel.items()})
            for channel, of_channel in ordered
        ]

    def shown(self, places: int) -> Sequence[tuple[str, Mapping[Model, float]]]:
        """The same to be read with so many digits behind the point: rounded, each column still makes the leads."""
        rows, one = self.rows(), 10**places
        columns = {
            model: in_parts([self.by_channel[channel][model] for channel, _ in rows], self.leads * one)
            for model in self.models
        }
        return [
            (channel, {model: column[place] / one for model, column in columns.items()})
            for place, (channel, _) in enumerate(rows)
        ]


def _shares(ways: Sequence[Way], model: Model, moment: Moment) -> dict[str, int]:
    return by_probability(
        [
            (
                way.probability,
                {
                    touch.session_id: share
                    for touch, share in zip(way.touches, share_out(way.touches, model, moment), strict=True)
                },
            )
            for way in ways
        ]
    )
