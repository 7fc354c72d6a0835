"""What learning changes of a curve, as arrays; curves that are learned side by side have a row each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.curve import Curve
from swapboard.attribution.hazard import PHASE_OF

Array = NDArray[np.float64]


@dataclass(frozen=True)
class CurveArrays:
    """The parts of `Curve` that have its names; of several curves, row by row."""

    rates: Array
    profiles: Array
    nobody: Array
    again: Array
    nobody_again: Array
    rhythm: Array
    late_rhythm: Array
    crowd: Array
    """Of all rows."""

    @classmethod
    def of(cls, curve: Curve) -> "CurveArrays":
        """One curve, without rows."""
        return cls(
            np.array(curve.rates),
            np.array(curve.profiles),
            np.array(curve.nobody),
            np.array(curve.again),
            np.array(curve.nobody_again),
            np.array(curve.rhythm),
            np.array(curve.late_rhythm),
            np.array(curve.crowd),
        )

    @classmethod
    def side_by_side(cls, curves: Sequence["CurveArrays"]) -> "CurveArrays":
        """A row for each."""
        return cls(
            np.array([each.rates for each in curves]),
            np.array([each.profiles for each in curves]),
            np.array([each.nobody for each in curves]),
            np.array([each.again for each in curves]),
            np.array([each.nobody_again for each in curves]),
            np.array([each.rhythm for each in curves]),
            np.array([each.late_rhythm for each in curves]),
            curves[0].crowd,
        )

    def rows(self) -> list["CurveArrays"]:
        """Each curve alone."""
        return [
            CurveArrays(
                self.rates[at],
                self.profiles[at],
                self.nobody[at],
                self.again[at],
                self.nobody_again[at],
                self.rhythm[at],
                self.late_rhythm[at],
                self.crowd,
            )
            for at in range(len(self.rates))
        ]

    def mean(self, weights: Array) -> "CurveArrays":
        """Of all rows, each as far as it is believed."""
        shares = weights / weights.sum()

        def mean(part: Array) -> Array:
            found: Array = np.asarray(np.tensordot(shares, part, 1))
            return found

        return CurveArrays(
            mean(self.rates),
            mean(self.profiles),
            mean(self.nobody),
            mean(self.again),
            mean(self.nobody_again),
            mean(self.rhythm),
            mean(self.late_rhythm),
            self.crowd,
        )

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
