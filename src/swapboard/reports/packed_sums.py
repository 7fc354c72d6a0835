"""Sums as they lie in memory until somebody asks again: in a quarter of the room."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json, to_json

from swapboard.reports.sums import Cells, Sums, Whole


class PackedSums(NamedTuple):
    """Each dimension's words as one text, and all numbers in as few bytes as the largest of them needs."""

    words: Sequence[bytes]
    codes: NDArray[np.integer[Any]]
    amounts: NDArray[np.integer[Any]]


def packed(found: Sums) -> PackedSums:
    """The sums in little room; nothing of it is theirs."""
    words = [to_json(list(each)) for each in found.cells.words]
    return PackedSums(words, narrow(found.cells.codes), narrow(found.amounts))


def unpacked(kept: PackedSums) -> Sums:
    """The sums that were packed, which nobody else has."""
    words = [tuple(from_json(each)) for each in kept.words]
    return Sums(Cells(words, kept.codes.astype(np.int64)), kept.amounts.astype(np.int64))


def narrow(whole: Whole) -> NDArray[np.integer[Any]]:
    """The numbers in the smallest kind of number that holds the least and the most of them."""
    if not whole.size:
        return whole.astype(np.int8)
    kind = np.promote_types(np.min_scalar_type(int(whole.min())), np.min_scalar_type(int(whole.max())))
    # Who adds up numbers of 64 bits without a sign and such with one gets fractions.
    return whole.astype(kind if np.can_cast(kind, np.int64) else np.int64)
