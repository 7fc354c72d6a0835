"""Identifiers sort by age and cannot be guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.storage.ids import new_id, randomness_for
from tests.chance import SEED

MOMENTS = st.integers(0, 2**48 - 1)


@given(MOMENTS, MOMENTS)
def test_they_sort_by_age(first: int, second: int) -> None:
    if first != second:
        assert (new_id(first) < new_id(second)) == (first < second)


@given(MOMENTS, st.binary(min_size=10, max_size=10))
def test_they_are_32_hexadecimal_digits(now: int, chance: bytes) -> None:
    made = new_id(now, lambda count: chance[:count])
    assert len(made) == 32
    assert int(made, 16) == (now << 80) + int.from_bytes(chance)


def test_no_two_of_a_moment_are_the_same() -> None:
    assert len({new_id(1) for _ in range(1_000)}) == 1_000


def test_more_ids_than_were_drawn_for_are_as_random() -> None:
    randomness = randomness_for(3)
    assert len({new_id(1, randomness) for _ in range(10)}) == 10


@pytest.mark.skipif(bool(SEED), reason="other ids were asked for")
def test_tests_have_the_same_ids_on_each_run() -> None:
    assert new_id(0) == "000000000000afa66eaabdaa86bada6a"
