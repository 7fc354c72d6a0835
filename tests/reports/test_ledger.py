"""What is read of a column makes its sum."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from swapboard.reports.ledger import AMOUNTS, MILLION, Ledger
from swapboard.reports.sums import cells_of

MILLIONTHS = st.lists(st.integers(0, 3 * MILLION), max_size=30)
TENTH = MILLION // 10


def _ledger(of_each: list[int], scale: int) -> Ledger:
    cells = cells_of([[f"line {place}" for place in range(len(of_each))]], len(of_each))
    return Ledger(
        cells, np.array([[amount] * len(AMOUNTS) for amount in of_each]).reshape(-1, len(AMOUNTS)), scale
    )


@given(MILLIONTHS)
def test_rounded_lines_make_the_rounded_sum(of_each: list[int]) -> None:
    exact = _ledger(of_each, MILLION)
    read = exact.rounded()
    for place, name in enumerate(AMOUNTS):
        before, after = exact.amounts[:, place].tolist(), read.amounts[:, place].tolist()
        if name in ("talk_seconds", "value_rest", "value_millions"):
            assert after == before
            continue
        assert all(amount % TENTH == 0 for amount in after)
        assert abs(sum(after) - sum(before)) <= TENTH // 2
        assert all(abs(one - other) < TENTH for one, other in zip(before, after, strict=True))


def test_385_point_1_is_385() -> None:
    of_each = [60_000] * 5 + [384_700_000]
    assert sum(of_each) == 385 * MILLION
    assert [f"{amount / MILLION:.1f}" for amount in of_each] == ["0.1"] * 5 + ["384.7"], "each by itself: 385.2"
    assert _ledger(of_each, MILLION).rounded().amounts[:, 0].tolist() == [100_000] * 3 + [0] * 2 + [384_700_000]


@given(MILLIONTHS)
def test_whole_calls_stay(of_each: list[int]) -> None:
    exact = _ledger(of_each, 1)
    assert exact.rounded() is exact
