"""What learning changes of a curve, as arrays; curves that are learned side by side have a row each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.curve import Curve
from swapboard.attribution.hazard import PHASE_OF


@dataclass(frozen=True)
class CurveArrays:
    """The parts of `Curve` that have its names; of several curves, row by row."""

    crowd: Array
    """Of all rows."""
    rates: Array
    profiles: Array
    nobody: Array
    again: Array
    nobody_again: Array
    rhythm: Array
    late_rhythm: Array

    @classmethod
    def of(cls, curve: Curve) -> "CurveArrays":
        """One curve, without rows."""
        return cls(
            np.array(curve.crowd),
            np.array(curve.rates),
            np.array(curve.profiles),
            np.array(curve.nobody),
            np.array(curve.again),
            np.array(curve.nobody_again),
            np.array(curve.rhythm),
            np.array(curve.late_rhythm),
        )

    @classmethod
    def side_by_side(cls, curves: Sequence["CurveArrays"]) -> "CurveArrays":
        """A row for each."""
        return cls(curves[0].crowd, *map(np.array, zip(*(each.learned() for each in curves), strict=True)))

    def learned(self) -> tuple[Array, ...]:
        """All but the crowd, in the order above."""
        rates = self.rates, self.profiles, self.nobody, self.again, self.nobody_again
        return *rates, self.rhythm, self.late_rhythm

    def rows(self) -> list["CurveArrays"]:
        """Each curve alone."""
        return [CurveArrays(self.crowd, *(part[at] for part in self.learned())) for at in range(len(self.rates))]

    def mean(self, weights: Array) -> "CurveArrays":
        """Of all rows, each as far as it is believed."""
        shares = weights / weights.sum()
        return CurveArrays(self.crowd, *(np.asarray(np.tensordot(shares, part, 1)) for part in self.learned()))

    def put_in(self, curve: Curve) -> Curve:
        """The curve with what was learned; of one without rows."""
        return replace(
            curve,
            rates=tuple(self.rates.tolist()),
            profiles=tuple(map(tuple, self.profiles.tolist())),
            nobody=float(self.nobody),
            again=tuple(self.again.tolist()),
            nobody_again=float(self.nobody_again),
            rhythm=tuple(self.rhythm.tolist()),
            late_rhythm=tuple(self.late_rhythm.tolist()),
            crowd=tuple(self.crowd.tolist()),
        )

    @cached_property
    def by_profile(self) -> Array:
        """The rate by profile and cell."""
        found: Array = self.of_cells.swapaxes(-1, -2) * self.rates[..., None, :]
        return found

    @cached_property
    def of_crowd(self) -> Array:
        """By cell, the rate of one whose profile is not known any more."""
        found: Array = (self.crowd[:, None] * self.by_profile).sum(axis=-2)
        return found

    @cached_property
    def of_cells(self) -> Array:
        """By cell and profile: how much more often it calls than the average."""
        found: Array = self.profiles[..., PHASE_OF, :]
        return found
