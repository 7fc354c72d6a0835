"""How the amounts of a column are read: rounded so that they make the column's rounded sum.

What rounding leaves over goes to those that lost most by it, the earlier first, as `attribution/touch.py` does it.
"""

import numpy as np
from numpy.typing import NDArray

from swapboard.reports.sums import Whole


def rounded(amounts: Whole, unit: Whole, sums: Whole | None = None) -> Whole:
    """Each column in its unit; `sums` are what columns make, where that is not their nearest."""
    units, rest = np.divmod(amounts, unit)
    nearest = np.rint(rest.sum(axis=0) / unit).astype(np.int64)
    left = nearest if sums is None else sums // unit - units.sum(axis=0)
    rank = np.argsort(np.argsort(-rest, axis=0, kind="stable"), axis=0)
    read: Whole = (units + (rank < left)) * unit
    return read


def rounded_apart(amounts: Whole, unit: Whole, chosen: NDArray[np.bool_]) -> Whole:
    """The same, where the chosen and the others have sums of their own, which make the sum of all."""
    parts = (chosen, ~chosen)
    sums = rounded(np.stack([amounts[part].sum(axis=0) for part in parts]), unit)
    read = np.empty_like(amounts)
    for part, its_sums in zip(parts, sums, strict=True):
        read[part] = rounded(amounts[part], unit, its_sums)
    return read
