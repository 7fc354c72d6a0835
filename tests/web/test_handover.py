"""A session that goes on at another of the company's hosts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import MINUTE, Millis
from swapboard.web.handover import HandedOver, handed_over, handover_word, without_word, word_in

NOW: Millis = 1_795_000_000_000
SOMEBODY = HandedOver("v" * 32, "5" * 32)
WORD = handover_word("key", "c1", SOMEBODY, NOW + MINUTE)


def test_the_word_says_whose_visit_it_is() -> None:
    assert handed_over("key", "c1", WORD, NOW) == SOMEBODY


@pytest.mark.parametrize(
    ("key", "company_id", "word", "at"),
    [
        ("key", "c1", WORD, NOW + MINUTE),
        ("key", "c2", WORD, NOW),
        ("other", "c1", WORD, NOW),
        ("key", "c1", "x" + WORD, NOW),
        ("key", "c1", WORD[:-1], NOW),
    ],
)
def test_not_when_it_is_old_another_companys_or_changed(key: str, company_id: str, word: str, at: Millis) -> None:
    assert handed_over(key, company_id, word, at) is None


@given(st.text())
def test_whatever_comes_is_no_word(text: str) -> None:
    assert handed_over("key", "c1", text, NOW) is None


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        (f"https://www.example.com/x#_swb={WORD}", "https://www.example.com/x"),
        (f"https://www.example.com/x?a=1&_swb={WORD}#z", "https://www.example.com/x?a=1&#z"),
        (f"https://www.example.com/x?_swb={WORD}&a=1", "https://www.example.com/x?a=1"),
        ("https://www.example.com/x?a=1", "https://www.example.com/x?a=1"),
    ],
)
def test_the_word_is_read_from_an_address_and_not_kept(url: str, clean: str) -> None:
    assert word_in(url) == (WORD if "_swb" in url else None)
    assert without_word(url) == clean
