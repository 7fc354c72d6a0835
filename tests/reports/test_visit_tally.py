"""Visits that are laid out in columns, counted as one would by hand."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import DAY
from swapboard.reports.dimension import OF_VISITS
from swapboard.reports.filter import Term
from swapboard.reports.sums import Cell
from swapboard.reports.visit_day import (
    BEGAN,
    COLUMNS,
    VISITOR,
    WORDED,
    Column,
    Row,
    are_alike,
    empty_day,
    grown,
    read_codes,
    visitor_code,
)
from swapboard.reports.visit_tally import Piece, different, how_many_more, tally, visitors_in

WORDS = st.sampled_from(["", "google", "Google", "ä", "a b"])
ROWS = st.lists(
    st.tuples(st.integers(0, DAY - 1), st.sampled_from(["v1", "v2", "v3"]), *(WORDS for _ in WORDED)),
    max_size=12,
)
ASKED = st.lists(st.sampled_from(WORDED), min_size=1, max_size=3, unique=True)
TERMS = st.lists(
    st.builds(Term, st.sampled_from(sorted(OF_VISITS)), WORDS, st.booleans(), st.booleans()),
    min_size=1,
    max_size=2,
)


def _value(row: Row, name: str) -> str:
    value: str = row[2 + WORDED.index(name)]
    return value


def _meets(row: Row, terms: list[Term]) -> bool:
    return all(term.met_by(_value(row, term.dimension)) for term in terms)


def counted(pieces: Sequence[Piece], by: Sequence[str], terms: Sequence[Term]) -> Mapping[Cell, int]:
    return {cell: visits for cell, (visits,) in tally(pieces, by, terms).rows()}


@given(st.lists(ROWS, max_size=3), ASKED, TERMS)
def test_each_combination_has_as_many_visits_as_have_it(
    days: list[list[Row]], by: list[str], terms: list[Term]
) -> None:
    pieces = [grown(empty_day(0), rows, DAY).columns for rows in days]
    rows = [row for day in days for row in day]
    met = [row for row in rows if _meets(row, terms)]
    assert counted(pieces, by, []) == Counter(tuple(_value(row, name) for name in by) for row in rows)
    assert counted(pieces, by, terms) == Counter(tuple(_value(row, name) for name in by) for row in met)
    assert counted(pieces, [], terms) == {(): len(met)}
    visitors = visitors_in(pieces, terms)
    assert set(visitors.tolist()) == {visitor_code(row[1]) for row in met}
    assert len(different(visitors)) == len({row[1] for row in met})
    known = visitors_in(pieces[:1], ())
    assert how_many_more(different(known), visitors) == len({*visitors.tolist()} - {*known.tolist()})


@given(ROWS, ROWS)
def test_a_day_that_grew_is_the_day_that_was_made_at_once(first: list[Row], second: list[Row]) -> None:
    at_once = grown(empty_day(0), first + second, DAY)
    later = grown(grown(empty_day(0), first, DAY // 2), second, DAY)
    assert are_alike(at_once, later)
    assert later.columns[BEGAN].codes.tolist() == [row[0] for row in first + second]
    assert later.columns[VISITOR].codes.tolist() == [visitor_code(row[1]) for row in first + second]
    one, other = grown(empty_day(0), first, DAY), grown(empty_day(0), second, DAY)
    assert are_alike(one, other) is (first == second)


@given(ROWS)
def test_what_is_written_of_a_column_is_read_again(rows: list[Row]) -> None:
    day = grown(empty_day(0), rows, DAY)
    for name in COLUMNS:
        words, codes = day.columns[name]
        assert read_codes(name, len(words), codes.tobytes()).tolist() == codes.tolist()


def test_a_day_of_many_words_keeps_them_apart() -> None:
    rows = [(0, "v", *(f"{name} {number}" for name in WORDED)) for number in range(70_000)]
    few, many = grown(empty_day(0), rows[:200], 1), grown(empty_day(0), rows[:300], 1)
    assert [day.columns[WORDED[0]].codes.itemsize for day in (few, many)] == [1, 2]
    day = grown(many, rows[300:], DAY)
    assert day.columns[WORDED[0]].codes.itemsize == 4
    found = counted([day.columns], WORDED[:2], [])
    assert len(found) == 70_000
    assert set(found.values()) == {1}


def test_a_column_is_cut() -> None:
    column = Column(["a", "b"], np.array([0, 1, 1], "<u1"))
    assert column.cut(1, 3).codes.tolist() == [1, 1]


def test_more_combinations_than_a_number_can_tell() -> None:
    """Eleven things with two hundred words each: more than 64 bits hold."""
    rows = [(at, "v1", *(f"{(at * place) % 200}" for place in range(1, 1 + len(WORDED)))) for at in range(400)]
    pieces = [grown(empty_day(0), rows, DAY).columns]
    assert counted(pieces, WORDED, []) == Counter(row[2:] for row in rows)
