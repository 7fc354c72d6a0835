"""Columns of sums hold what one finds one after the other."""

from collections import Counter, defaultdict
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from swapboard.reports.ledger import AMOUNTS, Part, beside, ledger_of
from swapboard.reports.lines import Lines
from swapboard.reports.roi import nearest
from swapboard.reports.sums import Cell, Sums, aligned, read_sums, together

WORDS = st.sampled_from(["", "a", "A", "ä", "b c"])
ROWS = st.lists(st.tuples(WORDS, WORDS, st.integers(-5, 10**12), st.integers(0, 9)), max_size=9)
SCALE = 1_000_000


def _by_hand(*parts: list[tuple[str, str, int, int]]) -> dict[Cell, list[int]]:
    found: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    for one, other, first, second in (row for part in parts for row in part):
        found[one, other][0] += first
        found[one, other][1] += second
    return found


def _once(rows: list[tuple[str, str, int, int]]) -> Sums:
    return together([read_sums(rows, 2, 2)], 2, 2)


@given(ROWS, ROWS)
def test_sums_of_the_same_combination_are_added(
    one: list[tuple[str, str, int, int]], other: list[tuple[str, str, int, int]]
) -> None:
    found = together([read_sums(one, 2, 2), read_sums(other, 2, 2)], 2, 2)
    assert len(set(found.cells.all())) == len(found.cells)
    assert dict(found.rows()) == _by_hand(one, other)
    assert [found.cells.at(place) for place in range(len(found.cells))] == list(found.cells.all())


@given(ROWS, ROWS)
def test_amounts_stand_beside_each_other(
    one: list[tuple[str, str, int, int]], other: list[tuple[str, str, int, int]]
) -> None:
    cells, (first, second) = aligned([_once(one), _once(other)], 2)
    assert set(cells.all()) == {*_by_hand(one), *_by_hand(other)}
    for cell, *amounts in zip(cells.all(), first.tolist(), second.tolist(), strict=True):
        assert amounts == [_by_hand(one).get(cell, [0, 0]), _by_hand(other).get(cell, [0, 0])]


@given(ROWS)
def test_ranks_are_in_the_order_of_the_words(rows: list[tuple[str, str, int, int]]) -> None:
    cells = _once(rows).cells
    order = np.lexsort(tuple(reversed(cells.ranks()))).tolist()
    assert [cells.at(place) for place in order] == sorted(cells.all())


def test_more_combinations_than_a_number_can_tell() -> None:
    """Twelve things with forty words each: more than 64 bits hold."""
    rows = [(*(str((at * place) % 41) for place in range(1, 13)), 1) for at in range(82)]
    found = together([read_sums(rows, 12, 1)], 12, 1)
    assert {cell: amount for cell, (amount,) in found.rows()} == Counter(row[:12] for row in rows)


@given(ROWS)
def test_a_ledger_by_one_thing_has_its_sums(rows: list[tuple[str, str, int, int]]) -> None:
    """Shares and wholes are added exactly."""
    read = read_sums(rows, 2, 2)
    made = ledger_of([Part(read, ("calls", "talk_seconds"), SCALE), Part(read, ("visits", "forms"))], 2, SCALE)
    by_first = made.only_by(0).by_cell()
    for word in {row[0] for row in rows}:
        mine = [row for row in rows if row[0] == word]
        figures = by_first[word,]
        assert figures.calls == Fraction(sum(row[2] for row in mine), SCALE)
        assert (figures.visits, figures.forms) == (sum(row[2] for row in mine), sum(row[3] for row in mine))
    assert made.total().talk_seconds == Fraction(sum(row[3] for row in rows), SCALE)
    now, then = beside(made, ledger_of([], 2, 1))
    assert now.by_cell() == made.by_cell()
    assert then.amounts.shape == (len(now.cells), len(AMOUNTS))
    assert not then.amounts.any()


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**6))
def test_a_ratio_is_rounded_as_fractions_are(amount: int, count: int) -> None:
    assert nearest(amount, count) == round(Fraction(amount, count))
    assert nearest(count * 2 * amount + count, count * 2) == round(Fraction(2 * amount + 1, 2))


def test_lines_are_made_when_they_are_looked_at() -> None:
    made: list[int] = []

    def make(place: int) -> str:
        made.append(place)
        return f"line {place}"

    lines = Lines(make, [3, 1, 2])
    assert (len(lines), lines[0], lines[-1], lines[:2]) == (3, "line 3", "line 2", ["line 3", "line 1"])
    assert made == [3, 2, 3, 1]
    assert list(lines) == ["line 3", "line 1", "line 2"]
    assert not Lines(make, [])
