"""Sums that were packed are the same when they are unpacked."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from swapboard.reports.packed_sums import narrow, packed, unpacked
from swapboard.reports.sums import Sums, read_sums

_WORDS = st.text(max_size=6)
_AMOUNTS = st.integers(-(1 << 63), (1 << 63) - 1)
_ROWS = st.integers(0, 3).flatmap(
    lambda width: st.tuples(st.just(width), st.lists(st.tuples(*[_WORDS] * width, _AMOUNTS, st.integers(0, 9))))
)


@given(_ROWS)
def test_packed_sums_are_the_same_when_they_are_unpacked(rows: tuple[int, list[tuple[str | int, ...]]]) -> None:
    width, told = rows
    found = read_sums(told, width, 2)
    again = unpacked(packed(found))
    assert list(again.rows()) == list(found.rows())
    assert again.amounts.dtype == again.cells.codes.dtype == np.int64
    assert again.amounts.shape == found.amounts.shape


def test_small_numbers_take_little_room() -> None:
    found = read_sums([(f"keyword {place}", place % 100, 1) for place in range(200)], 1, 2)
    kept = packed(found)
    assert (kept.codes.nbytes, kept.amounts.nbytes) == (200, 400)


@given(st.lists(_AMOUNTS), st.integers(0, 63))
def test_what_is_narrow_is_counted_in_whole_numbers(amounts: list[int], bits: int) -> None:
    whole = np.array([amount >> bits for amount in amounts], np.int64)
    counted = np.ones(whole.size, np.int64) * narrow(whole)
    assert counted.dtype == np.int64
    assert counted.tolist() == whole.tolist()


def test_who_changes_what_was_unpacked_changes_nothing_that_is_kept() -> None:
    kept = packed(read_sums([("paid", 3)], 1, 1))
    changed: Sums = unpacked(kept)
    changed.amounts[0, 0] = 9
    assert list(unpacked(kept).rows()) == [(("paid",), [3])]
