"""Whoever joins when, and misses whatever, ends with what there is; and the same message is made once."""

import re
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from swapboard.web.dashboard.live_board import LiveBoard

NAMES = st.sampled_from(["calls", "visitors", "today"])
UPDATES = st.lists(st.tuples(st.dictionaries(NAMES, st.integers(0, 2), min_size=1), st.booleans()), min_size=1)


def put(shown: dict[str, str], message: bytes) -> None:
    shown |= dict(re.findall(r'#live-(\w+)"[^>]*>(.*?)</hx-partial>', message.decode()))


@given(UPDATES)
def test_a_viewer_who_misses_some_editions_sees_the_same_in_the_end(
    updates: list[tuple[Mapping[str, int], bool]],
) -> None:
    board, now = LiveBoard(), dict[str, str]()
    shown, seen = dict[str, str](), 0
    for parts, looks in updates:
        now |= {name: str(value) for name, value in parts.items()}
        board.update(now)
        if looks:
            put(shown, board.since(seen))
            seen = board.edition
            assert shown == now
    put(shown, board.since(seen))
    assert shown == now


def test_nothing_new_is_no_edition_and_one_message_serves_all() -> None:
    board = LiveBoard()
    board.update({"calls": "a", "today": "b"})
    first = board.edition
    board.update({"calls": "a", "today": "b"})
    assert board.edition == first
    assert board.since(first) == b""
    board.update({"calls": "c", "today": "b"})
    assert b"today" not in board.since(first)
    assert board.since(first) is board.since(first)
