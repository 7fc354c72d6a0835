"""Figures of many combinations as rows of whole numbers: of ten thousand few are ever looked at one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from swapboard.reports.figures import NOTHING, Count, Figures
from swapboard.reports.rounding import rounded, rounded_apart
from swapboard.reports.sums import Cell, Cells, Sums, Whole, aligned, cells_of, together

AMOUNTS_OF_CALLS: Final = (
    *("calls", "first_time", "answered", "voicemail", "missed", "talk_seconds", "qualified", "leads"),
    # Apart, for shares of large amounts are beyond what 64 bits hold.
    *("value_rest", "value_millions"),
)
AMOUNTS_OF_FORMS: Final = ("forms", "leads")
AMOUNTS_OF_VISITS: Final = ("visits",)
AMOUNTS: Final = (*AMOUNTS_OF_CALLS, "forms", "visits")
CALLS, VISITS, FORMS, LEADS = (AMOUNTS.index(name) for name in ("calls", "visits", "forms", "leads"))
_TALK, _VALUE_REST, _VALUE_MILLIONS = map(AMOUNTS.index, ("talk_seconds", "value_rest", "value_millions"))
MILLION: Final = 1_000_000


class Ledger(NamedTuple):
    """Each combination once, with its AMOUNTS, of which `scale` are one whole."""

    cells: Cells
    amounts: Whole
    scale: int

    def at(self, place: int) -> Figures:
        """The figures of the combination in that place."""
        return figures_of(self.amounts[place].tolist(), self.scale)

    def total(self) -> Figures:
        """Of all combinations."""
        return figures_of(self.amounts.sum(axis=0).tolist(), self.scale)

    def by_cell(self) -> Mapping[Cell, Figures]:
        """All figures."""
        each = (figures_of(amounts, self.scale) for amounts in self.amounts.tolist())
        return dict(zip(self.cells.all(), each, strict=True))

    def only_by(self, place: int) -> "Ledger":
        """By one of the dimensions alone."""
        cells = Cells(self.cells.words[place : place + 1], self.cells.codes[:, place : place + 1])
        sums = together([Sums(cells, self.amounts)], 1, len(AMOUNTS))
        return Ledger(sums.cells, sums.amounts, self.scale)

    def rounded(self, apart: NDArray[np.bool_] | None = None, cents: int = 1) -> "Ledger":
        """To be read: in tenths and so many cents, so that each column makes its sum when that is rounded.

        So do those that stand apart, where they have a sum of their own. Talk is read as a mean, and stays.
        """
        if self.scale == cents == 1:
            return self
        amounts = _in_cents(self.amounts, self.scale)
        unit = np.full(len(AMOUNTS), max(1, self.scale // 10))
        unit[_VALUE_REST], unit[_TALK] = self.scale * cents, 1
        read = rounded(amounts, unit) if apart is None else rounded_apart(amounts, unit, apart)
        return Ledger(self.cells, read, self.scale)

    def of(self, kept: NDArray[np.bool_]) -> "Ledger":
        """Those of the combinations that are kept."""
        return Ledger(Cells(self.cells.words, self.cells.codes[kept]), self.amounts[kept], self.scale)


class Part(NamedTuple):
    """Sums, what their amounts are, and how many of them are one whole."""

    sums: Sums
    names: Sequence[str]
    scale: int = 1


def ledger_of(parts: Sequence[Part], width: int, scale: int) -> Ledger:
    """The parts together, by so many dimensions."""
    cells, amounts = together([_placed(part, scale) for part in parts], width, len(AMOUNTS))
    return Ledger(cells, amounts, scale)


def beside(now: Ledger, before: Ledger) -> tuple[Ledger, Ledger]:
    """Both by the combinations that either has."""
    sums = [Sums(each.cells, each.amounts) for each in (now, before)]
    cells, (amounts, amounts_before) = aligned(sums, len(now.cells.words))
    return Ledger(cells, amounts, now.scale), Ledger(cells, amounts_before, before.scale)


def figures_of(amounts: Sequence[int], scale: int) -> Figures:
    """Of a combination's AMOUNTS."""
    *counts, leads, rest, millions, forms, visits = amounts
    whole = (*counts, millions * MILLION + rest, leads, forms, visits)
    if not any(whole):
        return NOTHING
    return Figures(*(whole if scale == 1 else [amount_of(each, scale) for each in whole]))


def amount_of(whole: int, scale: int) -> Count:
    """What stands for so many wholes; exactly, for every scale is a power of ten."""
    return whole // scale if whole % scale == 0 else Decimal(whole) / scale


def together_read(figures: Sequence[Figures]) -> Sequence[Figures]:
    """Figures that stand below one another, as they are read."""
    if all(isinstance(amount, int) for each in figures for amount in astuple(each)):
        return figures
    cells = cells_of([[str(place) for place in range(len(figures))]], len(figures))
    ledger = Ledger(cells, np.array([_amounts_of(each) for each in figures]), MILLION)
    return list(ledger.rounded().by_cell().values())


def _amounts_of(figures: Figures) -> Sequence[int]:
    """The other way round than `figures_of`, in millionths."""
    amounts = {each.name: int(getattr(figures, each.name) * MILLION) for each in fields(figures)}
    amounts["value_millions"], amounts["value_rest"] = divmod(amounts.pop("value_cents"), MILLION)
    return [amounts[name] for name in AMOUNTS]


def _in_cents(amounts: Whole, scale: int) -> Whole:
    """With whole cents in the millions, so that all that can be rounded of a value is in its rest."""
    millions, rest = np.divmod(amounts[:, _VALUE_MILLIONS], scale)
    found = amounts.copy()
    found[:, _VALUE_MILLIONS] = millions * scale
    found[:, _VALUE_REST] += rest * MILLION
    return found


def _placed(part: Part, scale: int) -> Sums:
    """With a column for each of AMOUNTS."""
    amounts = np.zeros((len(part.sums.cells), len(AMOUNTS)), np.int64)
    amounts[:, [AMOUNTS.index(name) for name in part.names]] = part.sums.amounts * (scale // part.scale)
    return Sums(part.sums.cells, amounts)
