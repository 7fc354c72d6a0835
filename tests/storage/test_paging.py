"""Cursors come back as what they were made from, and nothing else is one."""

from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.storage.paging import LARGEST, BadCursor, Key, page_of, read_cursor, write_cursor

ROW_IDS = st.text(ascii_letters + digits, min_size=1, max_size=64)


@given(st.integers(0, LARGEST), ROW_IDS)
def test_a_cursor_comes_back(at: int, row_id: str) -> None:
    assert read_cursor(write_cursor(Key(at, row_id))) == Key(at, row_id)


@given(st.one_of(st.text(), st.text(ascii_letters + digits + "-_")))
def test_anything_else_is_refused_or_a_key(text: str) -> None:
    try:
        key = read_cursor(text)
    except BadCursor:
        return
    assert 0 <= key.at <= LARGEST
    assert key.row_id.isalnum()


@pytest.mark.parametrize(
    "key",
    [
        Key(-1, "a"),
        Key(LARGEST + 1, "a"),
        Key(1, ""),
        Key(1, "a" * 65),
        Key(1, "a-b"),
        Key(1, "é"),
        Key(True, "a"),
    ],
)
def test_keys_that_no_row_has_are_refused(key: Key) -> None:
    with pytest.raises(BadCursor):
        read_cursor(write_cursor(key))


@given(st.lists(st.integers(0, 99), max_size=20), st.integers(1, 25))
def test_a_page_goes_on_only_when_there_is_more(rows: list[int], limit: int) -> None:
    page = page_of(rows, limit, lambda row: Key(row, "x"))
    assert list(page.rows) == rows[:limit]
    assert (page.next_cursor is not None) == (len(rows) > limit)
    if page.next_cursor:
        assert read_cursor(page.next_cursor).at == page.rows[-1]
