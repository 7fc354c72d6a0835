"""What is read of a column makes its sum."""

from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from swapboard.reports.ledger import AMOUNTS, MILLION, Ledger, together_read
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
            continue
        assert all(amount % TENTH == 0 for amount in after)
        assert abs(sum(after) - sum(before)) <= TENTH // 2
        assert all(abs(one - other) < TENTH for one, other in zip(before, after, strict=True))
    lines = len(of_each)
    assert [read.at(each).talk_seconds for each in range(lines)] == [
        exact.at(each).talk_seconds for each in range(lines)
    ]
    assert read.total().value_cents == round(exact.total().value_cents)
    assert all(abs(read.at(each).value_cents - exact.at(each).value_cents) < 1 for each in range(lines))


@given(MILLIONTHS, MILLIONTHS)
def test_lines_that_stand_apart_make_a_sum_of_their_own(these: list[int], others: list[int]) -> None:
    exact, kept = _ledger([*these, *others], MILLION), len(these)
    read = exact.rounded(np.arange(kept + len(others)) < kept)
    assert read.total().calls == exact.rounded().total().calls
    apart = read.of(np.arange(kept + len(others)) < kept).total()
    assert abs(apart.calls - Decimal(sum(these)) / MILLION) < Decimal("0.1")


@given(MILLIONTHS)
def test_figures_below_one_another_make_their_sum(of_each: list[int]) -> None:
    exact = list(_ledger(of_each, MILLION).by_cell().values())
    read = together_read(exact)
    assert len(read) == len(exact)
    assert sum(each.calls for each in read) == round(sum((Decimal(each.calls) for each in exact), Decimal()), 1)


def test_whole_calls_worth_parts_of_a_yen_make_the_yen_of_their_sum() -> None:
    cells = cells_of([["one", "other"]], 2)
    amounts = np.zeros((2, len(AMOUNTS)), np.int64)
    amounts[:, AMOUNTS.index("value_rest")] = 150
    amounts[:, AMOUNTS.index("calls")] = 3
    read = Ledger(cells, amounts, 1).rounded(cents=100)
    assert [read.at(each).value_cents for each in (0, 1)] == [200, 100]
    assert read.total().value_cents == 300
    assert read.total().calls == 6


def test_385_point_1_is_385() -> None:
    of_each = [60_000] * 5 + [384_700_000]
    assert sum(of_each) == 385 * MILLION
    assert [f"{amount / MILLION:.1f}" for amount in of_each] == ["0.1"] * 5 + ["384.7"], "each by itself: 385.2"
    assert _ledger(of_each, MILLION).rounded().amounts[:, 0].tolist() == [100_000] * 3 + [0] * 2 + [384_700_000]


@given(MILLIONTHS)
def test_whole_calls_stay(of_each: list[int]) -> None:
    exact = _ledger(of_each, 1)
    assert exact.rounded() is exact
