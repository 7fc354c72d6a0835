"""A session that goes on at another of the company's hosts."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from swapboard.clock import SECOND, Millis
from swapboard.web.handover import LASTS, handed_over, handover_word, without_word, word_in

NOW: Millis = 1_795_000_000_000
SESSION = "5" * 32
BROWSER = "Mozilla/5.0 Firefox/128.0"
WORD = handover_word("key", "c1", BROWSER, SESSION, NOW)


def test_the_word_says_which_session_goes_on() -> None:
    assert handed_over("key", "c1", BROWSER, WORD, NOW) == SESSION
    assert handed_over("key", "c1", BROWSER, WORD, NOW + LASTS - SECOND) == SESSION


@pytest.mark.parametrize(
    ("key", "company_id", "browser", "word", "at"),
    [
        ("key", "c1", BROWSER, WORD, NOW + LASTS),
        ("key", "c2", BROWSER, WORD, NOW),
        ("key", "c1", "Mozilla/5.0 Chrome/150", WORD, NOW),
        ("other", "c1", BROWSER, WORD, NOW),
        ("key", "c1", BROWSER, "x" + WORD, NOW),
        ("key", "c1", BROWSER, WORD[:-1], NOW),
        ("key", "c1", BROWSER, WORD.replace(SESSION, "6" * 32), NOW),
        ("key", "c1", BROWSER, WORD.replace(".1", ".2", 1), NOW),
    ],
)
def test_not_when_it_is_old_changed_or_anothers(
    key: str, company_id: str, browser: str, word: str, at: Millis
) -> None:
    assert handed_over(key, company_id, browser, word, at) is None


@given(st.one_of(st.text(), st.builds("{}.{}.{}".format, st.text(), st.text(), st.text())))
@example("s.1.é")
def test_whatever_comes_is_no_word(text: str) -> None:
    assert handed_over("key", "c1", BROWSER, text, NOW) is None


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
